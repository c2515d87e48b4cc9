"""Hosts that share a server of CACHE_URL see each other's writes, and keep nothing old without."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from articles import shared_stamp
from articles.file_stamp import FileStamp
from articles.shared_stamp import SharedStamp
from articles.stamp import SiteStamp
from articles.untold import Untold
from tests.serving import eventually
from tests.valkey import Server, settings_of


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def hosts(server: Server, tmp_path: Path) -> Iterator[Callable[..., SiteStamp]]:
    """Makes a process of a host, which has a folder of its own; all have the same server."""
    made: list[SharedStamp] = []

    def make(name: str | None = None) -> SiteStamp:
        folder = tmp_path / (name or f"host-{len(made)}")
        folder.mkdir(exist_ok=True)
        file = FileStamp(folder / "stamp")
        made.append(SharedStamp(settings_of(server), Untold(folder / "untold"), file.is_quiet))
        return SiteStamp(file, made[-1])

    yield make
    for shared in made:
        for token in shared._untold.all():
            shared._untold.remove([token])
        shared._server.connection_pool.disconnect()


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
        # Whole seconds: more than one of them.
        monkeypatch.setattr(shared_stamp, "SECONDS_TO_COMMIT", 2)
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
        writer, reader = hosts("one"), hosts("one")
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


@pytest.mark.usefixtures("at_once")
class TestUntold:
    """What was written while one host could not reach the server, and the other could."""

    @pytest.fixture(autouse=True)
    def patient(self, monkeypatch: Any) -> None:
        """Nobody tells by himself, unless the test wants it."""
        monkeypatch.setattr(shared_stamp, "FIRST_PAUSE", 3600.0)
        monkeypatch.setattr(shared_stamp, "PATIENCE", 0.25)

    def write_untold(self, host: SiteStamp, server: Server) -> None:
        server.hold_up()
        with host.changing():
            pass
        server.go_on()

    def test_the_writer_tells_when_it_looks(self, hosts: Any, server: Server) -> None:
        one, other = hosts(), hosts()
        before = other.before_making()
        self.write_untold(one, server)
        assert other.current() == before
        one.current()
        told = other.current()
        assert told != before
        # Once.
        one.current()
        assert other.current() == told

    def test_the_writer_tells_by_itself_when_nobody_looks(
        self, hosts: Any, server: Server, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(shared_stamp, "FIRST_PAUSE", 0.02)
        one, other = hosts(), hosts()
        for _ in range(2):
            before = other.before_making()
            self.write_untold(one, server)
            assert eventually(lambda before=before: other.current() != before)
            assert eventually(lambda: one.shared._teller is None)

    def test_another_process_of_the_host_tells_for_one_that_is_gone(
        self, hosts: Any, server: Server
    ) -> None:
        one, beside, other = hosts("one"), hosts("one"), hosts()
        before = other.before_making()
        self.write_untold(one, server)
        del one
        beside.current()
        assert other.current() != before

    def test_also_for_one_that_was_killed_in_its_commit_but_not_before_that_is_over(
        self, hosts: Any, server: Server
    ) -> None:
        one, beside, other = hosts("one"), hosts("one"), hosts()
        before = other.before_making()
        opened = one.file.begin()
        server.hold_up()
        one.shared.begin()
        server.go_on()
        beside.current()
        assert other.current() == before
        # What the end of a process does.
        os.close(opened)
        beside.current()
        assert other.current() != before

    def test_a_process_that_ends_tells(self, hosts: Any, server: Server) -> None:
        one, other = hosts(), hosts()
        before = other.before_making()
        self.write_untold(one, server)
        one.shared.tell_at_last()
        assert other.current() != before

    def test_what_was_begun_and_not_ended_holds_nobody_up_once_it_is_told(
        self, hosts: Any, server: Server
    ) -> None:
        one, other = hosts(), hosts()
        with one.changing():
            # What was sent to a server that is held up would be done later.
            one.shared._server.connection_pool.disconnect()
            server.hold_up()
        server.go_on()
        assert other.before_making() is None
        one.current()
        assert other.before_making() is not None

    def test_it_is_remembered_where_no_file_can_be_made(
        self, hosts: Any, server: Server, caplog: Any
    ) -> None:
        one, other = hosts(), hosts()
        before = other.before_making()
        one.shared._untold.folder.write_text("Not a folder.")
        self.write_untold(one, server)
        assert "untold cannot be written" in caplog.text
        one.current()
        assert other.current() != before

    def test_a_fork_waits_for_no_thread_of_its_parent(self, hosts: Any) -> None:
        one, other = hosts(), hosts()
        before = one.current()
        one.shared._lock.acquire()
        one.shared._telling.acquire()
        one.shared.after_fork()
        with other.changing():
            pass
        assert one.current() != before


def test_what_is_told_twice_does_not_bring_back_a_stamp(hosts: Any, monkeypatch: Any) -> None:
    """Or pages that were kept in between would be right again."""
    monkeypatch.setattr(shared_stamp, "SECONDS_BETWEEN_LOOKS", 0.0)
    host = hosts()
    seen = set()
    for _ in range(2):
        host.shared.end("a" * 16)
        seen.add(host.current())
    assert len(seen) == 2
