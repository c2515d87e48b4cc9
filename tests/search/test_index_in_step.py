"""The index says what articles and terms say, from the moment they say it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from articles import publishing, store
from articles.document import Document
from articles.models import Article, Category, Term
from articles.search import tables
from articles.search.apps import fill_after_migrating
from articles.search.entries import INDEX_VERSION
from articles.search.indexing import fill, is_migrated, reindex, unindexed
from articles.search.models import DERIVED, SearchDocument, Word
from tests.articles.bridges import make_article, make_document, make_long_document
from tests.search.site import bare, fact, find, titles

pytestmark = pytest.mark.django_db


def edit(article: Article, **changes: Any) -> None:
    store.save(replace(store.load(article), **changes), article=article)


def said(article: Article) -> list[tuple[Any, ...]]:
    """Everything that the index holds of an article."""
    rows = SearchDocument.objects.filter(article=article).order_by("kind", "anchor")
    return list(rows.values_list("anchor", *DERIVED))


def test_a_new_text_is_found_and_the_old_one_no_more() -> None:
    article = bare("Bridges", facts=(fact("Age", "They are made of granite."),))
    assert titles("granite") == ["Age"]

    edit(article, facts=(replace(store.load(article).facts[0], statement="Of sandstone."),))

    assert titles("granite") == []
    assert titles("sandstone") == ["Age"]


def test_parts_that_are_gone_are_found_no_more() -> None:
    article = bare("Bridges", facts=(fact("Age", "Granite."), fact("Use", "Sandstone.")))

    edit(article, facts=store.load(article).facts[:1])

    assert titles("sandstone") == []
    assert titles("granite") == ["Age"]


def test_a_new_title_slug_or_category_is_that_of_the_results() -> None:
    article = bare("Bridges", "Granite.", category="Building")
    building = Category.objects.get(name="Building")
    assert titles("granite", category=building.pk) == ["Bridges"]

    edit(article, title="Stone bridges", category="Architecture")

    assert titles("granite") == ["Stone bridges"]
    assert titles("granite", category=building.pk) == []
    assert titles("granite", category=Category.objects.get(name="Architecture").pk) != []


def test_what_is_not_saved_in_the_end_is_not_found() -> None:
    article = bare("Bridges", "Granite.")
    with transaction.atomic():
        edit(article, short_answer="Sandstone.")
        assert titles("sandstone") == ["Bridges"]
        transaction.set_rollback(True)

    assert titles("sandstone") == []
    assert titles("granite") == ["Bridges"]


def test_a_deleted_article_is_found_no_more() -> None:
    article = bare("Bridges", "Granite.", facts=(fact("Age", "Granite."),))
    article.delete()

    assert not find("granite").ranked
    assert not SearchDocument.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")


def test_merging_a_working_copy_and_restoring_a_revision_change_what_is_found() -> None:
    article = bare("Bridges", "Granite.")
    copy = publishing.start_working_copy(article=article, author=None)
    edit(copy, short_answer="Sandstone.")
    assert titles("sandstone") == []

    publishing.merge_working_copy(copy=copy, author=None)
    assert (titles("sandstone"), titles("granite")) == (["Bridges"], [])

    publishing.restore(revision=article.revisions.order_by("number").first(), author=None)
    assert (titles("sandstone"), titles("granite")) == ([], ["Bridges"])


def test_a_term_is_found_by_what_it_says_now() -> None:
    term = Term.objects.create(name="Keystone", definition="The last stone.")
    assert titles("last stone") == ["Keystone"]

    term.name, term.definition, term.aliases = "Voussoir", "A wedge.", ["arch stone"]
    term.save()

    assert titles("last stone") == []
    assert titles("wedge") == titles("arch stone") == ["Voussoir"]
    term.delete()
    assert titles("wedge") == []


def test_a_definition_that_an_article_brings_along_is_found() -> None:
    make_article()
    assert titles("push of an arch") == ["Thrust"]


def test_saving_the_same_again_writes_nothing() -> None:
    article = make_article()
    before = list(SearchDocument.objects.order_by("pk").values_list("pk", flat=True))
    store.save(make_document(), article=article)
    reindex(article)
    Term.objects.get(name="Thrust").save()

    assert list(SearchDocument.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_change_of_one_part_leaves_the_rows_of_the_others() -> None:
    article = make_article()
    before = dict(SearchDocument.objects.filter(article=article).values_list("anchor", "pk"))
    facts = store.load(article).facts

    edit(article, facts=(replace(facts[0], statement="Something else."), *facts[1:]))

    after = dict(SearchDocument.objects.filter(article=article).values_list("anchor", "pk"))
    assert after == before


@pytest.mark.parametrize("document", [make_document(), make_long_document(parts=4, milestones=60)])
def test_indexing_from_the_stored_page_says_the_same_as_saving(document: Document) -> None:
    article = make_article(document=document)
    saved = said(article)
    SearchDocument.objects.all().delete()

    reindex(article)

    assert said(article) == saved


def test_an_upgrade_fills_in_what_was_there_before_the_index() -> None:
    article = make_article()
    Term.objects.create(name="Lintel", definition="A straight stone.")
    saved = said(article)
    SearchDocument.objects.all().delete()
    Word.objects.all().delete()
    assert titles("arch") == []

    fill_after_migrating(using="default")

    assert said(article) == saved
    assert titles("lintel") == ["Lintel"]
    assert Word.objects.filter(text="straight").exists()
    assert not unindexed().exists()
    assert fill() == 0


def test_an_upgrade_renews_what_an_older_version_has_read() -> None:
    article = make_article()
    saved = said(article)
    SearchDocument.objects.update(version=INDEX_VERSION - 1, words="", title_words="")
    assert titles("arch") == []

    assert fill() == 2

    assert said(article) == saved
    assert "Stone bridges" in titles("stone bridges")


def test_nothing_is_filled_in_while_migrations_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    make_article()
    SearchDocument.objects.all().delete()
    assert is_migrated("default")
    monkeypatch.setattr("articles.search.indexing.is_migrated", lambda using: False)

    fill_after_migrating(using="default")

    assert not SearchDocument.objects.exists()


def test_rebuild_makes_the_index_anew() -> None:
    article = make_article()
    saved = said(article)
    SearchDocument.objects.all().delete()

    call_command("rebuild", verbosity=0)

    assert said(article) == saved


def test_milestones_beyond_the_first_page_of_a_timeline_are_known_as_such() -> None:
    article = make_article(document=make_long_document(parts=1, milestones=60, slug="long"))
    rows = SearchDocument.objects.filter(article=article, kind="milestone")

    assert rows.filter(on_first_page=True).count() == 50
    later = set(rows.filter(on_first_page=False).values_list("anchor", flat=True))
    assert later == {f"milestone-{number}" for number in range(51, 61)}


def test_an_index_that_is_whole_is_left_alone() -> None:
    assert not tables.mend()


@pytest.mark.parametrize("name", ["search_document_insert", "search_fts", "search_lists"])
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no triggers for it")
def test_what_the_index_has_lost_is_made_anew_at_the_end_of_migrating(name: str) -> None:
    kind = "TRIGGER" if name.endswith("insert") else "TABLE"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP {kind} {name}")
        if kind == "TABLE":
            # The triggers would write to it.
            for statement in tables.SQLITE_AWAY[:3]:
                cursor.execute(statement)
    bare("Bridges", "Granite.")

    fill_after_migrating(using="default")

    assert titles("granite") == titles('"granite"') == ["Bridges"]
    assert bare("Vaults", "Granite.").title in titles("granite")
    assert not tables.mend()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has tables for it")
@pytest.mark.parametrize("lost", ["INDEX search_document_vector", "COLUMN vector"])
def test_what_postgresql_has_lost_is_made_anew_at_the_end_of_migrating(lost: str) -> None:
    bare("Bridges", "Granite.")
    alter = "ALTER TABLE search_searchdocument " if lost.startswith("COLUMN") else ""
    with connection.cursor() as cursor:
        # What is put off to the end of a transaction is in the way of altering its tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"{alter}DROP {lost}")

    fill_after_migrating(using="default")

    assert titles("granite") == ["Bridges"]
    assert not tables.mend()
