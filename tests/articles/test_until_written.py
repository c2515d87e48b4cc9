"""What is remembered of the whole site is as true as it is."""

from __future__ import annotations

import contextlib
import datetime
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import until_written
from articles.models import Article
from articles.until_written import UntilWritten
from tests.articles.bridges import make_article
from timeline.view import of_site


def total() -> int:
    return of_site(QueryDict()).total


@pytest.mark.django_db(transaction=True)
def test_a_number_of_the_site_is_counted_once_until_somebody_writes() -> None:
    make_article()
    assert total() == 3
    with CaptureQueriesContext(connection) as captured:
        assert total() == 3
    assert not [query for query in captured.captured_queries if "GROUP_CONCAT" in query["sql"]]
    assert not [query for query in captured.captured_queries if "STRING_AGG" in query["sql"]]

    other = make_article(title="Another")
    assert total() == 6
    other.status = Article.Status.WITHDRAWN
    other.save()
    assert total() == 3
    other.delete()
    Article.objects.all().delete()
    assert total() == 0


@pytest.mark.django_db(transaction=True)
def test_a_transaction_sees_what_it_wrote_and_nobody_else_does() -> None:
    make_article()
    assert total() == 3
    with transaction.atomic():
        make_article(title="Another")
        assert total() == 6
        transaction.set_rollback(True)
    assert total() == 3


@pytest.mark.django_db(transaction=True)
def test_an_article_that_comes_to_be_live_by_itself_counts_from_then_on() -> None:
    make_article()
    later = make_article(title="Later")
    later.published_at = timezone.now() + datetime.timedelta(minutes=2)
    later.save()
    assert total() == 3
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=3)):
        assert total() == 6


@pytest.mark.django_db(transaction=True)
def test_nothing_is_remembered_longer_than_what_is_written_past_the_site_may_stay_unseen() -> None:
    remembered: UntilWritten[datetime.datetime] = UntilWritten()
    first = remembered.get(timezone.now)
    assert remembered.get(timezone.now) == first
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        assert remembered.get(timezone.now) > first


class TestTogether:
    pytestmark = pytest.mark.django_db(transaction=True)

    @contextlib.contextmanager
    def one_who_works_it_out(self, remembered: UntilWritten[str], end: threading.Event) -> Any:
        """Somebody has begun to work it out, and goes on when `end` is set, or the block over."""
        begun = threading.Event()

        def slowly() -> str:
            begun.set()
            end.wait(20)
            return "once"

        with ThreadPoolExecutor(8) as threads:
            first = threads.submit(self.ask, remembered, slowly)
            begun.wait(20)
            yield threads
            end.set()
            assert first.result(20) == "once"

    @staticmethod
    def ask(remembered: UntilWritten[str], make: Callable[[], str]) -> str:
        try:
            return remembered.get(make)
        finally:
            connection.close()

    def test_one_works_it_out_and_the_others_wait(self) -> None:
        remembered: UntilWritten[str] = UntilWritten()
        end = threading.Event()
        with self.one_who_works_it_out(remembered, end) as threads:
            others = [threads.submit(self.ask, remembered, lambda: "again") for _ in range(4)]
            assert not wait(others, 0.1).done
            end.set()
            assert {other.result(20) for other in others} == {"once"}

    def test_nobody_waits_for_ever(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(until_written, "PATIENCE", 0.05)
        remembered: UntilWritten[str] = UntilWritten()
        with self.one_who_works_it_out(remembered, threading.Event()):
            assert remembered.get(lambda: "by itself") == "by itself"

    def test_who_fails_leaves_the_turn_to_another(self) -> None:
        remembered: UntilWritten[float] = UntilWritten()
        with pytest.raises(ZeroDivisionError):
            remembered.get(lambda: 1 / 0)
        assert remembered.get(lambda: 1.0) == 1.0
