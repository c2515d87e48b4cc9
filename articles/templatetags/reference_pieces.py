"""References as HTML: the list below an article, and one of them on a page of its own."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import reference_text
from articles.page_text import PageText
from articles.templatetags.milepost import day, isbn_text, own_words, without_scheme
from articles.templatetags.pieces import mark

register = template.Library()

# Kinds of sources whose title stands by itself on a cover, and is set in italics.
WHOLE_WORKS = {"book", "thesis", "report"}


@register.simple_tag
def references(listed: list[dict[str, Any]], text: PageText) -> SafeString:
    """The items of the list of references (see `page.listed_references`)."""
    return mark_safe("\n".join(_kept_item(ref, text) for ref in listed))  # noqa: S308 - escaped


def _kept_item(ref: dict[str, Any], text: PageText) -> str:
    """A reference says the same in each view of a timeline that uses it in the same places."""
    key = ("reference", ref["key"], ref["cited"], *ref["uses"])
    item: str = text.kept.get(key, lambda: _item(ref, text))
    return item


def _item(ref: dict[str, Any], text: PageText) -> str:
    return (
        f'<li class="with-evidence" id="{escape(ref["anchor"])}" data-part="reference">'
        f'<p><span class="number">{ref["number"]}</span>{reference_words(ref)}</p>'
        f"{_evidence(ref, text.language)}</li>"
    )


@register.simple_tag
def reference_words(ref: dict[str, Any]) -> SafeString:
    """A reference as a reference list has it: people, year, title, where it appeared, address."""
    year = f" ({escape(reference_text.year_text(ref['year']))})" if ref["year"] else ""
    pieces = []
    if ref["authors"]:
        pieces.append(f"{escape(reference_text.authors_text(ref['authors']))}{year}. ")
    if ref["title"]:
        pieces.append(f"{_title(ref)}{'' if ref['authors'] else year}. ")
    if where := _where(ref):
        pieces.append(f"{where}. ")
    if ref["publisher"]:
        pieces.append(f"{escape(ref['publisher'])}. ")
    if ref["isbn"]:
        pieces.append(f'<span class="where">{escape(isbn_text(ref["isbn"]))}</span>. ')
    if link := _link(ref):
        pieces.append(f'<span class="where">{link}</span>')
    return mark_safe("".join(pieces))  # noqa: S308 - escaped


@register.simple_tag
def reference_people(ref: dict[str, Any]) -> str:
    """Who made a source and when, as far as that is known: `Krizhevsky & Hinton (2012)`."""
    people = reference_text.authors_text(ref["authors"])
    year = f"({reference_text.year_text(ref['year'])})" if ref["year"] else ""
    return f"{people} {year}".strip()


def _title(ref: dict[str, Any]) -> str:
    title = escape(ref["title"])
    if ref["source_kind"] in WHOLE_WORKS:
        return f"<cite>{title}</cite>"
    return title if ref["placeholder"] else _("“%(title)s”") % {"title": title}


def _where(ref: dict[str, Any]) -> str:
    """Journal or book, volume, issue and pages: `<cite>Nature</cite> 521(7553): 436–444`."""
    text = f"<cite>{escape(ref['container'])}</cite>" if ref["container"] else ""
    text += f" {escape(ref['volume'])}" if ref["volume"] else ""
    text += f"({escape(ref['issue'])})" if ref["issue"] else ""
    if ref["pages"]:
        text += ": " if ref["volume"] or ref["issue"] else ", "
        text += f'<span class="nowrap">{escape(ref["pages"])}</span>'
    return text.strip(" ,")


def _link(ref: dict[str, Any]) -> str:
    if ref["doi"]:
        address, shown = f"https://doi.org/{quote(ref['doi'])}", f"doi:{ref['doi']}"
    else:
        address, shown = ref["url"], without_scheme(ref["url"])
    if not address:
        return ""
    return f'<a href="{escape(address)}" rel="noopener">{escape(shown)}</a>'


def _evidence(ref: dict[str, Any], language: str) -> str:
    """What stands beside a reference: where it is used, what it is, when somebody looked."""
    rows = []
    if ref["placeholder"]:
        why = _("Leads nowhere yet: no address, DOI or ISBN.")
        words = _("Placeholder")
        rows += [f"<p>{mark('unsourced', words)}</p>", f"<p>{escape(why)}</p>"]
    if ref["uses"]:
        rows.append(
            f'<p class="back">{_used(ref)}{_elsewhere(ref)}'
            f'<span class="only-screen">: {_back_links(ref)}</span></p>'
        )
    elif ref["cited"]:
        text = ngettext(
            "Used %(n)s time in a part of the timeline that is not shown",
            "Used %(n)s times in a part of the timeline that is not shown",
            ref["cited"],
        )
        rows.append(f"<p>{escape(text % {'n': ref['cited']})}</p>")
    elif not ref["placeholder"]:
        words = _("Not cited")
        rows.append(f"<p>{escape(words)}</p>")
    if about := _about(ref):
        rows.append(f"<p>{about}</p>")
    name = _("Link to reference %(number)s") % {"number": ref["number"]}
    link = escape(_("Link"))
    rows.append(
        f'<p class="handles"><a href="#{escape(ref["anchor"])}" aria-label="{escape(name)}">'
        f"{link}</a>{_source_page(ref)}</p>"
    )
    return f'<div class="evidence"{own_words(language)}>{"".join(rows)}</div>'


def _source_page(ref: dict[str, Any]) -> str:
    """The way to all of the site that leans on the source; '' for one without identity."""
    # A page rendered by an older version has no number until it is rebuilt.
    if not ref.get("source"):
        return ""
    address = reverse("articles:source", args=[ref["source"]])
    hidden = escape(_("(reference %(number)s)") % {"number": ref["number"]})
    text = escape(_("What leans on it"))
    return f' <a href="{address}">{text}<span class="visually-hidden"> {hidden}</span></a>'


def _used(ref: dict[str, Any]) -> str:
    text = ngettext("Used once", "Used %(n)s times", ref["cited"])
    return escape(text % {"n": ref["cited"]})


def _back_links(ref: dict[str, Any]) -> str:
    """A letter for each use of a reference on this page, leading there."""
    label = _("Back to use %(letter)s of reference %(number)s")
    return "".join(
        f'<a href="#{escape(use.id)}" aria-label="'
        f'{escape(label % {"letter": letter, "number": ref["number"]})}">{letter}</a>'
        for letter, use in ref["uses"]
    )


def _elsewhere(ref: dict[str, Any]) -> str:
    count = ref["elsewhere"]
    text = ngettext(
        ", %(n)s of them in a part of the timeline that is not shown",
        ", %(n)s of them in a part of the timeline that is not shown",
        count,
    )
    return escape(text % {"n": count}) if count else ""


def _about(ref: dict[str, Any]) -> str:
    """`Journal article. Accessed 15 Jan 2026. Archived copy`, as far as it is known."""
    texts = [escape(ref["kind_label"])]
    if ref["accessed"]:
        texts.append(escape(_("Accessed %(day)s") % {"day": day(ref["accessed"])}))
    if ref["archived_url"]:
        label = escape(_("Archived copy"))
        texts.append(f'<a href="{escape(ref["archived_url"])}" rel="noopener">{label}</a>')
    return ". ".join(filter(None, texts))
