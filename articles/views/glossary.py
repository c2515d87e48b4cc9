"""The glossary, and the page of each of its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.access import editor_of, keep_private
from articles.alphabet import OTHER
from articles.models import Term, TermName
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
    entries = TermName.objects.glossary()
    letters = list(
        entries.order_by("letter")
        .values("letter")
        .annotate(entries=Count("pk"), terms=Count("pk", filter=Q(is_alias=False)))
    )
    rows = entries.select_related("term__article")
    page = counted_page(request, rows, ENTRIES, sum(letter["entries"] for letter in letters))
    shown = list(page.object_list)
    # What is a list of terms to others: machines need no references to the same page.
    page.object_list = [entry.term for entry in shown if not entry.is_alias]
    context = {
        "page": page,
        "number": sum(letter["terms"] for letter in letters),
        "groups": _groups(shown),
        "letters": _index(letters, page),
        "canonical": address_of_page(request, page),
    }
    return render(request, "articles/term_list.html", context)


def _groups(entries: list[TermName]) -> list[tuple[Letter, list[TermName]]]:
    groups: dict[str, list[TermName]] = {}
    for entry in entries:
        groups.setdefault(entry.letter, []).append(entry)
    return [(_letter(letter), found) for letter, found in groups.items()]


def _letter(letter: str, address: str = "") -> Letter:
    if letter == OTHER:
        return Letter("0–9", "letter-other", address)
    return Letter(letter.upper(), f"letter-{letter}", address)


def _index(letters: Sequence[Mapping[str, Any]], page: Page[Any]) -> list[Letter]:
    """The letters that exist, each leading to its first entry, and the gaps in the Latin ones."""
    starts: dict[str, int] = {}
    before = 0
    for row in letters:
        starts[row["letter"]] = before // page.paginator.per_page + 1
        before += row["entries"]
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
