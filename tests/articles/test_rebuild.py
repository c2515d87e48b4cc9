"""`manage.py rebuild`: everything derived comes back from the parts alone."""

import psycopg
import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import renewal
from articles.management import first_start
from articles.models import (
    Article,
    Citation,
    Page,
    Reference,
    RenderedArticle,
    Revision,
    TermUse,
)
from articles.rendering import RENDERER
from tests.factories import ArticleFactory, make_first_pages
from tests.mailing import run_what_waits
from timeline.models import Milestone


def derived():
    """All that follows from the parts, without the keys of rows."""
    return {
        "pages": list(RenderedArticle.objects.order_by("pk").values()),
        "milestones": list(Milestone.objects.order_by("pk").values("anchor", "html", "sourced")),
        "citations": list(
            Citation.objects.order_by("article", "part_anchor", "key", "place").values(
                "article", "part_anchor", "key", "place", "source"
            )
        ),
        "terms": list(
            TermUse.objects.order_by("article", "part_anchor", "name").values(
                "article", "part_anchor", "name", "folded"
            )
        ),
    }


def spoil():
    """Lose or falsify everything derived."""
    RenderedArticle.objects.all().delete()
    Citation.objects.all().delete()
    TermUse.objects.all().delete()
    Milestone.objects.update(html="<p>wrong</p>", sourced=False)


def test_everything_derived_comes_back(db, capsys):
    for _ in range(3):
        ArticleFactory()
    before = derived()
    assert all(before.values())
    spoil()
    call_command("rebuild")
    assert derived() == before
    assert capsys.readouterr().out == "3 of 3 articles rebuilt\n"


def test_nothing_else_changes(db):
    ArticleFactory()
    articles = list(Article.objects.values())
    call_command("rebuild")
    assert list(Article.objects.values()) == articles
    assert Revision.objects.count() == 1


def test_only_what_is_stale_is_rebuilt_when_asked(db, capsys):
    current, older, lost, behind = (ArticleFactory() for _ in range(4))
    RenderedArticle.objects.filter(article=older).update(renderer=0)
    RenderedArticle.objects.filter(article=lost).delete()
    RenderedArticle.objects.filter(article=behind).update(revision_number=0)
    RenderedArticle.objects.filter(article=current).update(summary="left alone")
    call_command("rebuild", stale_only=True)
    assert capsys.readouterr().out == "3 of 4 articles rebuilt\n"
    call_command("rebuild", stale_only=True)
    assert capsys.readouterr().out == "0 of 4 articles rebuilt\n"
    assert current.rendered.summary == "left alone"


def test_an_article_that_cannot_be_rendered_stops_no_other(db, capsys):
    articles = [ArticleFactory() for _ in range(3)]
    bad = articles[1]
    before = derived()["pages"]
    spoil()
    # Damage that only somebody with a database shell can do.
    Reference.objects.filter(article=bad).update(authors=[1])
    with pytest.raises(CommandError, match="1 could not be rebuilt"):
        call_command("rebuild")
    output = capsys.readouterr()
    assert output.out == "2 of 3 articles rebuilt\n"
    assert f"{bad.pk} “{bad.title}”" in output.err
    assert [page for page in before if page["article_id"] != bad.pk] == derived()["pages"]


# After an upgrade ---------------------------------------------------------------------------------


@pytest.fixture
def upgraded(db, settings, tmp_path, monkeypatch):
    """Three articles that an older version rendered, and what is derived from them now."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(renewal, "CHUNK", 2)
    make_first_pages()
    articles = [ArticleFactory(live=True) for _ in range(3)]
    run_what_waits()
    before = derived()
    RenderedArticle.objects.update(renderer=RENDERER - 1, page={}, summary="", card="")
    RenderedArticle.objects.filter(article=articles[0]).delete()
    return articles, before


def test_a_start_has_older_pages_renewed_a_few_at_a_time_with_their_cards(upgraded):
    _articles, before = upgraded
    Page.objects.filter(slug="about").update(html="<p>wrong</p>")

    assert first_start.renew_later() == 3
    run_what_waits()

    assert derived() == before
    assert all(row["card"] for row in before["pages"])
    assert Page.objects.get(slug="about").html.startswith("<p>This site")
    assert first_start.renew_later() == 0
    paths = DBTaskResult.objects.filter(task_path=renewal.renew_outdated.module_path)
    assert paths.count() == 3, "two articles, one article, and a look that finds no more"


def test_an_article_that_cannot_be_renewed_is_logged_and_stops_no_other(upgraded, caplog):
    articles, _before = upgraded
    bad = articles[1]
    Reference.objects.filter(article=bad).update(authors=[1])

    first_start.renew_later()
    run_what_waits()

    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        f"Article {bad.pk} ({bad.slug}) could not be rendered"
    ]
    assert [article.pk for article in renewal.outdated()] == [bad.pk]


def test_a_page_of_an_older_version_is_shown_until_it_is_renewed(client, db):
    article = ArticleFactory(live=True)
    page = dict(article.rendered.page)
    for name in ("graph", "terms"):
        del page[name]
    page["references"] = [
        {name: value for name, value in ref.items() if name != "source"}
        for ref in page["references"]
    ]
    RenderedArticle.objects.update(renderer=4, page=page)
    own = article.get_absolute_url()
    for address in ("/", own, f"{own}?view=facts", f"{own}timeline/", f"{own}cite/", "/articles/"):
        response = client.get(address)
        assert response.status_code == 200, address
        assert article.title in response.content.decode()


def test_an_article_that_lost_its_page_breaks_no_list(client, db):
    ArticleFactory(live=True)
    article = ArticleFactory(live=True)
    RenderedArticle.objects.filter(article=article).delete()
    addresses = ["/", "/articles/", article.category.get_absolute_url(), "/feeds/articles.atom"]
    addresses += [tag.get_absolute_url() for tag in article.tags.all()]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert article.title in response.content.decode()
    assert client.get(article.get_absolute_url()).status_code == 404


def test_renewing_stops_while_the_database_is_away_and_goes_on_where_it_was(
    upgraded, caplog, monkeypatch
):
    articles, before = upgraded
    tried = []

    def renew(article):
        tried.append(article.pk)
        error = OperationalError("the connection is lost")
        raise error from psycopg.OperationalError("the connection is lost")

    with monkeypatch.context() as away:
        away.setattr(renewal, "renew", renew)
        first_start.renew_later()
        run_what_waits()
    assert tried == [articles[0].pk]
    assert [record.levelname for record in caplog.records] == ["WARNING"]

    with time_machine.travel(timezone.now() + renewal.PAUSE):
        run_what_waits()
    assert derived() == before
