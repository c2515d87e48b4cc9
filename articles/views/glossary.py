"""The glossary, and the page of each of its terms."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.access import editor_of, keep_private
from articles.alphabet import OTHER
from articles.models import Term, TermName
from articles.until_written import UntilWritten
from articles.uses import grouped, uses_of_term
from articles.views.paging import address_of_page, counted_page

# Entries, and parts that use a term, on a page.
ENTRIES = 100
USES = 50
# Neighbours in the alphabet on either side of a term.
NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the index: how it is shown, and where its first entry is ('' for nowhere)."""

    shown: str
    id: str
    address: str = ""


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """The terms that have a definition or a live article, by letter; other names refer to them."""
    glossary = _glossary.get(_read_glossary)
    page = counted_page(request, glossary.entries, ENTRIES, len(glossary.entries))
    entries = TermName.objects.select_related("term__article").filter(pk__in=page.object_list)
    shown = list(entries.order_by("letter", "order", "pk"))
    letters = glossary.letters
    # What is a list of terms to others: machines need no references to the same page.
    page.object_list = [entry.term for entry in shown if not entry.is_alias]
    context = {
        "page": page,
        "number": glossary.terms,
        "groups": _groups(shown),
        "letters": _index(letters, page),
        "canonical": address_of_page(request, page),
    }
    return render(request, "articles/term_list.html", context)


@dataclass(frozen=True, slots=True)
class Glossary:
    """The keys of all entries in order, how many begin with each letter, and how many are terms."""

    entries: array[int]
    letters: dict[str, int]
    terms: int


_glossary: UntilWritten[Glossary] = UntilWritten()


def _read_glossary() -> Glossary:
    entries, letters, terms = array("q"), Counter[str](), 0
    rows: Any = TermName.objects.glossary().values_list("pk", "letter", "is_alias")
    for key, letter, is_alias in rows.iterator():
        entries.append(key)
        letters[letter] += 1
        terms += not is_alias
    return Glossary(entries, letters, terms)


def _groups(entries: list[TermName]) -> list[tuple[Letter, list[TermName]]]:
    groups: dict[str, list[TermName]] = {}
    for entry in entries:
        groups.setdefault(entry.letter, []).append(entry)
    return [(_letter(letter), found) for letter, found in groups.items()]


def _letter(letter: str, address: str = "") -> Letter:
    if letter == OTHER:
        return Letter("0–9", "letter-other", address)
    return Letter(letter.upper(), f"letter-{letter}", address)


def _index(letters: Mapping[str, int], page: Page[Any]) -> list[Letter]:
    """The letters that exist, each leading to its first entry, and the gaps in the Latin ones."""
    starts: dict[str, int] = {}
    before = 0
    for found_letter, number in letters.items():
        starts[found_letter] = before // page.paginator.per_page + 1
        before += number
    latin = ascii_lowercase if any(letter in starts for letter in ascii_lowercase) else ""
    others = [letter for letter in starts if letter not in {*ascii_lowercase, OTHER}]
    index = []
    for letter in [*([OTHER] if OTHER in starts else []), *latin, *others]:
        start = starts.get(letter)
        query = "" if start == page.number else f"?page={start}"
        found = _letter(letter)
        address = f"{query}#{found.id}" if start else ""
        index.append(_letter(letter, address))
    return index


@require_safe
def term(request: HttpRequest, slug: str) -> HttpResponse:
    """A term: its definition, where it is used, and its neighbours.

    The address of another name leads there for good. Editors see hidden terms too.
    """
    editor = editor_of(request)
    terms = Term.objects.all() if editor else Term.objects.public()
    found = terms.select_related("article").filter(slug=slug).first()
    if found is None:
        return _moved(terms.filter(names__slug=slug).order_by("pk").first())
    rows = uses_of_term(found)
    page = Paginator(rows, USES).get_page(request.GET.get("page"))
    context = {
        "term": found,
        "about": found.article if found.article and found.article.is_live else None,
        "page": page,
        "articles": grouped(page.object_list),
        "neighbours": _neighbours(found),
        "canonical": address_of_page(request, page),
    }
    response = render(request, "articles/term.html", context)
    return keep_private(response) if editor else response


def _moved(found: Term | None) -> HttpResponse:
    if found is None:
        raise Http404
    return HttpResponsePermanentRedirect(found.get_absolute_url())


def _neighbours(found: Term) -> list[Term]:
    """The terms around this one in the glossary, and itself, in order."""
    own = found.names.filter(is_alias=False).first()
    if own is None:
        return []
    terms = TermName.objects.glossary().filter(is_alias=False).select_related("term")
    before = [entry.term for entry in terms.before(own)[:NEIGHBOURS]]
    behind = [entry.term for entry in terms.behind(own)[:NEIGHBOURS]]
    return [*reversed(before), found, *behind]
