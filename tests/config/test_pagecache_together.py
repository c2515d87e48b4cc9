"""Many who ask at once, and pages that cannot be made anew."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from articles import stamp
from articles.file_stamp import FileStamp
from articles.public import PUBLIC
from config import keepable, kept_pages, pagecache
from tests.config.processes import Plain, Process


class TestTogether:
    @contextlib.contextmanager
    def askers(self, process: Process, number: int) -> Iterator[list[Any]]:
        answers: list[Any] = []
        threads = [
            threading.Thread(target=lambda: answers.append(process.get("/a/")))
            for _ in range(number)
        ]
        for thread in threads:
            thread.start()
        yield answers
        for thread in threads:
            thread.join(20)

    def test_one_makes_the_page_and_the_others_wait(self, process: Process, plain: Plain) -> None:
        plain.pause = 0.2
        with self.askers(process, 12) as answers:
            pass
        assert len(answers) == 12
        assert {answer.text for answer in answers} == {plain.content.decode()}
        assert len(process.made) == 1

    def test_who_comes_after_a_write_does_not_get_what_was_begun_before(
        self, process: Process, plain: Plain
    ) -> None:
        plain.pause = 0.3
        with self.askers(process, 3) as early:
            while not plain.seen:
                time.sleep(0.01)
            time.sleep(0.05)
            with process.stamp.changing():
                plain.content = b"Something else."
                plain.pause = 0.05
            with self.askers(process, 3) as late:
                pass
        assert {answer.text for answer in late} == {"Something else."}
        assert len(early) == 3
        assert len(process.made) == 2

    def test_a_page_that_may_not_be_kept_is_made_for_each(
        self, process: Process, plain: Plain
    ) -> None:
        plain.pause, plain.headers["Cache-Control"] = 0.05, "private"
        with self.askers(process, 4) as answers:
            pass
        assert len(answers) == len(process.made) == 4

    def test_nobody_waits_for_ever(self, process: Process, plain: Plain, monkeypatch: Any) -> None:
        monkeypatch.setattr(pagecache, "PATIENCE", 0.1)
        plain.pause = 0.5
        began = time.monotonic()
        with self.askers(process, 2):
            pass
        assert len(process.made) == 2
        assert time.monotonic() - began < 2

    def test_who_fails_to_make_a_page_leaves_the_turn_to_another(
        self, process: Process, plain: Plain
    ) -> None:
        plain.headers["Cache-Control"] = "no\nheader"
        with pytest.raises(Exception, match="newline"):
            process.get("/a/")
        plain.headers["Cache-Control"] = PUBLIC
        assert process.get("/a/").status == 200
        assert process.keeps("/a/")

    def test_the_former_page_is_shown_while_only_its_age_is_against_it(
        self, process: Process, plain: Plain
    ) -> None:
        process.get("/a/")
        former, plain.content = plain.content, b"Made anew."
        next(iter(process.cache.kept.pages.values())).until = time.monotonic()
        plain.pause = 0.3
        with self.askers(process, 5) as answers:
            pass
        texts = sorted(answer.text for answer in answers)
        assert texts == sorted(["Made anew.", *[former.decode()] * 4])
        assert len(process.made) == 2

    def test_one_makes_it_after_the_commit_of_somebody_else(
        self, process: Process, monkeypatch: Any
    ) -> None:
        """What is made in its midst is not kept, so that all who wait would make it at once."""
        monkeypatch.setattr(stamp, "PAUSES", (0.01,) * 1000)
        writer = FileStamp(process.stamp.file.path)
        opened = writer.begin()
        with self.askers(process, 6) as answers:
            time.sleep(0.03)
            writer.end(opened)
        assert [answer.status for answer in answers] == [200] * 6
        assert len(process.made) == 1
        assert process.keeps("/a/")

    def test_they_make_it_one_after_the_other_while_a_commit_takes_long(
        self, process: Process, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(stamp, "PAUSES", (0.0,))
        active: list[int] = []
        at_once: set[int] = set()
        site = process.site

        def counting(environ: Any, start_response: Any) -> Any:
            active.append(1)
            at_once.add(len(active))
            time.sleep(0.02)
            active.pop()
            return site(environ, start_response)

        process.site = counting
        with process.stamp.changing(), self.askers(process, 4) as answers:
            pass
        assert len(answers) == len(process.made) == 4
        assert at_once == {1}

    def test_nobody_waits_for_a_page_that_is_known_not_to_be_kept(
        self, process: Process, plain: Plain
    ) -> None:
        plain.headers["Content-Length"] = str(keepable.LARGEST + 1)
        process.get("/a/")
        everybody = threading.Barrier(4, timeout=10)
        site = process.site

        def together(environ: Any, start_response: Any) -> Any:
            everybody.wait()
            return site(environ, start_response)

        process.site = together
        with self.askers(process, 4) as answers:
            pass
        assert [answer.status for answer in answers] == [200] * 4
        process.site = site
        # Until something is written, or some seconds are over.
        del plain.headers["Content-Length"]
        assert not process.keeps("/a/")
        with process.stamp.changing():
            pass
        process.get("/a/")
        assert process.keeps("/a/")

    def test_it_is_not_remembered_for_long(
        self, process: Process, plain: Plain, monkeypatch: Any
    ) -> None:
        plain.status = 404
        process.get("/a/")
        plain.status = 200
        assert not process.keeps("/a/")
        later = time.monotonic() + kept_pages.SECONDS_UNKEPT
        monkeypatch.setattr(time, "monotonic", lambda: later)
        process.get("/a/")
        assert process.keeps("/a/")

    def test_few_addresses_are_remembered(
        self, process: Process, plain: Plain, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(kept_pages, "MOST_UNKEPT", 3)
        plain.status = 404
        for number in range(10):
            process.get(f"/{number}/")
        assert len(process.cache.kept._unkept) <= 3

    @contextlib.contextmanager
    def one_who_makes_it(self, process: Process, answers: list[str]) -> Iterator[None]:
        """Somebody begins to make the page, and comes to its end when the block does."""
        site, begun, end = process.site, threading.Event(), threading.Event()

        def slow(environ: Any, start_response: Any) -> Any:
            process.site = site
            begun.set()
            end.wait(20)
            return site(environ, start_response)

        process.site = slow
        thread = threading.Thread(target=lambda: answers.append(process.get("/a/").text))
        thread.start()
        begun.wait(20)
        yield
        end.set()
        thread.join(20)

    def test_who_waited_too_long_is_shown_what_it_was(
        self, process: Process, plain: Plain, monkeypatch: Any
    ) -> None:
        former = process.get("/a/").text
        page = next(iter(process.cache.kept.pages.values()))
        page.until = time.monotonic() - kept_pages.SECONDS_OF_GRACE
        monkeypatch.setattr(pagecache, "PATIENCE", 0.05)
        plain.content = b"Made anew."
        answers: list[str] = []
        with self.one_who_makes_it(process, answers):
            assert process.get("/a/").text == former
            # And nobody else waits.
            monkeypatch.setattr(pagecache, "PATIENCE", 3600)
            assert process.get("/a/").headers["age"] == "0"
        assert answers == ["Made anew."]
        assert process.get("/a/").text == "Made anew."

    def test_but_not_beyond_a_moment_at_which_it_is_another(
        self, process: Process, plain: Plain, monkeypatch: Any
    ) -> None:
        process.get("/a/")
        page = next(iter(process.cache.kept.pages.values()))
        page.until, page.aged = time.monotonic(), False
        monkeypatch.setattr(pagecache, "PATIENCE", 0.05)
        plain.content = b"Made anew."
        with self.one_who_makes_it(process, []):
            assert process.get("/a/").text == "Made anew."

    def test_what_breaks_off_is_closed(self, process: Process) -> None:
        closed: list[bool] = []

        class Broken:
            def __iter__(self) -> Iterator[bytes]:
                yield b"Some"
                raise OSError("gone")

            def close(self) -> None:
                closed.append(True)

        def breaking(_environ: Any, start_response: Any) -> Broken:
            start_response("200 OK", [("Cache-Control", PUBLIC), ("Content-Length", "9")])
            return Broken()

        process.site = breaking
        with pytest.raises(OSError, match="gone"):
            process.get("/a/")
        assert closed == [True]


class TestWithoutDatabase:
    def expire(self, process: Process) -> None:
        next(iter(process.cache.kept.pages.values())).until = time.monotonic()

    def test_the_page_is_shown_as_it_was_and_says_how_old_it_is(
        self, process: Process, plain: Plain, caplog: Any
    ) -> None:
        process.get("/a/")
        self.expire(process)
        plain.status = 503
        answer = process.get("/a/")
        assert (answer.status, answer.text) == (200, plain.content.decode())
        assert answer.headers["age"] == "0"
        assert "/a/ cannot be made anew" in caplog.text
        # It is not tried for each request.
        assert process.keeps("/a/")
        self.expire(process)
        plain.status = 200
        assert "age" not in process.get("/a/").headers

    def test_all_who_ask_for_it_at_once_are_shown_it(self, process: Process, plain: Plain) -> None:
        process.get("/a/")
        page = next(iter(process.cache.kept.pages.values()))
        page.until = time.monotonic() - kept_pages.SECONDS_OF_GRACE
        plain.status, plain.pause = 503, 0.2
        answers: list[int] = []
        threads = [
            threading.Thread(target=lambda: answers.append(process.get("/a/").status))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert answers == [200] * 4
        # It was made at first, and tried once.
        assert len(process.made) == 2

    def test_not_for_ever(self, process: Process, plain: Plain) -> None:
        process.get("/a/")
        self.expire(process)
        plain.status = 503
        page = next(iter(process.cache.kept.pages.values()))
        page.made -= keepable.SECONDS_TO_KEEP + kept_pages.SECONDS_WITHOUT_DATABASE
        assert process.get("/a/").status == 503

    def test_not_when_something_was_written_since(self, process: Process, plain: Plain) -> None:
        process.get("/a/")
        with process.stamp.changing():
            pass
        plain.status = 503
        assert process.get("/a/").status == 503

    def test_a_mistake_of_the_sites_is_shown_as_one(self, process: Process, plain: Plain) -> None:
        process.get("/a/")
        self.expire(process)
        plain.status = 500
        assert process.get("/a/").status == 500
