"""People take, change and lose public names; articles stay theirs, and readers hear of no edit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from articles import publishing, store
from articles.differences import compare
from articles.document import Document
from articles.models import Article, User
from tests.factories import make_article, make_user
from tests.html import parse

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/road-signs/"


@pytest.fixture
def writer() -> User:
    """The author of the article, without a public name as yet."""
    return make_user("Writer", public_name="")


@pytest.fixture
def article(writer: User) -> Article:
    """A live article with two revisions that name no author."""
    made = make_article(live=True, author="", title="Road signs", slug="road-signs")
    Article.objects.filter(pk=made.pk).update(author=writer)
    return edit(made, title="Signs")


def fresh(article: Article) -> Article:
    """The article as the database has it."""
    return Article.objects.get(pk=article.pk)


def edit(article: Article, **changes: Any) -> Article:
    """Change what the article says."""
    store.save(replace(store.load(fresh(article)), **changes), article=fresh(article))
    return fresh(article)


def name(writer: User, public_name: str) -> None:
    """Give the person a name, as the admin does."""
    writer.public_name = public_name
    writer.full_clean()
    writer.save()


def test_an_author_who_was_named_later_stays_when_an_older_revision_is_restored(
    article: Article, writer: User
) -> None:
    name(writer, "Ada Byron")

    publishing.restore(revision=article.revisions.get(number=1), author=None)

    assert (fresh(article).title, fresh(article).author) == ("Road signs", writer)


def test_the_question_before_restoring_tells_of_no_author_removed(
    client: Client, article: Article, writer: User
) -> None:
    name(writer, "Ada Byron")
    client.force_login(make_user("Editor"))

    page = client.get(f"/admin/articles/article/{article.pk}/history/1/restore/")

    (changes,) = parse(page.content).all("ul", class_="change-list")
    assert [li.text for li in changes.all("li")] == ["Title changed from “Signs” to “Road signs”."]


def test_an_author_who_was_renamed_stays_and_nobody_is_made(article: Article, writer: User) -> None:
    name(writer, "Ada Byron")
    edit(article, title="Byron's signs")
    name(writer, "Ada Lovelace")
    edit(article, title="Lovelace's signs")
    people = User.objects.count()

    publishing.restore(revision=article.revisions.get(number=3), author=None)

    assert (fresh(article).title, fresh(article).author) == ("Byron's signs", writer)
    assert store.load(fresh(article)).author == "Ada Lovelace"
    assert User.objects.count() == people


def test_another_person_whom_a_revision_names_comes_back_with_it(article: Article) -> None:
    other = make_user("Writer", public_name="Ali Kemer")
    edit(article, author="Ali Kemer")
    edit(article, author=make_user("Writer", public_name="Nora Pont").public_name)

    publishing.restore(revision=article.revisions.get(number=3), author=None)

    assert fresh(article).author == other


def test_a_document_without_an_author_takes_none_away(article: Article, writer: User) -> None:
    name(writer, "Ada Byron")

    edit(article, author="", short_answer="Soon.")

    assert (fresh(article).short_answer, fresh(article).author) == ("Soon.", writer)


def test_a_working_copy_has_an_author_without_a_name_too(article: Article, writer: User) -> None:
    copy = publishing.start_working_copy(article=fresh(article), author=None)
    assert copy.author == writer
    name(writer, "Ada Byron")
    edit(copy, title="Stones")

    publishing.merge_working_copy(copy=fresh(copy), author=None)

    assert (fresh(article).title, fresh(article).author) == ("Stones", writer)


def test_an_author_taken_away_in_a_working_copy_is_gone_as_a_revision(writer: User) -> None:
    name(writer, "Ada Byron")
    article = make_article(live=True)
    copy = publishing.start_working_copy(article=article, author=None)
    Article.objects.filter(pk=copy.pk).update(author=None)

    saved = publishing.merge_working_copy(copy=fresh(copy), author=None)

    assert fresh(article).author is None
    assert saved.revision is not None
    assert (saved.revision.number, saved.revision.read().author) == (2, "")


def test_readers_hear_of_no_author_added_when_a_person_took_a_name(
    client: Client, article: Article, writer: User
) -> None:
    client.post(f"{ADDRESS}since/", {"do": "remember"})
    name(writer, "Ada Byron")
    edit(article, short_answer="Soon.")

    for address in ("history/", "history/2..3/", "feed.atom", "since/"):
        body = client.get(f"{ADDRESS}{address}").content.decode()
        assert "Short answer" in body, address
        assert "Author" not in body, address
    assert "Ada Byron" in parse(client.get(ADDRESS).content).one("main").text


def test_editors_hear_of_it_and_readers_of_every_other_change_of_the_author() -> None:
    unnamed = Document(title="Road signs", slug="road-signs")
    named = replace(unnamed, author="Ada Byron")

    assert compare(unnamed, named).sentences() == ["Author “Ada Byron” added."]
    assert compare(unnamed, named, for_readers=True).is_empty
    assert compare(named, unnamed, for_readers=True).sentences() == ["Author “Ada Byron” removed."]


def cited_author(client: Client, query: str = "") -> str | None:
    """Whom a reference manager is told to cite."""
    (item,) = json.loads(client.get(f"{ADDRESS}cite.json{query}").content)
    return item["author"][0]["family"] if "author" in item else None


def test_citations_name_whom_the_page_names(client: Client, article: Article, writer: User) -> None:
    assert cited_author(client) is None
    name(writer, "Ada Byron")

    assert cited_author(client) == "Byron"
    # The page of a revision shows what it said.
    assert cited_author(client, "?revision=2") is None
    edit(article, short_answer="Soon.")
    name(writer, "Ada Lovelace")
    assert (cited_author(client), cited_author(client, "?revision=3")) == ("Lovelace", "Byron")
