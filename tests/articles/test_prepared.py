"""A prepared query gives what the queryset gives that it is made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles import related, shown_article
from articles.discussion import thread
from articles.discussion.models import Comment
from articles.models import Article, SiteSettings
from articles.page_names import _names, read_names
from articles.prepared import Prepared
from tests.articles.bridges import make_article
from timeline.models import Track

pytestmark = pytest.mark.django_db


def ordered(rows: Any) -> list[tuple[Any, ...]]:
    """Rows of a union, which have no order, to compare."""
    return sorted(rows, key=repr)


@pytest.fixture
def articles() -> list[Article]:
    """Two live articles that link to each other's terms."""
    first = make_article()
    other = make_article(
        title="Arch", slug="arch", short_answer="[[Stone bridges]] and [[thrust]].", tags=("Vault",)
    )
    return [first, other]


def test_the_names_of_articles_are_those_of_their_querysets(articles: list[Article]) -> None:
    tracks = list(Track.objects.values_list("pk", flat=True))
    assert tracks
    for links in (["thrust", "stone bridges", "nothing"], ["arch"], []):
        for article in articles:
            asked = {"article": article.pk, "links": links, "tracks": tracks}
            assert ordered(_names.rows(**asked)) == ordered(_names.build(**asked))


def test_a_link_leads_to_the_live_article_of_a_name_and_not_to_a_draft(
    articles: list[Article],
) -> None:
    _first, other = articles
    assert read_names(other).targets["stone bridges"] == "/articles/stone-bridges/"
    Article.objects.filter(slug="stone-bridges").update(status=Article.Status.DRAFT)

    assert "stone bridges" not in read_names(other).targets


def test_comments_are_those_of_their_queryset(articles: list[Article]) -> None:
    for number, article in enumerate(articles * 3):
        Comment.objects.create(
            article=article, name=f"Reader {number}", body="A", status=Comment.Status.APPROVED
        )
    for article in articles:
        found = list(thread._first_rows.rows(article=article.pk))
        assert found == list(thread._query(article.pk))
        assert len(found) == 3


def test_texts_that_look_like_sql_are_values(articles: list[Article]) -> None:
    by_slug = Prepared(lambda slugs: Article.objects.filter(slug__in=slugs).values_list("pk"))
    sly = ["arch", "') OR 1=1 --"]

    assert list(by_slug.rows(slugs=sly)) == [(articles[1].pk,)]
    assert list(by_slug.rows(slugs=["stone-bridges", "arch"])) != []
    assert list(by_slug.rows(slugs=[])) == []


def test_a_query_is_asked_anew_each_time(articles: list[Article]) -> None:
    titles = Prepared(lambda key: Article.objects.filter(pk=key).values_list("title"))
    (first, _other) = articles
    assert list(titles.rows(key=first.pk)) == [("Stone bridges",)]
    Article.objects.filter(pk=first.pk).update(title="Bridges")

    assert list(titles.rows(key=first.pk)) == [("Bridges",)]


def test_the_article_of_a_page_is_that_of_its_queryset(articles: list[Article]) -> None:
    draft = make_article(title="Draft", slug="draft", status=Article.Status.DRAFT)
    for article in articles:
        found = shown_article.shown_live(article.slug)
        other = shown_article.shown(Article.objects.live(), article.slug)
        assert found == other == article
        assert loaded(found) == loaded(other)
        for relation in ("category", "author", "rendered"):
            assert loaded(getattr(found, relation)) == loaded(getattr(other, relation))
    assert shown_article.shown_live(draft.slug) is None
    assert shown_article.shown_live("nothing") is None


def loaded(row: Any) -> dict[str, Any]:
    """The columns of an object that were read."""
    return {name: value for name, value in vars(row).items() if name != "_state"} if row else {}


def test_related_articles_are_those_of_their_queryset(articles: list[Article]) -> None:
    now = timezone.now()
    first, _other = articles
    found = list(related._rows.rows(article=first.pk, now=now))
    assert found == list(related._query(first.pk, now)) != []
    assert not list(related._rows.rows(article=first.pk, now=now - timedelta(days=36500)))


def test_the_settings_are_those_of_the_row() -> None:
    SiteSettings.objects.all().delete()
    assert SiteSettings.current().name == "Milepost"
    SiteSettings.objects.create(pk=1, name="Arches", footer_pages=[["About", "about"]])
    row = SiteSettings.objects.get()
    assert loaded(SiteSettings.current()) == loaded(row)
    assert row.footer_pages == [["About", "about"]]
