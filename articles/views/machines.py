"""What programs ask for: robots.txt, llms.txt, the icon, and the pictures that stand for pages."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import cards
from articles.models import Article, SiteSettings

# Entries of llms.txt: a file to be read whole, by readers with little room.
MOST_LISTED = 500
SUMMARY_LENGTH = 200
_HOUR = 3600
_DAY = 24 * _HOUR
_YEAR = 365 * _DAY


@require_safe
def card(request: HttpRequest, name: str) -> HttpResponse:
    """A picture that stands for a page; its name changes when it does, so it may be kept."""
    content = cards.read(name)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    # It is made to be shown elsewhere.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


# Where programs look for an icon that no page has told them of.
ICONS = {
    "favicon.ico": ("icon.svg", "image/svg+xml"),
    "apple-touch-icon.png": ("apple-touch-icon.png", "image/png"),
}


@require_safe
def icon(request: HttpRequest, name: str) -> HttpResponse:
    """The icon of the site."""
    file, content_type = ICONS[name]
    response = HttpResponse(_static(file), content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={_DAY}"
    return response


@cache
def _static(name: str) -> bytes:
    return (settings.BASE_DIR / "static" / name).read_bytes()


# What no search engine needs: forms, and the editors' part. Pages that must only not be listed,
# such as results of a search, say so themselves; who is kept from them here would not read it.
FORBIDDEN = (
    "/admin/",
    "/accounts/",
    "/comments/manage/",
    "/articles/*/discussion/new/",
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Who may read what (RFC 9309): everybody everything but forms."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in FORBIDDEN),
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('articles:sitemap')}",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    return response


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """The site for language models, as https://llmstxt.org proposes: its articles as Markdown."""
    site = SiteSettings.current()
    rows = list(
        Article.objects.live()
        .order_by("title_folded", "pk")
        .values_list("title", "slug", F("rendered__summary"))[: MOST_LISTED + 1]
    )
    lines = [
        f"# {_plain(site.name)}",
        "",
        f"> {_plain(site.introduction_line or site.tagline)}",
        "",
        _(
            "Each article is a Markdown file with front matter: short answer, infobox, sections, "
            "facts, timeline, related terms, questions and references. [@key] cites the reference "
            "of that key, and “checked” is the day somebody last compared a statement with it. The "
            "same address with .json instead of .md gives the same as JSON."
        ),
        "",
        "## " + _("Articles"),
        "",
        *(
            _listed(title, reverse("articles:article_markdown", args=[slug]), summary or "")
            for title, slug, summary in rows[:MOST_LISTED]
        ),
    ]
    if len(rows) > MOST_LISTED:
        sitemap = f"{settings.SITE_URL}{reverse('articles:sitemap')}"
        sentence = _("These are the first %(n)d articles by title; all are in %(sitemap)s.")
        lines.insert(4, sentence % {"n": MOST_LISTED, "sitemap": sitemap})
        lines.insert(5, "")
    lines += [
        "",
        "## Optional",
        "",
        _listed(
            _("Glossary"),
            reverse("articles:term_list"),
            _("the terms that articles use, each with its definition"),
        ),
        _listed(
            _("Timeline"),
            reverse("timeline:site"),
            _("what happened when, across all articles"),
        ),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/markdown; charset=utf-8")


def _listed(name: str, address: str, note: str) -> str:
    """An entry of a list of files, in the form that the proposal gives."""
    shown = _plain(Truncator(note).chars(SUMMARY_LENGTH))
    return f"- [{_plain(name)}]({settings.SITE_URL}{address})" + (f": {shown}" if shown else "")


def _plain(text: str) -> str:
    """A text as one line of Markdown that says no more than the text."""
    line = " ".join(text.split())
    return line.translate({ord(sign): f"\\{sign}" for sign in "\\[]<>`*_"})
