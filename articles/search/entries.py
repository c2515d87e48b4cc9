"""What of an article or term can be found: from its rendered page to plain entries, no database."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from timeline.dates import show

# Raise it when entries or their words change: the next `migrate` renews what is older.
INDEX_VERSION = 2


class Kind(StrEnum):
    """What can be found, in the order in which results of equal rank are shown."""

    ARTICLE = "article"
    SECTION = "section"
    FACT = "fact"
    MILESTONE = "milestone"
    QUESTION = "question"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be found. `names` are other names, `hidden` is found by but never shown.

    `sourced` is None for what is no statement.
    """

    kind: Kind
    title: str
    text: str
    anchor: str = ""
    names: tuple[str, ...] = ()
    hidden: str = ""
    date: str = ""
    sourced: bool | None = None
    checked: datetime.date | None = None
    position: int = 0
    on_first_page: bool = True


@dataclass(frozen=True, slots=True)
class MilestoneText:
    """What is found of a milestone; `on_first_page` of the article's timeline or on a later one."""

    anchor: str
    date: str
    title: str
    text: str
    sourced: bool
    checked: datetime.date | None
    on_first_page: bool


def article_entries(
    title: str, page: dict[str, Any], milestones: Iterable[MilestoneText]
) -> Iterator[Entry]:
    """The entries of an article; `page` is its rendered page (see `rendering.py`)."""
    rows = [f"{row['label']}: {row['text']}" for row in page["infobox"]]
    answer = page["short_answer"]["text"]
    yield Entry(Kind.ARTICLE, title, "\n".join(filter(None, [answer, *rows])))
    for position, part in enumerate(page["sections"]):
        yield Entry(Kind.SECTION, part["heading"], part["text"], part["anchor"], position=position)
    for position, part in enumerate(page["facts"]):
        yield Entry(
            Kind.FACT,
            part["label"],
            part["text"],
            part["anchor"],
            sourced=part["sourced"],
            checked=_day(part["checked"]),
            position=position,
        )
    for position, milestone in enumerate(milestones):
        yield Entry(
            Kind.MILESTONE,
            milestone.title,
            milestone.text,
            milestone.anchor,
            date=milestone.date,
            # So that "1986" and "October 1986" find what happened then.
            hidden=show(milestone.date),
            sourced=milestone.sourced,
            checked=milestone.checked,
            position=position,
            on_first_page=milestone.on_first_page,
        )
    for position, part in enumerate(page["questions"]):
        yield Entry(
            Kind.QUESTION, part["question"], part["text"], part["anchor"], position=position
        )


def term_entry(term: Any) -> Entry:
    """The entry of a term of the glossary."""
    return Entry(Kind.TERM, term.name, term.definition, names=tuple(term.aliases))


def _day(iso: str) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None
