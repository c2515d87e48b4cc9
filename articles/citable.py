"""What can be cited of an article: it as it stands, a revision of it, or one of its statements."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.citing import Work
from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Part,
    Question,
    Reference,
    RelatedTerm,
    Section,
)
from articles.markup import Citation, render_block, render_inline
from articles.matching import part_name
from articles.models import Article, Revision, SiteSettings
from articles.reference_text import short_text
from timeline.dates import show

# Letters of a statement that a text to share quotes, and words that name one without a label.
MOST_QUOTED = 400
WORDS_OF_NAME = 8
# The parts that carry the day of their check.
STATEMENTS = (InfoboxRow, Fact, Milestone)


@dataclass(frozen=True, slots=True)
class Citable:
    """What is cited, the document it is taken from, and the part of it that is meant, if any."""

    work: Work
    document: Document
    part: Part | None
    is_latest: bool

    @property
    def quotation(self) -> str:
        """The statement as a text to share: what it says, where, its sources and its last check.

        It says, too, that there is no source, or was no check. '' without a part.
        """
        if self.part is None:
            return ""
        text, citations = _said(self.part)
        sources = self._sources(citations)
        pieces = [
            _("“%(text)s”") % {"text": _shortened(text)},
            f"{self.document.title}, {self.work.site}, {date_format(self.work.day)}.",
            _("Source: %(sources)s.") % {"sources": sources} if sources else "",
            _("No source is given.") if self.lacks_source else "",
            self._check(),
            self.work.address,
        ]
        return " ".join(filter(None, pieces))

    @property
    def lacks_source(self) -> bool:
        """Whether the part is one that should cite a source and does not; placeholders are none."""
        if not isinstance(self.part, (*STATEMENTS, Section, Question)):
            return False
        return not self._sources(_said(self.part)[1])

    def _check(self) -> str:
        """When somebody last compared a statement with its source, or that nobody did.

        '' for what is no statement, and without a source to compare with.
        """
        checked = self.part.checked if isinstance(self.part, STATEMENTS) else ""
        if checked:
            day = date_format(datetime.date.fromisoformat(checked))
            return _("Last checked %(day)s.") % {"day": day}
        is_unchecked = isinstance(self.part, STATEMENTS) and not self.lacks_source
        return _("Not checked yet.") if is_unchecked else ""

    def _sources(self, citations: tuple[Citation, ...]) -> str:
        """The references that the statement cites and that lead somewhere, with the places."""
        references = {
            reference.key: reference
            for reference in self.document.references
            if not reference.is_placeholder
        }
        cited = dict.fromkeys(use for use in citations if use.key in references)
        return "; ".join(
            short_text(asdict(references[use.key])) + (f", {use.place}" if use.place else "")
            for use in cited
        )


def find_revision(article: Article, number: int | None, *, for_editor: bool) -> Revision | None:
    """The revision with this number, or the newest, that a reader may see; an editor sees all."""
    revisions = Revision.objects.all() if for_editor else Revision.objects.public()
    found = revisions.filter(article=article)
    if number is not None:
        found = found.filter(number=number)
    revision: Revision | None = found.order_by("-number").first()
    return revision


def citable(
    article: Article,
    site: SiteSettings,
    revision: Revision,
    *,
    anchor: str = "",
    is_fixed: bool,
) -> Citable | None:
    """What others cite of this revision: all of it, or the part with this anchor; None without it.

    `is_fixed` says that the revision is meant and not the article as it may read tomorrow. The
    author is who stands on the page that is cited: of a revision whom it names, else the article's.
    """
    document = revision.read()
    person = article.author
    part = next((part for part in document.parts() if part.anchor == anchor), None)
    if anchor and part is None:
        return None
    work = Work(
        title=document.title,
        slug=article.slug,
        author=document.author if is_fixed else person.public_name if person else "",
        site=site.name,
        day=timezone.localdate(revision.public_from or revision.created_at),
        revision=revision.number,
        address=settings.SITE_URL + _address(article, revision if is_fixed else None, part),
        language=document.language,
        licence=site.licence_name,
        statement=_name(part) if part else "",
        anchor=anchor,
    )
    return Citable(work, document, part, not is_fixed)


def _address(article: Article, revision: Revision | None, part: Part | None) -> str:
    """Where the article, or that revision of it, is read, with the place of the part."""
    address = reverse("articles:article", args=[article.slug])
    if revision:
        address = reverse("articles:revision", args=[article.slug, revision.number])
    if part is None:
        return address
    anchor = quote(part.anchor)
    if isinstance(part, Milestone) and not revision:
        # A long timeline is shown a page at a time: the address says which page.
        return f"{address}?at={anchor}#{anchor}"
    return f"{address}#{anchor}"


def _name(part: Part) -> str:
    """What a part is called by those who cite it."""
    match part:
        case Fact(label="", statement=statement):
            words = render_inline(statement).text.split()
            return " ".join(words[:WORDS_OF_NAME]) + (" …" if len(words) > WORDS_OF_NAME else "")
        case Milestone():
            return f"{part.title} ({show(part.date)})"
        case Reference():
            return short_text(asdict(part))
    return part_name(part)


def _said(part: Part) -> tuple[str, tuple[Citation, ...]]:
    """What a part says, in plain text, and the citations in it."""
    lead, said = "", render_inline("")
    match part:
        case InfoboxRow():
            lead, said = f"{part.label}: ", render_inline(part.value)
        case Section():
            said = render_block(part.body)
        case Fact():
            said = render_inline(part.statement)
        case Milestone():
            lead, said = f"{show(part.date)}: {part.title}. ", render_block(part.body)
        case RelatedTerm():
            lead = f"{part.term}: {part.definition}" if part.definition else part.term
        case Question():
            lead, said = f"{part.question} ", render_block(part.answer)
        case Reference():
            lead = ". ".join(filter(None, [short_text(asdict(part)), part.title]))
    return " ".join(f"{lead}{said.text}".split()), said.citations


def _shortened(text: str) -> str:
    """The text, or as many of its words as may be quoted."""
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED].rsplit(maxsplit=1)[0]} …"
