"""A Valkey or Redis server of the machine's own, for tests; skipped without one, but not in CI."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.conftest import CI
from tests.serving import PATIENCE, free_port


def find_server() -> str | None:
    """The command that starts one."""
    names = ("valkey-server", "redis-server")
    return next((found for name in names if (found := shutil.which(name))), None)


class Server:
    """A server that can be stopped, held up and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"valkey://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = find_server()
        if command is None:
            sentence = "Neither valkey-server nor redis-server is installed."
            if CI:
                pytest.fail(sentence, pytrace=False)
            pytest.skip(sentence)
        self.process = subprocess.Popen(
            [command, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "."],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def hold_up(self) -> None:
        """Let it take connections and answer none."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def stop(self) -> None:
        """Stop it; all that it held is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.client.close()


def settings_of(server: Server) -> dict[str, Any]:
    """Django's settings of the cache that such a server is."""
    from config.cache_setting import read_cache

    return read_cache(server.url, "https://example.org")
