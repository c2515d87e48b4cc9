"""One result as it is shown: what it is called, what it says, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles.search.models import SearchDocument
from articles.search.snippets import excerpt, highlighted
from articles.search.words import Query, language_of
from articles.standing import Standing, standing_of
from timeline.dates import show

LONGEST_TITLE = 90


@dataclass(frozen=True)
class Hit:
    """One result as it is shown."""

    document: SearchDocument
    query: Query
    stale_before: str

    @property
    def language(self) -> str:
        """The language of its texts."""
        return self.document.language

    @property
    def title(self) -> SafeString:
        """What it is called, marked; a statement without a label by its first words."""
        document = self.document
        text = document.title or Truncator(document.text).chars(LONGEST_TITLE)
        return highlighted(text, self.query, language_of(document.language))

    @property
    def date(self) -> str:
        """When it happened, of a milestone."""
        return show(self.document.date) if self.document.date else ""

    @property
    def snippet(self) -> SafeString | str:
        """What it says, marked; nothing when the title has said it all."""
        document = self.document
        if not document.title and len(document.text) <= LONGEST_TITLE:
            return ""
        return excerpt(document.text, self.query, language_of(document.language))

    @cached_property
    def page(self) -> str:
        """The address of the article or term that it is of."""
        owner = self.document.term or self.document.article
        return owner.get_absolute_url() if owner else ""

    @property
    def address(self) -> str:
        """Where it stands: the very part of the article's page, or the term's page."""
        document, page = self.document, self.page
        if not document.anchor:
            return page
        anchor = quote(document.anchor)
        # A later page of the timeline is asked for by the milestone that it begins with.
        at = "" if document.on_first_page else f"?at={anchor}"
        return f"{page}{at}#{anchor}"

    @property
    def standing(self) -> Standing | None:
        """How a statement stands; None for what is no statement."""
        document = self.document
        if document.sourced is None:
            return None
        return standing_of(
            sourced=document.sourced, checked=self.checked, stale_before=self.stale_before
        )

    @property
    def checked(self) -> str:
        """The ISO day of the last check of a statement; '' without one."""
        return self.document.checked.isoformat() if self.document.checked else ""

    @property
    def about(self) -> Any:
        """The live article about a term."""
        term = self.document.term
        return term.article if term and term.article and term.article.is_live else None
