"""What milestones repeat of their article and tracks stays true, whatever changes these."""

from __future__ import annotations

import datetime
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import store
from articles.models import Article, Category
from tests.articles.bridges import make_article, make_document
from timeline.models import Milestone, Track, read_track_list, write_track_list
from timeline.view import of_site

pytestmark = pytest.mark.django_db


def check() -> None:
    """Every milestone says of its article and tracks what they say."""
    live = Milestone.objects.filter(article__in=Article.objects.live())
    assert set(Milestone.objects.live()) == set(live)
    for milestone in Milestone.objects.select_related("article"):
        assert milestone.live_from == milestone.article.live_from
        assert milestone.category_id == milestone.article.category_id
        tracks = {track.pk for track in milestone.tracks.all()}
        assert read_track_list(milestone.track_list) == tracks


def test_they_follow_status_date_and_category() -> None:
    article = make_article(publish=False)
    make_article(title="Another")
    check()
    for values in (
        {"status": "published", "published_at": timezone.now()},
        {"published_at": timezone.now() + datetime.timedelta(days=1)},
        {"category": Category.objects.named("Elsewhere")},
        {"category": None},
        {"published_at": timezone.now()},
        {"status": "withdrawn"},
    ):
        for name, value in values.items():
            setattr(article, name, value)
        article.save()
        check()


def test_they_follow_a_change_of_many_articles() -> None:
    make_article()
    make_article(title="Another")
    other = Category.objects.named("Elsewhere")
    everything = Article.objects.filter(status="published")

    assert everything.update(category=other) == 2
    check()
    assert everything.update(status="withdrawn") == 2
    check()
    assert not Milestone.objects.live().exists()


def test_they_follow_their_tracks() -> None:
    article = make_article()
    document = store.load(article)
    first, *rest = document.timeline
    changed = replace(first, tracks=("Practice", "New"))
    store.save(make_document(timeline=(changed, *rest)), article=article)
    check()

    milestone = Milestone.objects.get(anchor=first.anchor)
    milestone.tracks.set([Track.objects.get(name="Theory")])
    store.record(article, kind="edit")
    check()


def test_a_track_that_is_gone_is_no_choice() -> None:
    make_article()
    Track.objects.get(name="Theory").delete()

    view = of_site(QueryDict())

    assert [(track.name, track.count) for track in view.counts.tracks] == [("Practice", 2)]
    assert view.counts.total == 3


def test_counting_reads_nothing_but_milestones_and_names() -> None:
    make_article()
    with CaptureQueriesContext(connection) as captured:
        of_site(QueryDict())

    counting = captured.captured_queries[0]["sql"]
    assert "articles_article" not in counting
    assert "timeline_milestone_tracks" not in counting


def test_the_migration_fills_what_was_there_before() -> None:
    make_article()
    make_article(title="Hidden", publish=False)
    Milestone.objects.update(live_from=None, category=None, track_list="")

    migration = import_module("timeline.migrations.0003_milestone_counted_alone")
    with connection.cursor() as cursor:
        migration.fill(apps, SimpleNamespace(connection=connection, execute=cursor.execute))
        # As the migration goes on: PostgreSQL makes none while keys wait to be checked.
        cursor.execute("CREATE INDEX filled ON timeline_milestone (track_list)")

    check()


def test_a_list_of_tracks_is_read_as_it_was_written() -> None:
    assert write_track_list([17, 3]) == " 3 17 "
    assert write_track_list([]) == ""
    assert read_track_list(" 3 17 ") == {3, 17}
