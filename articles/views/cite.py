"""Citing an article, a revision or a statement: the page, and files for reference managers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page, require_safe

from articles import citing
from articles.access import Moved, editor_of, get_article, keep_private, redirect_with_query
from articles.anchors import MAX_LENGTH
from articles.citable import Citable, citable, find_revision
from articles.document import DocumentError
from articles.languages import direction
from articles.models import Article, SiteSettings

# Digits of the largest number that a revision can have.
MOST_DIGITS = 9

# Ending of the file -> what it is called, its type, and what writes it.
FILES: dict[str, tuple[str, str, Callable[[citing.Work], str]]] = {
    "bib": ("BibTeX", "application/x-bibtex", citing.bibtex),
    "ris": ("RIS", "application/x-research-info-systems", citing.ris),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json", citing.csl_json),
}
STYLES = {"APA": citing.apa, "MLA": citing.mla, "Chicago": citing.chicago}


@require_safe
@conditional_page
def cite(request: HttpRequest, slug: str) -> HttpResponse:
    """How to cite: in words and as files; `?revision=12` a revision, `?part=fact-x` a statement."""
    editor = editor_of(request)
    try:
        article = get_article(slug, editor)
    except Moved as moved:
        return redirect_with_query(request, reverse("articles:cite", args=[moved.slug]))
    site = SiteSettings.current()
    found = _asked(request, article, site, for_editor=bool(editor))
    context: dict[str, Any] = {
        "article": article,
        "site": site,
        "found": found,
        "work": found.work,
        "direction": direction(found.work.language),
        "styles": [(name, write(found.work)) for name, write in STYLES.items()],
        "files": [
            (name, write(found.work), _file_address(article, ending, request))
            for ending, (name, _type, write) in FILES.items()
        ],
        "canonical": f"{settings.SITE_URL}{reverse('articles:cite', args=[article.slug])}",
    }
    response = render(request, "articles/cite.html", context)
    return keep_private(response) if editor else response


@require_safe
@conditional_page
def cite_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The same as a file: `ending` is `bib`, `ris` or `json`."""
    editor = editor_of(request)
    try:
        article = get_article(slug, editor)
    except Moved as moved:
        return redirect_with_query(request, reverse(f"articles:cite_{ending}", args=[moved.slug]))
    found = _asked(request, article, SiteSettings.current(), for_editor=bool(editor))
    _name, content_type, write = FILES[ending]
    response = HttpResponse(write(found.work), content_type=f"{content_type}; charset=utf-8")
    name = f"{article.slug}-{found.work.revision}.{ending}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = f'<{settings.SITE_URL}{article.get_absolute_url()}>; rel="canonical"'
    return keep_private(response) if editor else response


def _asked(
    request: HttpRequest, article: Article, site: SiteSettings, *, for_editor: bool
) -> Citable:
    """What the query string asks for. Raises Http404 when readers may not see it, or it is none."""
    number, anchor = request.GET.get("revision", ""), request.GET.get("part", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    if (number and not is_number) or len(anchor) > MAX_LENGTH:
        raise Http404
    revision = find_revision(article, int(number) if number else None, for_editor=for_editor)
    try:
        found = revision and citable(article, site, revision, anchor=anchor, is_fixed=bool(number))
    except DocumentError as error:
        # A newer version of the site wrote it.
        raise Http404(str(error)) from error
    if not found:
        raise Http404
    return found


def _file_address(article: Article, ending: str, request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in set(query) - {"revision", "part"}:
        del query[name]
    address = reverse(f"articles:cite_{ending}", args=[article.slug])
    return f"{address}?{query.urlencode()}" if query else address
