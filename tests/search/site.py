"""Articles to be found, and what a search finds of them, in words that a test can compare."""

from __future__ import annotations

from typing import Any

from articles.document import Fact, Milestone, Question, Section
from articles.models import Article
from articles.search.engines import Filters
from articles.search.finding import Found, detailed, search
from tests.articles.bridges import make_article

PARTS = (
    "tags", "infobox", "sections", "facts", "timeline", "related_terms", "questions", "references",
)  # fmt: skip


def bare(title: str, short_answer: str = "", **parts: Any) -> Article:
    """A live article of a title and the parts that are given, and nothing else."""
    parts = dict.fromkeys(PARTS, ()) | parts
    return make_article(
        title=title, short_answer=short_answer, author="", **{"category": "", **parts}
    )


def section(heading: str, body: str) -> Section:
    return Section(heading=heading, body=body)


def fact(label: str, statement: str) -> Fact:
    return Fact(label=label, statement=statement)


def milestone(date: str, title: str, body: str = "") -> Milestone:
    return Milestone(date=date, title=title, body=body)


def question(text: str, answer: str) -> Question:
    return Question(question=text, answer=answer)


def find(typed: str, **filters: Any) -> Found:
    """What is found as it stands, without any correction."""
    return search(typed, Filters(**filters))


def titles(typed: str, **filters: Any) -> list[str]:
    """The titles of what is found, in their order."""
    return [document.title for document in detailed(find(typed, **filters).ranked)]


def kinds(typed: str, **filters: Any) -> list[tuple[str, str]]:
    """Kinds and titles of what is found, in their order."""
    found = detailed(find(typed, **filters).ranked)
    return [(document.kind, document.title) for document in found]
