"""What is remembered of the whole site is as true as it is."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

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
