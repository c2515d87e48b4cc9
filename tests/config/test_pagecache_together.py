"""Many who ask at once, and pages that cannot be made anew."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from articles.public import PUBLIC
from config import pagecache
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
        next(iter(process.cache.pages.values())).until = time.monotonic()
        plain.pause = 0.3
        with self.askers(process, 5) as answers:
            pass
        texts = sorted(answer.text for answer in answers)
        assert texts == sorted(["Made anew.", *[former.decode()] * 4])
        assert len(process.made) == 2


class TestWithoutDatabase:
    def expire(self, process: Process) -> None:
        next(iter(process.cache.pages.values())).until = time.monotonic()

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
        page = next(iter(process.cache.pages.values()))
        page.until = time.monotonic() - pagecache.SECONDS_OF_GRACE
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
        page = next(iter(process.cache.pages.values()))
        page.made -= pagecache.SECONDS_TO_KEEP + pagecache.SECONDS_WITHOUT_DATABASE
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
