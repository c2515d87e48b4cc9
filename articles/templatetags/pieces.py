"""Pieces of HTML that stand on a page dozens of times.

They are Python because a piece costs about ten times as much as a template of the same text, and a
long article has hundreds. Everything that an editor typed is escaped here; regions of the page and
whatever stands there once are templates.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles import reference_text
from articles.languages import direction
from articles.markup import fill
from articles.page_text import DatedStatement, PageText, Statement
from articles.standing import Standing, sign_of, stale_before, standing_of
from articles.templatetags.milepost import day, isbn_text, own_words, place, without_scheme
from timeline import dates
from timeline.pages import MilestoneEntry
from timeline.view import TimelineView

register = template.Library()

# Kinds of sources whose title stands by itself on a cover, and is set in italics.
WHOLE_WORKS = {"book", "thesis", "report"}


@register.simple_tag
def mark(sign: str, text: str = "") -> SafeString:
    """The symbol of a sign (see `standing.SIGNS`), and a word beside it."""
    return mark_safe(  # noqa: S308 - escaped
        f'<span class="mark mark-{escape(sign)}"><svg aria-hidden="true" focusable="false">'
        f'<use href="#mark-{escape(sign)}"/></svg>{escape(text)}</span>'
    )


# Statements ---------------------------------------------------------------------------------------


@register.simple_tag
def evidence(item: Statement, text: PageText) -> SafeString:
    """How we know: the standing of a statement, its check, its sources, and a link to it."""
    here = escape(item.anchor)
    name = _("Link to %(name)s") % {"name": item.label or item.anchor}
    link = escape(_("Link"))
    cites = "".join(_cite(use, text) for use in item.uses)
    return mark_safe(  # noqa: S308 - escaped
        f'<div class="evidence"{own_words(text.language)}><p>'
        f"{standing_words(item.standing, item.checked)}</p>"
        + (f'<p class="cites">{cites}</p>' if cites else "")
        + f'<p class="handles"><a href="#{here}" aria-label="{escape(name)}">{link}</a>'
        f"{_cite_it(item, text)}{_discuss(item, text)}</p>"
        "</div>"
    )


@register.simple_tag
def row_evidence(row: Statement, language: str) -> SafeString:
    """The same in an infobox, whose sources stand in the text: of a sourced row only the check."""
    words = standing_words(row.standing, row.checked)
    if row.standing == Standing.SOURCED:
        words = mark(row.sign, _check_words(row.standing, row.checked))
    return mark_safe(  # noqa: S308 - escaped
        f'<div class="evidence"{own_words(language)}><p>{words}</p></div>'
    )


@register.simple_tag
def here(anchor: str, name: str) -> SafeString:
    """The link of a part to itself."""
    label = _("Link to %(name)s") % {"name": name}
    return mark_safe(  # noqa: S308 - escaped
        f'<a class="here" href="#{escape(anchor)}" aria-label="{escape(label)}">#</a>'
    )


def _cite_it(item: Statement, text: PageText) -> str:
    """The way to cite and to share a statement."""
    label = _("Cite %(name)s") % {"name": item.label or item.anchor}
    address = escape(f"{text.cite}{quote(item.anchor)}")
    word = escape(_("Cite"))
    return f' <a href="{address}" rel="nofollow" aria-label="{escape(label)}">{word}</a>'


def _discuss(item: Statement, text: PageText) -> str:
    """The way to comment on a statement, where there is one."""
    if not text.discuss:
        return ""
    label = _("Discuss %(name)s") % {"name": item.label or item.anchor}
    address = escape(f"{text.discuss}?about={quote(item.anchor)}")
    word = escape(_("Discuss"))
    return f' <a href="{address}" rel="nofollow" aria-label="{escape(label)}">{word}</a>'


def standing_words(standing: Standing, checked: str) -> str:
    """The standing of a statement in words, and when somebody last looked, or that nobody did.

    `checked` is the ISO day of its check, or ''.
    """
    words = mark(sign_of(standing, is_checked=bool(checked)), standing.label)
    check = _check_words(standing, checked)
    return f'{words} <span class="since">{escape(check)}</span>' if check else words


def _check_words(standing: Standing, checked: str) -> str:
    """When somebody last looked; '' where nobody did and there is no source to compare with."""
    if checked:
        text = _("last checked %(day)s") if standing == Standing.STALE else _("checked %(day)s")
        return text % {"day": day(checked)}
    return _("not checked yet") if standing == Standing.SOURCED else ""


def _cite(use: Any, text: PageText) -> str:
    words = f"{use.number}. {text.short_names[use.key]}{place(use.place)}"
    there = escape(f"{text.references}#reference-{use.key}")
    return f'<a id="{escape(use.id)}" href="{there}">{escape(words)}</a> '


# Milestones ---------------------------------------------------------------------------------------


@register.simple_tag
def when(item: DatedStatement, view: TimelineView, language: str = "") -> SafeString:
    """The date of a milestone, which is a link to it, and the names of its tracks."""
    here = escape(item.anchor)
    link = f"#{here}"
    if not view.page.is_whole:
        link = f"{escape(view.address + view.query(at=item.anchor))}{link}"
    names = escape(", ".join(name for name, _number in item.milestone.tracks))
    date, _extent_class, _shape = _shown_date(item.milestone.date, get_language())
    html = f'<p class="when"{own_words(language)}><a href="{link}">{date}</a>'
    html += f'<span class="track-name">{names}</span>' if names else ""
    return mark_safe(f"{html}</p>")  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def site_milestone(context: Context, entry: MilestoneEntry, view: TimelineView) -> SafeString:
    """A milestone on the timeline of all articles: it leads to its place in its article."""
    url = reverse("articles:article", args=[entry.article_slug])
    # An article shows its timeline a page at a time: the address says which page.
    there = escape(f"{url}?at={quote(entry.anchor)}#{entry.anchor}")
    date, _extent_class, _shape = _shown_date(entry.date, get_language())
    names = escape(", ".join(name for name, _number in entry.tracks))
    text = fill(entry.html, numbers={}, targets={}, part=entry.anchor, cites="pulled").html
    checked = entry.checked.isoformat() if entry.checked else ""
    standing = standing_of(
        sourced=entry.sourced, checked=checked, stale_before=_stale_before(context)
    )
    language = ""
    if entry.language != get_language():
        language = f' lang="{escape(entry.language)}" dir="{direction(entry.language)}"'
    return mark_safe(  # noqa: S308 - escaped, and the text is sanitised
        f'<li id="{escape(entry.element_id)}" data-part="milestone"><p class="when">'
        f'<a href="{there}">{date}</a>'
        + (f'<span class="track-name">{names}</span>' if names else "")
        + f"</p>{road(entry)}<h3{language}>{escape(entry.title)}</h3>"
        + (f'<div class="milestone-text"{language}>{text}</div>' if text else "")
        + f'<div class="evidence"><p{language}><a href="{escape(url)}">{escape(entry.article)}</a>'
        f"</p><p>{standing_words(standing, checked)}</p></div></li>"
    )


def _stale_before(context: Context) -> str:
    """The day before which checks are stale, worked out once a page."""
    if "stale_before" not in context.render_context:
        months = context["site"].stale_after_months
        context.render_context["stale_before"] = stale_before(timezone.localdate(), months)
    return str(context.render_context["stale_before"])


@register.simple_tag
def road(milestone: MilestoneEntry) -> SafeString:
    """The mark of a milestone on the line of its timeline: a shape for each track, or an extent."""
    _html, extent, shape = _shown_date(milestone.date, get_language())
    marks = [number for _name, number in milestone.tracks] or [0]
    if extent:
        inner = f'<span class="{extent}"></span>'
    else:
        inner = "".join(
            f'<svg class="track-{number}" viewBox="-8 -8 16 16" focusable="false">'
            f'<use class="{shape}" href="#shape-{number or 1}"/></svg>'
            for number in marks
        )
    track = f" track-{marks[0]}" if extent else ""
    return mark_safe(f'<span class="road{track}" aria-hidden="true">{inner}</span>')  # noqa: S308


@lru_cache(maxsize=4096)
def _shown_date(edtf: str, language: str | None) -> tuple[SafeString, str, str]:
    """A date in HTML, the classes of its extent ('' for none) and those of its shape."""
    date = dates.parse_edtf(edtf)
    value = dates.datetime_attribute(edtf)
    html = f"<b>{escape(dates.show(edtf, short=True))}</b>"
    if value is not None:
        html = f'<time datetime="{escape(value)}">{html}</time>'
    loose = date.is_circa or date.is_uncertain
    shape = "shape shape-circa" if loose else "shape"
    return mark_safe(html), _extent(date) if date.is_interval else "", shape  # noqa: S308


def _extent(date: dates.HistoricalDate) -> str:
    """The classes of a range's bar: open where it goes on, loose where its ends are not known."""
    bounds = date.bounds
    if dates.OPEN_END in (bounds.end_max, bounds.end_min) or bounds.start_min == dates.OPEN_START:
        return "extent extent-open"
    return "extent extent-loose" if date.is_circa or date.is_uncertain else "extent"


# References ---------------------------------------------------------------------------------------


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


@register.simple_tag
def reference_evidence(ref: dict[str, Any], language: str = "") -> SafeString:
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
    return mark_safe(  # noqa: S308 - escaped
        f'<div class="evidence"{own_words(language)}>{"".join(rows)}</div>'
    )


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


@register.simple_tag
def sources(references: list[dict[str, Any]], text: PageText) -> SafeString:
    """The items of a list of sources beside a text: number, short name, where it appeared."""
    return mark_safe(  # noqa: S308 - escaped
        "".join(
            f'<li><a href="#{escape(ref["anchor"])}">{ref["number"]}</a>'
            f"<span>{escape(text.short_names[ref['key']])}{_appeared(ref)}</span></li>"
            for ref in references
        )
    )


def _appeared(ref: dict[str, Any]) -> str:
    is_book = ref["source_kind"] == "book" and ref["authors"]
    name = ref["container"] or (ref["title"] if is_book else "")
    return f", <i>{escape(name)}</i>" if name else ""
