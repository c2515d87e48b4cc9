"""What the page of results shows, in words and addresses: a search, its filters, and its hits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from articles.models import Category, SiteSettings
from articles.search.engines import Filters
from articles.search.entries import Kind
from articles.search.finding import (
    PAGE_SIZE,
    SHOWN_OF_KIND,
    Amount,
    Found,
    detailed,
    languages,
    missing_kinds,
    search,
)
from articles.search.forms import Asked
from articles.search.hits import Hit
from articles.search.models import KIND_NAMES
from articles.search.ranking import KINDS, Ranking
from articles.search.spelling import LOOKED, Advice, advise
from articles.search.words import Query, read_query
from articles.standing import stale_before


def amount_text(amount: Amount) -> str:
    """How many, as text: "38" or "more than 500"."""
    number = number_format(amount.number, force_grouping=True)
    return _("more than %(number)s") % {"number": number} if amount.is_more else number


def short_amount(amount: Amount) -> str:
    """The same where there is little room: "38" or "500+"."""
    number = number_format(amount.number, force_grouping=True)
    return f"{number}+" if amount.is_more else number


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a filter: its name, how many results it shows, and its address."""

    name: str
    amount: Amount
    address: str
    is_chosen: bool
    value: str

    @property
    def number(self) -> str:
        """How many, in short."""
        return short_amount(self.amount)


@dataclass(frozen=True, slots=True)
class Band:
    """The results of one kind."""

    kind: str
    name: str
    hits: list[Hit]
    amount: Amount
    address: str

    @property
    def has_more(self) -> bool:
        """Whether there are more than these."""
        return self.amount.is_more or self.amount.number > len(self.hits)

    @property
    def more(self) -> str:
        """The link to all of them, in words."""
        if self.amount.is_more:
            return _("Show more of the %(amount)s") % {"amount": amount_text(self.amount)}
        return _("Show all %(amount)s") % {"amount": amount_text(self.amount)}


@dataclass(slots=True)
class Results:
    """Everything that the page shows. Reading its attributes costs no query."""

    asked: Asked
    found: Found
    bands: list[Band] = field(default_factory=list)
    page: Page | None = None
    advice: Advice = field(default_factory=Advice)
    # What was sought instead because nothing was found for what was typed.
    corrected: str = ""
    categories: dict[int, Category] = field(default_factory=dict)
    path: str = field(default_factory=partial(reverse, "articles:search"))

    @property
    def query(self) -> Query:
        """What was sought."""
        return self.found.query

    @property
    def typed(self) -> str:
        """What stands in the field: what was typed, so far as a page can hold it."""
        return read_query(self.asked.typed, ()).typed

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is chosen."""
        return self.asked.filters != Filters()

    @property
    def sentence(self) -> str:
        """How many results there are, in words."""
        total = self.found.total
        values = {"amount": amount_text(total), "query": self.query.typed}
        if not total:
            return _("Nothing was found for “%(query)s”.") % values
        return (
            ngettext(
                "%(amount)s result for “%(query)s”",
                "%(amount)s results for “%(query)s”",
                total.number + total.is_more,
            )
            % values
        )

    def address(self, **changes: Any) -> str:
        """The address of this search with changes; the page is left out unless it is given."""
        filters = self.asked.filters
        category = self.asked.category
        values = {
            "q": self.typed,
            "kind": filters.kind,
            "category": category.slug if category else "",
            "language": filters.language,
            "exact": "1" if self.asked.exact else "",
            "page": "",
        } | changes
        said = {name: value for name, value in values.items() if value}
        # Dozens of addresses stand on a page, all of one path.
        return f"{self.path}?{urlencode(said)}" if said else self.path

    @property
    def exact_address(self) -> str:
        """The same search without any correction."""
        return self.address(exact="1")

    @property
    def all_address(self) -> str:
        """The same search without filters."""
        return self.address(kind="", category="", language="")

    def correction_address(self) -> str:
        """A search for what was probably meant."""
        return self.address(q=self.advice.correction, exact="")

    @property
    def alone(self) -> list[tuple[str, str, str]]:
        """Words that something has by themselves, how many, and the address of that search."""
        return [
            (word, f"{LOOKED}+" if number > LOOKED else str(number), self.address(q=word))
            for word, number in self.advice.alone
        ]

    # Filters ------------------------------------------------------------------------------------

    @property
    def kinds(self) -> list[Choice]:
        """All kinds, each with its number, and all of them together."""
        counts, chosen = self.found.counts, self.asked.filters.kind
        everything = Choice(
            _("Everything"), counts.all_kinds, self.address(kind=""), not chosen, ""
        )
        return [
            everything,
            *(
                Choice(str(name), counts.kinds.get(kind, Amount(0)), self.address(kind=kind),
                       kind == chosen, kind)
                for kind, name in KIND_NAMES.items()
            ),
        ]  # fmt: skip

    @property
    def subjects(self) -> list[Choice]:
        """The categories to choose from; none when there is no choice."""
        chosen = self.asked.filters.category
        choices = [
            Choice(row.name, amount, self.address(category="" if key == chosen else row.slug),
                   key == chosen, row.slug)
            for key, amount in self.found.counts.categories.items()
            if (row := self.categories.get(key))
        ]  # fmt: skip
        choices.sort(key=lambda choice: choice.name.casefold())
        return choices if len(choices) > 1 or chosen else []

    @property
    def tongues(self) -> list[Choice]:
        """The languages to choose from; none when there is no choice."""
        chosen = self.asked.filters.language
        choices = [
            Choice(_language_name(code), amount,
                   self.address(language="" if code == chosen else code), code == chosen, code)
            for code, amount in self.found.counts.languages.items()
        ]  # fmt: skip
        return choices if len(choices) > 1 or chosen else []


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def results(asked: Asked, site: SiteSettings) -> Results:
    """Search as an address asks, and get what the page shows."""
    known = languages()
    found = search(asked.typed, asked.filters, known=known)
    shown = Results(asked, found)
    if not found.query:
        return shown
    if not found.total and not found.counts.all_kinds and not _is_elsewhere(found):
        shown.advice = advise(found.query, known)
        if shown.advice.correction and not asked.exact:
            shown.corrected = shown.advice.correction
            shown.found = found = search(shown.corrected, asked.filters, known=known)
    shown.categories = Category.objects.in_bulk(found.counts.categories)
    before = stale_before(timezone.localdate(), site.stale_after_months)

    def hits(candidates: Sequence[Any]) -> list[Hit]:
        return [Hit(document, found.query, before) for document in detailed(candidates)]

    if asked.filters.kind:
        shown.page = Paginator(found.ranked, PAGE_SIZE).get_page(asked.page)
        rows = hits(list(shown.page.object_list))
        shown.bands = [_band(shown, asked.filters.kind, rows)] if rows else []
    else:
        shown.bands = _bands(shown, hits)
    return shown


def _is_elsewhere(found: Found) -> bool:
    """Whether something would be found without the filters, so that the words are right."""
    counts = found.counts
    amounts: Iterable[Amount] = (
        *counts.kinds.values(), *counts.categories.values(), *counts.languages.values()
    )  # fmt: skip
    return any(amounts) or bool(found.unfiltered)


def _band(shown: Results, kind: str, hits: list[Hit]) -> Band:
    amount = shown.found.counts.kinds[kind]
    return Band(kind, str(KIND_NAMES[kind]), hits, amount, shown.address(kind=kind))


def _bands(shown: Results, hits: Any) -> list[Band]:
    """The best of each kind, the kind with the best result first."""
    found = shown.found
    first = {kind.value: found.of_kind(kind.value)[:SHOWN_OF_KIND] for kind in KINDS}
    first |= missing_kinds(found, [kind for kind, rows in first.items() if not rows])
    every: dict[str, list[Hit]] = {}
    for hit in hits([candidate for rows in first.values() for candidate in rows]):
        every.setdefault(hit.document.kind, []).append(hit)
    ranking = Ranking(found.query)
    order = sorted(every, key=lambda kind: (ranking(first[kind][0])[0], KINDS.index(Kind(kind))))
    return [_band(shown, kind, every[kind]) for kind in order]
