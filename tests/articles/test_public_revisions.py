"""Which revisions readers may see: those that were on the site at some time, and no others."""

from __future__ import annotations

import datetime
import importlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.utils import timezone

from articles import publishing, store
from articles.models import Article, Revision
from tests.articles.bridges import make_document

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def write(article: Article, title: str) -> None:
    """One more revision, with this title."""
    article = Article.objects.get(pk=article.pk)
    store.save(replace(store.load(article), title=title), article=article)


def draft(*titles: str) -> Article:
    """A draft that had these titles, one after the other."""
    first, *others = titles
    article = store.save(make_document(title=first)).article
    assert article is not None
    for title in others:
        write(article, title)
    return Article.objects.get(pk=article.pk)


def public() -> list[str]:
    """The titles that readers may see, the oldest first."""
    revisions = Revision.objects.public().order_by("number")
    return [revision.read().title for revision in revisions]


def test_a_draft_has_no_public_revision() -> None:
    draft("one", "two")

    assert public() == []


def test_what_stands_when_an_article_is_published_is_public_and_nothing_older() -> None:
    article = draft("one", "two")
    publishing.publish(article=article)

    assert public() == ["two"]
    write(article, "three")
    assert public() == ["two", "three"]


def test_an_article_that_is_saved_live_is_public_from_then_on() -> None:
    store.save(make_document(title="one"))
    store.save(make_document(title="two"), publish=True)

    assert public() == ["two"]


def test_nothing_is_public_while_the_article_is_withdrawn() -> None:
    article = draft("one")
    publishing.publish(article=article)
    publishing.withdraw(article=article)
    write(article, "two")
    write(article, "three")

    assert public() == []
    publishing.publish(article=article)
    assert public() == ["one", "three"]


def test_edits_before_the_hour_are_never_public() -> None:
    with time_machine.travel("2026-05-01T12:00Z", tick=False) as clock:
        article = draft("one")
        publishing.publish(article=article, at=timezone.now() + HOUR)
        write(article, "two")
        write(article, "three")
        assert public() == []

        clock.shift(2 * HOUR)

        assert public() == ["three"]
        (revision,) = Revision.objects.public()
        assert revision.public_from == timezone.now() - HOUR
        write(article, "four")
        assert public() == ["three", "four"]


def test_an_hour_that_was_put_off_or_taken_back_counts_no_more() -> None:
    with time_machine.travel("2026-05-01T12:00Z", tick=False) as clock:
        article = draft("one")
        publishing.publish(article=article, at=timezone.now() + HOUR)
        publishing.publish(article=article, at=timezone.now() + 5 * HOUR)
        clock.shift(2 * HOUR)
        write(article, "two")
        publishing.withdraw(article=article)
        clock.shift(5 * HOUR)
        write(article, "three")
        publishing.publish(article=article)

        assert public() == ["three"]


def test_an_article_put_off_keeps_what_was_public_before() -> None:
    with time_machine.travel("2026-05-01T12:00Z", tick=False) as clock:
        article = draft("one")
        publishing.publish(article=article)
        clock.shift(HOUR)
        publishing.publish(article=article, at=timezone.now() + HOUR)
        write(article, "two")
        write(article, "three")
        assert public() == []
        clock.shift(HOUR)

        assert public() == ["one", "three"]


def test_a_date_in_the_past_does_not_make_a_revision_older_than_it_is() -> None:
    with time_machine.travel("2026-05-01T12:00Z", tick=False):
        article = draft("one")
        publishing.publish(article=article, at=timezone.now() - 24 * HOUR)

        (revision,) = Revision.objects.public()
        assert revision.public_from == timezone.now()


def test_a_working_copy_is_public_when_it_was_merged_and_what_it_was_before_never() -> None:
    article = draft("one")
    publishing.publish(article=article)
    copy = publishing.start_working_copy(article=article, author=None)
    write(copy, "half")
    write(copy, "two")
    assert public() == ["one"]

    publishing.merge_working_copy(copy=copy, author=None)

    assert public() == ["one", "two"]


def test_the_summary_of_a_draft_is_about_a_draft() -> None:
    article = draft("one")
    publishing.publish(article=article)
    write(article, "two")

    made = [revision.was_made_in_public for revision in Revision.objects.public()]

    assert made == [True, False]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": "published"}, ["two"]),
        ({"status": "draft"}, []),
        ({"status": "withdrawn"}, []),
    ],
)
def test_the_migration_lets_only_what_surely_stood_on_the_site_be_public(
    values: dict[str, Any], expected: list[str]
) -> None:
    article = draft("one", "two")
    Article.objects.filter(pk=article.pk).update(published_at=timezone.now(), **values)
    assert public() == []

    migration = importlib.import_module("articles.migrations.0009_public_revisions")
    migration.settle(apps, SimpleNamespace(connection=connection))

    assert public() == expected
