"""The page of an article, and others, as linked data: one `@graph` of schema.org's words.

It says what the page shows and no more: the milestones and the comments of this view, with dates
only where schema.org has a form for them. Nothing here costs a query. FAQPage and the others are
for whoever reads them; no search engine promises anything for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.addresses import address_of
from articles.cards import card_of, site_card
from articles.discussion.thread import DiscussionPage
from articles.markup.strip import text_of
from articles.models import Article, SiteSettings
from articles.page import ArticlePage
from articles.schema_org import HERE, coverage, to_json
from timeline.dates import show
from timeline.view import TimelineView

type Node = dict[str, Any]


def _graph(*nodes: str) -> SafeString:
    """The nodes, JSON already, as the content of a script element."""
    joined = ",".join(node for node in nodes if node)
    # `to_json` leaves nothing that could end the element.
    return mark_safe(f'{{"@context":"https://schema.org","@graph":[{joined}]}}')  # noqa: S308


def _root() -> str:
    return settings.SITE_URL


def _site(site: SiteSettings) -> list[Node]:
    """The site, and who publishes it: on every page, because others refer to them."""
    root = _root()
    return [
        {
            "@type": "WebSite",
            "@id": f"{root}/#website",
            "url": f"{root}/",
            "name": site.name,
            "publisher": {"@id": f"{root}/#publisher"},
        },
        {
            "@type": "Organization",
            "@id": f"{root}/#publisher",
            "name": site.name,
            "url": f"{root}/",
        },
    ]


def _trail(url: str, *steps: tuple[str, str]) -> Node:
    """The way from the front page: names and addresses, the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "@id": f"{url}#trail",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }


# The page of an article ---------------------------------------------------------------------------


def article_graph(
    article: Article, page: ArticlePage, discussion: DiscussionPage, site: SiteSettings
) -> SafeString:
    """The graph of a live article's page; '' of one that was rendered by an older version."""
    fixed = article.rendered.page.get("graph")
    if not fixed or article.published_at is None:
        return SafeString("")
    root = _root()
    url = f"{root}{article.get_absolute_url()}"
    own = to_json(_article(article, page, discussion, site, url))
    category, view = article.category, page.timeline.view
    steps = [(site.name, f"{root}/"), (article.title, url)]
    if category:
        steps.insert(1, (category.name, f"{root}{category.get_absolute_url()}"))
    others = [*_terms(page, root), _trail(url, *steps), *_site(site)]
    listed = ""
    if isinstance(view, TimelineView) and view.total:
        listed = page.kept.get(("graph", url), lambda: to_json(_milestones(view, url)))
    return _graph(
        f"{own[:-1]},{fixed['article'].replace(HERE, url)}}}",
        fixed["faq"].replace(HERE, url),
        to_json(others)[1:-1],
        listed,
    )


def _article(
    article: Article, page: ArticlePage, discussion: DiscussionPage, site: SiteSettings, url: str
) -> Node:
    root = _root()
    published = article.published_at or article.changed_at
    node: Node = {
        "@type": "Article",
        "@id": f"{url}#article",
        "url": url,
        "mainEntityOfPage": url,
        "isPartOf": {"@id": f"{root}/#website"},
        "publisher": {"@id": f"{root}/#publisher"},
        "author": _person(article) or {"@id": f"{root}/#publisher"},
        "datePublished": published.isoformat(timespec="seconds"),
        "dateModified": max(published, article.changed_at).isoformat(timespec="seconds"),
        "image": (card_of(article) or site_card(site)).url,
        "license": site.licence_url,
        "articleSection": article.category.name if article.category else "",
        "keywords": [name for name, _address in page.tags],
        "mentions": [{"@id": f"{root}{term.url}"} for term in page.related_terms],
    }
    node = {name: value for name, value in node.items() if value}
    comments = [entry for entry in discussion.entries if not entry.is_placeholder]
    node["commentCount"] = discussion.readable
    if comments:
        shown = {entry.pk for entry in comments}
        node["comment"] = [
            {
                "@type": "Comment",
                "@id": f"{url}#comment-{entry.pk}",
                "author": {"@type": "Person", "name": entry.name},
                "dateCreated": entry.created_at.isoformat(timespec="seconds"),
                "text": text_of(entry.html),
            }
            | (
                {"parentItem": {"@id": f"{url}#comment-{entry.parent}"}}
                if entry.parent in shown
                else {}
            )
            for entry in comments
        ]
    return node


def _person(article: Article) -> Node | None:
    author = article.author
    if author is None or not author.public_name:
        return None
    person = {"@type": "Person", "name": author.public_name}
    if author.slug:
        address = f"{_root()}{author.get_absolute_url()}"
        person |= {"@id": f"{address}#person", "url": address}
    return person


def _terms(page: ArticlePage, root: str) -> list[Node]:
    glossary = f"{root}{address_of('articles:term_list')}"
    return [_term(f"{root}{t.url}", t.name, t.definition, glossary) for t in page.related_terms]


def _term(url: str, name: str, definition: str, glossary: str) -> Node:
    node = {"@type": "DefinedTerm", "@id": url, "name": name, "url": url}
    if definition:
        node["description"] = definition
    return node | {"inDefinedTermSet": glossary}


def _milestones(view: TimelineView, url: str) -> Node:
    """The milestones that this view shows, and how many its filter lets through.

    A milestone is a part of the article, a work about its time: an Event would promise a place and
    a day. Dates that ISO 8601 cannot say (circa, before the year 1, decades) are in words.
    """
    here = f"{url}{view.query()}" if view.is_filtered else url
    return {
        "@type": "ItemList",
        "@id": f"{here}#timeline",
        "name": _("Timeline"),
        "numberOfItems": view.counts.shown,
        "itemListOrder": "https://schema.org/ItemListOrderAscending",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "item": {
                    "@type": "CreativeWork",
                    "@id": f"{url}#{milestone.anchor}",
                    "name": milestone.title,
                    "temporalCoverage": coverage(milestone.date) or show(milestone.date),
                },
            }
            for position, milestone in enumerate(view.page.milestones, start=1)
        ],
    }


# Other pages --------------------------------------------------------------------------------------


def front_graph(site: SiteSettings) -> SafeString:
    """The site, and how to search in it."""
    nodes = _site(site)
    nodes[0]["description"] = site.introduction_line or site.tagline
    nodes[0]["potentialAction"] = {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            # The variable is named like the action's own property.
            "urlTemplate": f"{_root()}{address_of('articles:search')}?q={{query}}",
        },
    }
    return _graph(to_json(nodes)[1:-1])


def list_graph(
    url: str, name: str, site: SiteSettings, articles: Sequence[Article], *, description: str = ""
) -> SafeString:
    """A page of a list of articles."""
    root = _root()
    page: Node = {
        "@type": "CollectionPage",
        "@id": url,
        "url": url,
        "name": name,
        "isPartOf": {"@id": f"{root}/#website"},
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": article.title,
                    "url": f"{root}{article.get_absolute_url()}",
                }
                for position, article in enumerate(articles, start=1)
            ],
        },
    }
    if description:
        page["description"] = description
    trail = _trail(url, (site.name, f"{root}/"), (name, url))
    return _graph(to_json([page, trail, *_site(site)])[1:-1])


def glossary_graph(url: str, site: SiteSettings, terms: Iterable[Any]) -> SafeString:
    """A page of the glossary."""
    root = _root()
    glossary = f"{root}{address_of('articles:term_list')}"
    node: Node = {
        "@type": "DefinedTermSet",
        "@id": glossary,
        "url": glossary,
        "name": _("Glossary"),
        "hasDefinedTerm": [
            _term(f"{root}{term.get_absolute_url()}", term.name, term.definition, glossary)
            for term in terms
        ],
    }
    trail = _trail(url, (site.name, f"{root}/"), (_("Glossary"), glossary))
    return _graph(to_json([node, trail, *_site(site)])[1:-1])


def term_graph(term: Any, site: SiteSettings) -> SafeString:
    """The page of a term."""
    root = _root()
    glossary = f"{root}{address_of('articles:term_list')}"
    url = f"{root}{term.get_absolute_url()}"
    node = _term(url, term.name, term.definition, glossary)
    if term.aliases:
        node["alternateName"] = list(term.aliases)
    trail = _trail(url, (site.name, f"{root}/"), (_("Glossary"), glossary), (term.name, url))
    return _graph(to_json([node, trail, *_site(site)])[1:-1])
