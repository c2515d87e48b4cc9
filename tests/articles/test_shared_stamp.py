"""Hosts that share a server of CACHE_URL see each other's writes, and keep nothing old without."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from articles import shared_stamp
from articles.shared_stamp import SharedStamp
from articles.stamp import FileStamp, SiteStamp
from tests.serving import eventually
from tests.valkey import Server, settings_of


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def hosts(server: Server, tmp_path: Path) -> Any:
    """Makes a host: its own folder, the same server."""
    made: list[Any] = []

    def make() -> SiteStamp:
        made.append(
            SiteStamp(FileStamp(tmp_path / f"stamp-{len(made)}"), SharedStamp(settings_of(server)))
        )
        return made[-1]

    yield make
    for host in made:
        host.shared._server.connection_pool.disconnect()


@pytest.fixture
def at_once(monkeypatch: Any) -> None:
    """Every look asks the server."""
    monkeypatch.setattr(shared_stamp, "SECONDS_BETWEEN_LOOKS", 0.0)


@pytest.mark.usefixtures("at_once")
class TestHosts:
    def test_a_write_on_one_host_is_seen_on_the_other(self, hosts: Any) -> None:
        one, other = hosts(), hosts()
        before = other.before_making()
        assert before is not None
        assert other.current() == before
        with one.changing():
            assert other.current() != before
            # What is made from the old rows now is not kept.
            assert other.before_making() is None
            between = other.current()
        assert other.current() not in {before, between}
        assert other.before_making() == other.current()

    def test_a_writer_that_is_gone_holds_nobody_up_for_long(
        self, hosts: Any, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(shared_stamp, "SECONDS_TO_COMMIT", 1)
        one, other = hosts(), hosts()
        before = other.current()
        one.shared.begin()
        assert other.before_making() is None
        assert eventually(other.before_making) not in {None, before}

    def test_a_server_that_lost_everything_gives_another_stamp(
        self, hosts: Any, server: Server
    ) -> None:
        host, other = hosts(), hosts()
        before = host.before_making()
        server.client.flushall()
        assert host.current() != before
        assert host.current()[2] == other.current()[2]

    def test_while_the_server_is_gone_nothing_is_kept_for_long(
        self, hosts: Any, server: Server, caplog: Any
    ) -> None:
        host = hosts()
        before = host.before_making()
        server.stop()
        first = host.current()
        assert first != before
        # A stamp lasts as long as a look.
        assert host.current() != first
        assert caplog.text.count("cannot be reached") == 1
        server.start()
        # Another host may have written meanwhile: what was kept before counts no more.
        assert host.current() != before
        assert host.before_making() == host.current()
        assert "is back" in caplog.text

    def test_what_was_kept_before_the_server_was_away_counts_no_more(
        self, hosts: Any, server: Server
    ) -> None:
        """Its stamp may be the same: another host that could not reach it may have written."""
        host = hosts()
        before = host.before_making()
        server.hold_up()
        host.current()
        server.go_on()
        assert host.current() not in {before, None}
        assert host.before_making() == host.current()

    def test_a_write_while_the_server_is_gone_is_told_when_it_is_back(
        self, hosts: Any, server: Server
    ) -> None:
        one, other = hosts(), hosts()
        before = other.before_making()
        server.hold_up()
        with one.changing():
            pass
        server.go_on()
        assert other.current() == before
        one.current()
        assert other.current() != before

    def test_a_server_that_hangs_holds_nobody_up(
        self, hosts: Any, server: Server, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(shared_stamp, "SECONDS_BETWEEN_LOOKS", 60.0)
        host = hosts()
        host.shared._due = 0.0
        server.hold_up()
        began = time.monotonic()
        stamps = {host.current() for _ in range(100)}
        with host.changing():
            pass
        # Once for the look and once for the write.
        assert time.monotonic() - began < 3
        assert len(stamps) == 1
        server.go_on()


class TestOneHost:
    def test_it_asks_once_a_second_and_at_once_after_its_own_writes(
        self, hosts: Any, server: Server
    ) -> None:
        writer, reader = hosts(), hosts()
        reader.file = FileStamp(writer.file.path)
        reader.current()
        asked = server.client.info("commandstats")["cmdstat_eval"]["calls"]
        for _ in range(100):
            reader.current()
        assert server.client.info("commandstats")["cmdstat_eval"]["calls"] == asked
        shared = reader.current()[2]
        with writer.changing():
            pass
        # Another process of the same host wrote: its file says so, and the server is asked now.
        assert reader.current()[2] != shared
