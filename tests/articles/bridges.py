"""One complete article, on stone bridges, and long ones of counted parts.

Everything here is the same at each run. Tests name what matters to them:
`make_document(title="Arches", facts=())`.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from django.contrib.auth.models import Permission

from articles import store
from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
    canonical,
)
from articles.models import Article, User

DOCUMENT_FIELDS = {field.name for field in fields(Document)}

BOOK = Reference(
    key="heyman1995",
    source_kind="book",
    title="The Stone Skeleton",
    authors=("Jacques Heyman",),
    year="1995",
    publisher="Cambridge University Press",
    isbn="9780521629638",
)
PAPER = Reference(
    key="huerta2001",
    source_kind="article",
    title="Mechanics of masonry vaults",
    authors=("Santiago Huerta",),
    year="2001",
    url="https://example.org/vaults",
    accessed="2026-01-15",
)
NOWHERE = Reference(key="somewhere", title="A page somebody remembers")


def make_document(**changes: Any) -> Document:
    """A canonical document with parts of every kind; `changes` replaces fields by name."""
    document = Document(
        title="Stone bridges",
        slug="stone-bridges",
        short_answer="A stone bridge carries its load by [[thrust]] alone [@heyman1995, p. 12].",
        category="Building",
        tags=("Bridges", "Masonry"),
        author="Nora Pont",
        infobox=(
            InfoboxRow(
                anchor="infobox-row-material",
                label="Material",
                value="Cut stone [@heyman1995]",
                checked="2026-03-01",
            ),
            InfoboxRow(anchor="infobox-row-span", label="Span", value="Up to 90 metres"),
        ),
        sections=(
            Section(
                anchor="section-overview",
                heading="Overview",
                body="An arch stands when a line of thrust fits inside it [@huerta2001].",
            ),
            Section(
                anchor="section-centring",
                heading="Centring",
                level=3,
                body="A frame of wood holds the stones until the keystone is set.",
            ),
        ),
        facts=(
            Fact(
                anchor="fact-oldest",
                label="Oldest in use",
                statement="One bridge near Izmir has stood for 2,800 years [@huerta2001, p. 3].",
                checked="2026-02-01",
            ),
            Fact(
                anchor="fact-mortar",
                label="Mortar",
                statement="Many stand without any mortar [@somewhere].",
            ),
        ),
        timeline=(
            Milestone(
                anchor="milestone-alcantara",
                date="0106",
                title="Alcántara bridge finished",
                body="Built for Trajan [@heyman1995, p. 30].",
                tracks=("Practice",),
                checked="2026-02-01",
            ),
            Milestone(
                anchor="milestone-anji",
                date="0605~",
                title="Anji bridge opened",
                tracks=("Practice",),
            ),
            Milestone(
                anchor="milestone-hooke",
                date="1675",
                title="Hooke states the law of the arch",
                body="As hangs the chain, so stands the arch [@huerta2001].",
                tracks=("Theory",),
            ),
        ),
        related_terms=(
            RelatedTerm(
                anchor="related-term-thrust",
                term="Thrust",
                definition="The push of an arch against what it stands on.",
            ),
        ),
        questions=(
            Question(
                anchor="question-why-do-they-last",
                question="Why do they last?",
                answer="Stone hardly ever comes near its strength there [@heyman1995, p. 14].",
            ),
        ),
        references=(BOOK, PAPER, NOWHERE),
    )
    return canonical(replace(document, **changes))


def make_long_document(*, parts: int, milestones: int, **changes: Any) -> Document:
    """A document with `parts` of every kind but `milestones` on the timeline, all of them cited.

    Milestones are a month apart; their dates, titles and anchors count up with them.
    """
    numbers = range(1, parts + 1)
    return make_document(
        **{
            "tags": tuple(f"Tag {n}" for n in numbers),
            "infobox": tuple(
                InfoboxRow(anchor=f"infobox-row-{n}", label=f"Row {n}", value=f"Value [@key{n}]")
                for n in numbers
            ),
            "sections": tuple(
                Section(
                    anchor=f"section-{n}",
                    heading=f"Section {n}",
                    body=f"Text with a [[Term {n}]] and a source [@key{n}].",
                )
                for n in numbers
            ),
            "facts": tuple(
                Fact(
                    anchor=f"fact-{n}", label=f"Fact {n}", statement=f"It is so [@key{n}, p. {n}]."
                )
                for n in numbers
            ),
            "timeline": tuple(
                Milestone(
                    anchor=f"milestone-{n}",
                    date=f"{1900 + n // 12}-{n % 12 + 1:02}",
                    title=f"Event {n}",
                    body=f"It happened [@key{n % parts + 1}].",
                    tracks=(f"Track {n % parts % 6 + 1}",),
                )
                for n in range(1, milestones + 1)
            ),
            "related_terms": tuple(
                RelatedTerm(
                    anchor=f"related-term-{n}", term=f"Term {n}", definition=f"What {n} means."
                )
                for n in numbers
            ),
            "questions": tuple(
                Question(anchor=f"question-{n}", question=f"Why {n}?", answer=f"So [@key{n}].")
                for n in numbers
            ),
            "references": tuple(
                Reference(key=f"key{n}", title=f"Source {n}", url=f"https://example.org/{n}")
                for n in numbers
            ),
            **changes,
        }
    )


def make_article(*, publish: bool = True, **values: Any) -> Article:
    """An article saved from `make_document()`, live unless `publish=False`.

    Takes the fields of a document, or a whole `document`, and fields that only an article has, such
    as `status` and `published_at`, which are written as they are.
    """
    document: Document | None = values.pop("document", None)
    wanted = {name: values.pop(name) for name in DOCUMENT_FIELDS & values.keys()}
    if document is None:
        document = make_document(**({"slug": ""} if "title" in wanted else {}) | wanted)
    saved = store.save(document, publish=publish).article
    assert saved is not None
    if values:
        Article.objects.filter(pk=saved.pk).update(**values)
    return Article.objects.get(pk=saved.pk)


def make_editor(*codenames: str, **fields: Any) -> User:
    """A staff member with these permissions of the app `articles`; else with `view_article`."""
    user = User.objects.create_user(**{"username": "editor", "is_staff": True, **fields})
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="articles", codename__in=codenames or ("view_article",)
        )
    )
    return user
