"""`unload_samples` leaves a site as if it never had samples, and takes nobody's work."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.apps import apps
from django.core.management import call_command

from articles import store
from articles.discussion.models import Comment
from articles.management.samples import load_samples
from articles.models import Article, Revision, Tag, Term, User
from articles.publishing import rename, start_working_copy
from tests.articles.bridges import make_article, make_document
from timeline.models import Track

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    models = [
        model
        for label in ("articles", "timeline", "discussion")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return {model._meta.label: model._default_manager.count() for model in models}


def test_every_trace_is_removed(capsys):
    before = rows()
    assert load_samples() == 3
    assert Comment.objects.approved().count() >= 9
    assert rows() != before

    call_command("unload_samples")

    assert rows() == before
    assert capsys.readouterr().out == "Sample articles removed: 3\n"


def test_what_other_articles_use_stays():
    make_article(title="Mine", tags=("Machine learning",), short_answer="A [[Perceptron]] learns.")
    before = rows()
    load_samples()
    assert Track.objects.filter(name="Research").exists()

    call_command("unload_samples")

    assert Article.objects.get().title == "Mine"
    assert Tag.objects.filter(name="Machine learning").exists()
    # The sample defined the term that the other article links to.
    assert Term.objects.filter(name="Perceptron").exists()
    assert rows() | {"articles.Term": 0, "articles.TermName": 0} == before | {
        "articles.Term": 0,
        "articles.TermName": 0,
    }


def test_a_sample_under_another_address_is_known_again():
    load_samples()
    rename(article=Article.objects.get(slug="deep-learning"), slug="networks")

    call_command("unload_samples")

    assert Article.objects.count() == 0


def test_a_sample_that_was_edited_stays_unless_told_otherwise(capsys):
    load_samples()
    article = Article.objects.get(slug="deep-learning")
    article.title = "Deep learning, by us"
    article.save()
    store.record(article, kind=Revision.Kind.EDIT)

    call_command("unload_samples")
    assert [str(kept) for kept in Article.objects.all()] == ["Deep learning, by us"]
    assert "Kept, because people worked on it here: Deep learning, by us" in capsys.readouterr().out

    call_command("unload_samples", "--with-edited")
    assert Article.objects.count() == 0
    assert Comment.objects.count() == 0


def test_a_sample_with_an_edited_working_copy_stays_unless_told_otherwise(capsys):
    before = rows()
    load_samples()
    for slug in ("deep-learning", Article.objects.exclude(slug="deep-learning").first().slug):
        copy = start_working_copy(article=Article.objects.get(slug=slug), author=None)
    start = Article.objects.get(slug="deep-learning", copy_of=None)
    copy = Article.objects.get(copy_of=start)
    document = replace(store.load(copy), tags=("A tag of the copy",))
    store.save(document, article=copy)

    call_command("unload_samples")
    # A working copy that nobody wrote in keeps nothing.
    assert set(Article.objects.all()) == {start, copy}
    assert f"Kept, because people worked on it here: {start}" in capsys.readouterr().out

    call_command("unload_samples", "--with-edited")
    assert rows() == before


def test_an_article_of_somebody_that_calls_itself_a_sample_is_none():
    author = User.objects.create_user("ana")
    store.save(make_document(slug="mine"), author=author, kind="edit", summary="Sample article")

    call_command("unload_samples")

    assert Article.objects.get().slug == "mine"


def test_what_somebody_wrote_who_is_forgotten_stays_too():
    load_samples()
    sample = Article.objects.get(slug="deep-learning")
    Comment.objects.create(article=sample, name="", body="A question.")

    call_command("unload_samples")

    assert Article.objects.get() == sample


def test_what_readers_wrote_is_not_deleted_unasked(capsys):
    load_samples()
    sample = Article.objects.get(slug="deep-learning")
    Comment.objects.create(article=sample, name="Ana", body="A question.", person="a" * 32)

    call_command("unload_samples")

    assert Comment.objects.get(name="Ana").article == sample
    assert "Kept, because people worked on it here: Deep learning" in capsys.readouterr().out
    call_command("unload_samples", "--with-edited")
    assert not Comment.objects.exists()
