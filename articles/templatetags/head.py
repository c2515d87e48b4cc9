"""What programs read in the head of a page: its address, Open Graph, citation, other forms of it.

Python rather than a template because every page has it, and it is a list of names and values.
"""

from __future__ import annotations

import datetime
from html import unescape

from django import template
from django.template import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles import structured_data
from articles.addresses import address_of
from articles.cards import Card, card_of, site_card
from articles.languages import open_graph_locale
from articles.models import Article, SiteSettings

register = template.Library()

_DAY = "%Y/%m/%d"

type Rows = list[tuple[str, ...]]


@register.simple_block_tag
def capture(content: SafeString) -> SafeString:
    """What stands between the tags, as `{% capture as name %}`: to be said in several places."""
    return mark_safe(content.strip())  # noqa: S308 - the block was rendered, and so escaped


@register.simple_tag(takes_context=True)
def graph(context: Context, kind: str = "") -> SafeString:
    """What the page says as linked data, if anything: the `graph` of the context.

    Of a list `kind` says which: "front", "list" (of articles), "glossary" or "term".
    """
    content = context.get("graph", "") if not kind else _graph_of(kind, context)
    if not content:
        return SafeString("")
    # Data for whoever reads it: no browser runs it, so that the CSP does not speak of it. It holds
    # nothing that could end the element (see `schema_org.to_json`).
    return mark_safe(f'<script type="application/ld+json">{content}</script>')  # noqa: S308


def _graph_of(kind: str, context: Context) -> str:
    site, url = context["site"], context.get("canonical") or ""
    if kind == "front":
        return structured_data.front_graph(site)
    if kind == "term":
        return structured_data.term_graph(context["term"], site)
    rows = context["page"].object_list
    if kind == "glossary":
        return structured_data.glossary_graph(url, site, rows)
    name = unescape(context["page_title"])
    return structured_data.list_graph(url, name, site, rows)


@register.simple_tag(takes_context=True)
def machine_links(context: Context) -> SafeString:
    """The elements. A page without `canonical` is none that others should point to: it has none.

    Reads `canonical`, `page_title` and `page_description` of the context, and on the page of an
    article `is_article` and `article`.
    """
    canonical = context.get("canonical")
    if not canonical:
        return SafeString("")
    site = context["site"]
    article = context["article"] if context.get("is_article") else None
    properties = _open_graph(context, site, article)
    links = _links(article)
    lines = [
        f'<link rel="canonical" href="{conditional_escape(canonical)}">',
        *_elements('<meta property="{}" content="{}">', properties),
        *_elements('<meta name="{}" content="{}">', _citation(article, site, canonical)),
        *_elements('<link rel="alternate" type="{}" title="{}" href="{}">', links),
    ]
    return mark_safe("\n  ".join(lines))  # noqa: S308 - each is escaped


def _elements(form: str, rows: Rows) -> list[str]:
    """An element for each row that has a value."""
    return [form.format(*map(conditional_escape, row)) for row in rows if row[-1]]


def _open_graph(context: Context, site: SiteSettings, article: Article | None) -> Rows:
    """The properties of https://ogp.me, those without a value among them."""
    card: Card = (card_of(article) if article else None) or site_card(site)
    language = article.language if article else get_language() or ""
    properties: Rows = [
        ("og:title", context["page_title"]),
        ("og:description", context["page_description"]),
        ("og:type", "article" if article else "website"),
        ("og:url", context["canonical"]),
        ("og:site_name", site.name),
        ("og:locale", open_graph_locale(language)),
        ("og:image", card.url),
        ("og:image:type", "image/png"),
        ("og:image:width", str(card.width)),
        ("og:image:height", str(card.height)),
        ("og:image:alt", card.alt),
    ]
    if article and article.published_at:
        properties += [
            ("article:published_time", article.published_at.isoformat(timespec="seconds")),
            ("article:modified_time", _changed(article).isoformat(timespec="seconds")),
        ]
    return properties


def _changed(article: Article) -> datetime.datetime:
    """When readers last saw it change: not before they could see it."""
    return max(article.changed_at, article.published_at or article.changed_at)


def _citation(article: Article | None, site: SiteSettings, url: str) -> Rows:
    """What reference managers read: an entry of an encyclopedia, which the site is.

    The names are those that publishers' pages use (`citation_…`); `z:itemType` is Zotero's own.
    """
    if article is None:
        return []
    published = article.published_at
    return [
        ("z:itemType", "encyclopediaArticle"),
        ("citation_title", article.title),
        ("citation_author", article.author.public_name if article.author else ""),
        ("citation_inbook_title", site.name),
        ("citation_publisher", site.name),
        ("citation_publication_date", published.strftime(_DAY) if published else ""),
        ("citation_online_date", _changed(article).strftime(_DAY)),
        ("citation_public_url", url),
        ("citation_language", article.language),
    ]


def _links(article: Article | None) -> Rows:
    """Other forms of what the page says."""
    atom = "application/atom+xml"
    links: Rows = [
        (atom, _("New and changed articles"), address_of("articles:articles_feed")),
        (atom, _("Comments"), address_of("articles:comments_feed")),
    ]
    if article:
        own = [article.slug]
        links[:0] = [
            (atom, _("Changes of this article"), address_of("articles:article_feed", *own)),
            ("text/markdown", "Markdown", address_of("articles:article_markdown", *own)),
            ("application/json", "JSON", address_of("articles:article_json", *own)),
        ]
    return links
