"""From a document with anchors to what a page view reads: no database, no page-time numbers' HTML.

The result is stored in `RenderedArticle.page` (JSON) and on the milestones. HTML keeps number-free
tokens for citations and term links; `page.py` fills them when a page is made.

Shape of `page`, every text a str:

    short_answer  {html, text}
    infobox       [{anchor, label, html, text, checked, sourced}]
    sections      [{anchor, heading, level, html, text}]
    facts         [{anchor, label, html, text, checked, sourced}]
    related_terms [{anchor, term}]
    questions     [{anchor, question, html, text}]
    references    [{anchor, number, placeholder, cited: number of uses, … the reference's fields}];
                  `derived` adds the number of the source as `source`
    graph         {article, faq}: JSON for programs; see `schema_org`
    terms         [folded name, …]: what `[[links]]` name, each once
    milestones    {digest, tracks}: a digest of all that a timeline shows of the milestones, and the
                  keys of their tracks; `derived` adds it
    timeline      [[sourced, checked, how many in a row], …]: the milestones' sources in order
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any

from articles.document import Document
from articles.excerpts import excerpts
from articles.markup import (
    Citation,
    Rendered,
    TermUse,
    fold,
    render_block,
    render_inline,
    searchable,
)
from articles.schema_org import fixed_parts

# Raise it when the shape or the HTML changes: the next `serve` then has older rows renewed.
RENDERER = 8


@dataclass(frozen=True, slots=True)
class RenderedMilestone:
    """The derived columns of a milestone."""

    html: str
    sourced: bool
    words: str


@dataclass(slots=True)
class Rendering:
    """Everything that follows from a document."""

    page: dict[str, Any]
    milestones: dict[str, RenderedMilestone]
    # In reading order: the anchor of the part and what it uses, and the sentence around each.
    citations: list[tuple[str, Citation]] = field(default_factory=list)
    terms: list[tuple[str, TermUse]] = field(default_factory=list)
    citing: list[str] = field(default_factory=list)
    linking: list[str] = field(default_factory=list)
    statement_count: int = 0
    sourced_count: int = 0
    last_verified: str = ""
    # The plain texts of the milestones by anchor, to be found by and quoted from.
    milestone_texts: dict[str, str] = field(default_factory=dict)


class _Renderer:
    """Renders one document, collecting uses in reading order."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.real = {ref.key for ref in document.references if not ref.is_placeholder}
        self.citations: list[tuple[str, Citation]] = []
        self.terms: list[tuple[str, TermUse]] = []
        self.citing: list[str] = []
        self.linking: list[str] = []

    def use(self, anchor: str, rendered: Rendered) -> Rendered:
        self.citations += [(anchor, citation) for citation in rendered.citations]
        self.terms += [(anchor, term) for term in rendered.terms]
        around = excerpts(rendered.html)
        self.citing += around.citations
        self.linking += around.terms
        return rendered

    def prose(self, anchor: str, rendered: Rendered) -> dict[str, Any]:
        self.use(anchor, rendered)
        return {"anchor": anchor, "html": rendered.html, "text": rendered.text}

    def statement(self, anchor: str, rendered: Rendered, checked: str) -> dict[str, Any]:
        return {
            **self.prose(anchor, rendered),
            "checked": checked,
            "sourced": self.is_sourced(rendered),
        }

    def is_sourced(self, rendered: Rendered) -> bool:
        """Whether it cites at least one reference that leads somewhere."""
        return any(citation.key in self.real for citation in rendered.citations)


def render(document: Document) -> Rendering:
    """Render a canonical document whose parts all have anchors. Costs about 4 ms per KB of text."""
    renderer = _Renderer(document)
    answer = renderer.use("short-answer", render_inline(document.short_answer))
    page: dict[str, Any] = {
        "short_answer": {"html": answer.html, "text": answer.text},
        "infobox": [
            {"label": row.label}
            | renderer.statement(row.anchor, render_inline(row.value), row.checked)
            for row in document.infobox
        ],
        "sections": [
            {"heading": section.heading, "level": section.level}
            | renderer.prose(section.anchor, render_block(section.body))
            for section in document.sections
        ],
        "facts": [
            {"label": fact.label}
            | renderer.statement(fact.anchor, render_inline(fact.statement), fact.checked)
            for fact in document.facts
        ],
        "related_terms": [
            {"anchor": related.anchor, "term": related.term} for related in document.related_terms
        ],
    }
    milestones, texts, runs = _timeline(renderer, document)
    page["timeline"] = runs
    page["questions"] = [
        {"question": question.question}
        | renderer.prose(question.anchor, render_block(question.answer))
        for question in document.questions
    ]
    page["references"] = _references(document, renderer.citations)
    page["graph"] = fixed_parts(document, page)
    page["terms"] = sorted({fold(term.name) for _anchor, term in renderer.terms})
    rendering = Rendering(
        page,
        milestones,
        renderer.citations,
        renderer.terms,
        renderer.citing,
        renderer.linking,
        milestone_texts=texts,
    )
    return _counted(rendering, document)


def _timeline(
    renderer: _Renderer, document: Document
) -> tuple[dict[str, RenderedMilestone], dict[str, str], list[list[Any]]]:
    milestones = {}
    texts = {}
    marks = []
    for milestone in document.timeline:
        rendered = renderer.use(milestone.anchor, render_block(milestone.body))
        sourced = renderer.is_sourced(rendered)
        words = searchable(f"{milestone.title} {rendered.text}")
        texts[milestone.anchor] = rendered.text
        milestones[milestone.anchor] = RenderedMilestone(rendered.html, sourced, words)
        marks.append((sourced, milestone.checked))
    runs = [[sourced, checked, len(list(run))] for (sourced, checked), run in groupby(marks)]
    return milestones, texts, runs


def _references(document: Document, citations: list[tuple[str, Citation]]) -> list[dict[str, Any]]:
    """The references by number: cited ones in the order of their first use, then the others."""
    by_key = {reference.key: reference for reference in document.references}
    uses = Counter(citation.key for _anchor, citation in citations if citation.key in by_key)
    order = [*uses, *(key for key in by_key if key not in uses)]
    return [
        asdict(by_key[key])
        | {
            "authors": list(by_key[key].authors),
            "anchor": by_key[key].anchor,
            "number": number,
            "placeholder": by_key[key].is_placeholder,
            "cited": uses[key],
        }
        for number, key in enumerate(order, start=1)
    ]


def _counted(rendering: Rendering, document: Document) -> Rendering:
    page = rendering.page
    statements = [*page["infobox"], *page["facts"]]
    rendering.statement_count = len(statements) + len(rendering.milestones)
    rendering.sourced_count = sum(statement["sourced"] for statement in statements) + sum(
        milestone.sourced for milestone in rendering.milestones.values()
    )
    checks = [row.checked for row in document.infobox]
    checks += [fact.checked for fact in document.facts]
    checks += [milestone.checked for milestone in document.timeline]
    rendering.last_verified = max(checks, default="")
    return rendering
