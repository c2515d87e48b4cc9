"""Factories: people, categories and articles, the same at every run.

Articles are made as a site makes them, from a document by `store.save`, so that every row a test
finds has its revision, its rendered page and its index of uses.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import factory
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection

from articles import publishing, store
from articles.discussion.models import Comment
from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
)
from articles.models import Article, Category, Tag, User

PASSWORD = "a password of the tests"
FIRST_PAGES = "articles.migrations.0006_first_pages"


def make_document(**changes: Any) -> Document:
    """A small article with one or two parts of each kind; `changes` replace whole fields."""
    document = Document(
        title="Road signs",
        slug="road-signs",
        short_answer="Signs tell travellers where they are [@cowper2001].",
        category="Transport",
        tags=("history", "travel"),
        author="Ada Byron",
        infobox=(
            InfoboxRow(label="Field", value="Transport [@cowper2001]", checked="2026-01-15"),
            InfoboxRow(label="Begun", value="Antiquity"),
        ),
        sections=(
            Section(heading="Overview", body="A first paragraph.\n\nA second with [[Milestone]]."),
            Section(heading="Stone", level=3, body="Stones came first [@cowper2001, p. 3]."),
        ),
        facts=(
            Fact(label="Oldest", statement="The oldest stand in Rome [@cowper2001]."),
            Fact(statement="Nobody has counted them."),
        ),
        timeline=(
            Milestone(date="-0299", title="First milestones", tracks=("Law",)),
            Milestone(date="1908", title="Signs agreed in Paris", tracks=("Law", "Industry")),
            Milestone(date="1968-11-08", title="Vienna convention", body="In force in **1978**."),
        ),
        related_terms=(RelatedTerm(term="Milestone", definition="A stone beside a road."),),
        questions=(Question(question="Who paid?", answer="Whoever owned the road."),),
        references=(
            Reference(
                key="cowper2001",
                source_kind="book",
                title="Roads and Stones",
                authors=("Cowper, A.", "Lane, B."),
                year="2001",
                isbn="978-0-19-853453-2",
            ),
            Reference(key="unclear", title="A leaflet"),
        ),
    )
    return replace(document, **changes)


def milestones(number: int) -> tuple[Milestone, ...]:
    """So many milestones, a year each, on two tracks."""
    return tuple(
        Milestone(
            date=str(1800 + index),
            title=f"Event {index}",
            body=f"What happened in {1800 + index}.",
            tracks=("Law",) if index % 2 else ("Industry", "Law"),
        )
        for index in range(number)
    )


def references(number: int) -> tuple[Reference, ...]:
    """So many references, each with a DOI of its own."""
    return tuple(
        Reference(key=f"source{index}", title=f"Source {index}", doi=f"10.1000/{index}")
        for index in range(number)
    )


class UserFactory(factory.django.DjangoModelFactory):
    """A person who can sign in; `group="Editor"` gives them that role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    public_name = factory.LazyAttribute(lambda user: user.username.capitalize())
    slug = factory.LazyAttribute(lambda user: user.username)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        user = model_class(*args, **kwargs)
        user.set_password(PASSWORD)
        user.save()
        return user

    @factory.post_generation
    def group(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Give the role's permissions."""
        if create and extracted:
            self.groups.add(find_role(extracted))


def make_user(role: str = "", **changes: Any) -> User:
    """A person with a role (Writer, Editor, Moderator), a superuser ("owner"), or a reader ("")."""
    flags = {"is_superuser": role == "owner", "is_staff": bool(role)}
    group = role if role not in {"", "owner"} else None
    user: User = UserFactory(**{**flags, "group": group, **changes})
    return user


def find_role(name: str) -> Group:
    """A role of the site; made again when a test that empties the tables took it away."""
    if not Group.objects.filter(name=name).exists():
        roles = importlib.import_module("articles.migrations.0002_roles")
        editor = SimpleNamespace(connection=connection)
        roles.create_roles(apps, editor)
        for later in ("articles.discussion.migrations.0002_roles", FIRST_PAGES):
            importlib.import_module(later).extend_roles(apps, editor)
    return Group.objects.get(name=name)


def make_first_pages() -> None:
    """The pages that a site begins with; made again when a test that empties tables took them."""
    importlib.import_module(FIRST_PAGES).make_pages(apps, SimpleNamespace(connection=connection))


class CategoryFactory(factory.django.DjangoModelFactory):
    """A category."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda number: f"Category {number}")


class TagFactory(factory.django.DjangoModelFactory):
    """A tag."""

    class Meta:
        model = Tag

    name = factory.Sequence(lambda number: f"tag {number}")


class ArticleFactory(factory.Factory):
    """An article from a document: `ArticleFactory(title=…, facts=…, live=True)`.

    Titles and slugs are numbered unless given; other fields are those of `make_document`.
    """

    class Meta:
        model = Article

    title = factory.Sequence(lambda number: f"Article {number}")
    slug = ""

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        by = kwargs.pop("by", None)
        live = kwargs.pop("live", False)
        saved = store.save(make_document(**kwargs), author=by, summary="Imported")
        article = saved.article
        assert article is not None
        if live:
            publishing.publish(article=article)
        return Article.objects.get(pk=article.pk)


def make_article(*, live: bool = False, by: User | None = None, **changes: Any) -> Article:
    """An article from a document; `live` puts it on the site, `by` wrote its first revision."""
    article: Article = ArticleFactory(live=live, by=by, **changes)
    return article


class CommentFactory(factory.django.DjangoModelFactory):
    """A comment that readers see: `CommentFactory(article=…, parent=…, status="held")`."""

    class Meta:
        model = Comment

    name = factory.Sequence(lambda number: f"Guest {number}")
    body = factory.Sequence(lambda number: f"What guest {number} says.")
    status = Comment.Status.APPROVED


def make_comment(article: Article, **values: Any) -> Comment:
    """A comment on an article, approved unless `status` says otherwise."""
    comment: Comment = CommentFactory(article=article, **values)
    return comment
