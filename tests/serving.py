"""The real command in a process of its own, for tests."""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from config.known_settings import variables

ROOT = Path(__file__).resolve().parent.parent
# For a machine that does much else at the same time; a start takes two to five seconds.
PATIENCE = 90
TASK_WORKER = "milepost-tasks"
# What the tests around these are run with must not reach the processes.
FOREIGN = {"DJANGO_SETTINGS_MODULE", *variables()}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def start(data_dir, *arguments, output=subprocess.PIPE, **environment):
    """A process of `manage.py` with these arguments, in a group of its own as under a terminal."""
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    # Tests that run in the background ignore Ctrl-C, and a site would go on doing so.
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    hearing = ["env", "--default-signal=INT"] if deaf else []
    return subprocess.Popen(
        [*hearing, sys.executable, str(ROOT / "manage.py"), *arguments],
        # A line for each request is what few tests look for.
        env={**inherited, "DATA_DIR": str(data_dir), "LOG_LEVEL": "warning", **environment},
        # Somewhere else: a site may be started from any folder.
        cwd=data_dir.parent,
        stdout=output,
        stderr=output,
        text=True,
        start_new_session=True,
    )


def run(data_dir, *arguments, **environment):
    """What such a process prints and ends with: (status, output, errors)."""
    process = start(data_dir, *arguments, **environment)
    output, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, output, errors


class Site:
    """A running `manage.py serve`."""

    def __init__(self, data_dir, *arguments, **environment):
        self.data_dir = data_dir
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = start(data_dir, "serve", "--port", str(self.port), *arguments, **environment)
        self.lines = []
        self._queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, words):
        """Read lines until one begins with these words."""
        while not self.lines or not self.lines[-1].startswith(words):
            line = self._queue.get(timeout=PATIENCE)
            assert line is not None, self.process.stderr.read()
            self.lines.append(line)
        return self

    def ready(self):
        return self.wait_for("Milepost is ready")

    def children(self):
        """What `ps` calls each process under this one, by its number."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,comm=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return {int(pid): name for pid, name in map(str.split, listed.stdout.splitlines())}

    def workers(self):
        """The processes that answer requests."""
        return [pid for pid, name in self.children().items() if name != TASK_WORKER]

    def task_workers(self):
        return [pid for pid, name in self.children().items() if name == TASK_WORKER]

    def stop(self, number=signal.SIGTERM, *, group=False):
        """Send the signal; the status and everything printed since the last line."""
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE)
        rest = list(iter(lambda: self._queue.get(timeout=PATIENCE), None))
        return status, rest, self.process.stderr.read()

    def link(self):
        """The sign-in link it printed, without the address of the site; '' for none."""
        found = [line.strip() for line in self.lines if "/accounts/sign-in/" in line]
        return found[0].removeprefix(self.address) if found else ""


def eventually(look):
    """The first answer of `look` that is one: neither false nor an error of the network."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if answer := look():
                return answer
        time.sleep(0.1)
    return None


@contextlib.contextmanager
def sites():
    """A function that starts sites; those that a failing test left running are killed."""
    started = []

    def starting(*arguments, **environment):
        started.append(Site(*arguments, **environment))
        return started[-1]

    yield starting
    for site in started:
        if site.process.poll() is None:
            site.process.kill()
        site.process.wait()
        site.process.stdout.close()
        site.process.stderr.close()
