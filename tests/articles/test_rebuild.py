"""`manage.py rebuild`: everything derived comes back from the parts alone."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.models import Article, Citation, Reference, RenderedArticle, Revision, TermUse
from tests.factories import ArticleFactory
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
    RenderedArticle.objects.filter(article=older).update(page={"renderer": 0})
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
