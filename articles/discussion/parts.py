"""Parts of an article as things to talk about: what they are called, and what they say now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.anchors import is_anchor
from articles.markup import render_block
from articles.models import Article
from articles.reference_text import short_text
from timeline.dates import show

# Milestones that a form offers; each has a link of its own that leads to a form about it.
MOST_MILESTONES = 100
MOST_NAME = 300


@dataclass(frozen=True, slots=True)
class TalkedAbout:
    """A part: its anchor, its kind, what it is called, and its text without markup."""

    anchor: str
    kind: str
    label: str
    text: str

    @property
    def name(self) -> str:
        """Its kind and what it is called, as far as a column holds them."""
        return f"{self.kind}: {self.label}"[:MOST_NAME]


def find_part(article: Article, anchor: str) -> TalkedAbout | None:
    """The part with this anchor as the article has it now, or None. One query for a milestone."""
    if is_anchor("milestone", anchor):
        rows = article.milestones.filter(anchor=anchor).values_list("date", "title", "body")
        if row := rows.first():
            date, title, body = row
            lines = [f"{show(date)}: {title}", render_block(body).text]
            return TalkedAbout(anchor, _("Milestone"), title, "\n".join(filter(None, lines)))
        return None
    return next((part for part in _on_page(article) if part.anchor == anchor), None)


def choices(article: Article, chosen: str) -> list[Any]:
    """What a comment may be about, for a select: groups by kind, the article itself first.

    A `chosen` milestone is offered even when the article has too many of them for a list.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for part in _on_page(article):
        groups.setdefault(part.kind, []).append((part.anchor, _short(part.label)))
    rows = list(
        article.milestones.in_order().values_list("anchor", "date", "title")[:MOST_MILESTONES]
    )
    if is_anchor("milestone", chosen) and chosen not in {row[0] for row in rows}:
        rows += article.milestones.filter(anchor=chosen).values_list("anchor", "date", "title")
    if rows:
        groups[_("Milestone")] = [
            (anchor, _short(f"{show(date)}: {title}")) for anchor, date, title in rows
        ]
    return [("", _("The article as a whole")), *groups.items()]


def _on_page(article: Article) -> Iterator[TalkedAbout]:
    """The parts that the rendered page holds, which are all but the milestones."""
    page = article.rendered.page
    for row in page["infobox"]:
        yield TalkedAbout(
            row["anchor"], _("Infobox"), row["label"], f"{row['label']}: {row['text']}"
        )
    for section in page["sections"]:
        yield TalkedAbout(section["anchor"], _("Section"), section["heading"], section["text"])
    for fact in page["facts"]:
        name = fact["label"] or fact["text"]
        yield TalkedAbout(fact["anchor"], _("Fact"), name, fact["text"])
    for related in page["related_terms"]:
        yield TalkedAbout(related["anchor"], _("Related term"), related["term"], related["term"])
    for question in page["questions"]:
        text = "\n".join(filter(None, [question["question"], question["text"]]))
        yield TalkedAbout(question["anchor"], _("Question"), question["question"], text)
    for ref in page["references"]:
        name = f"{ref['number']}. {short_text(ref)}"
        text = ". ".join(filter(None, [short_text(ref), ref["title"], ref["container"]]))
        yield TalkedAbout(ref["anchor"], _("Reference"), name, text)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
