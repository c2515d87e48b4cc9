"""What parts name beyond their article: terms of the glossary, and site-wide sources."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from articles.markup import fold
from articles.models import Reference, Term, TermName
from articles.models.references import Source


def terms_named(names: Any) -> dict[str, Term]:
    """Folded name -> the term that has it, for all of these names with one query."""
    folded = [fold(name) for name in names]
    found = TermName.objects.filter(folded__in=folded).select_related("term")
    return {row.folded: row.term for row in found}


def meaning(form: Any, terms: dict[str, Term]) -> Any:
    """What a form's name means: a term's key, or the folded name of a new term."""
    folded = fold(form.cleaned_data["term_name"])
    return terms[folded].pk if folded in terms else folded


def check_term(form: Any, terms: dict[str, Term]) -> None:
    """Set `found_term`; refuse a definition that would be lost, because the term has another."""
    form.found_term = term = terms.get(fold(form.cleaned_data["term_name"]))
    definition = form.cleaned_data["definition"]
    known = {"", term.definition if term else definition, form.initial.get("definition", "")}
    if term and term.definition and definition not in known:
        message = _("“%(term)s” has a definition already; change it on the page of the term.")
        form.add_error("definition", message % {"term": term.name})


def set_term(form: Any) -> None:
    """Point the part at its term, made when there is none; an empty definition is filled."""
    data = form.cleaned_data
    term = form.found_term or Term.objects.named(data["term_name"])
    carried = form.initial.get("definition", "") if "definition" not in form.changed_data else ""
    if data["definition"] and not term.definition and data["definition"] != carried:
        term.definition = data["definition"]
        term.save()
    form.instance.term = term


def set_sources(references: list[Reference]) -> None:
    """Point references at the sources of their DOI, ISBN or address, made when there are none."""
    sources = Source.objects.for_identities(reference.identity for reference in references)
    for reference in references:
        reference.source = sources.get(reference.identity)
