"""Site-wide names on the page of an article: its tags, its related terms, and where links lead.

They are asked for anew at each view, because a term or tag can be renamed, defined or get an
article of its own without the pages that name it being saved. One query for all of them.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    IntegerField,
    TextField,
    Value,
)
from django.utils import timezone

from articles.addresses import address_of
from articles.models import Article, TermName
from articles.models.article import public_from
from articles.prepared import Prepared
from timeline.models import Track

# What `is_live` looks at, and the slug, of an article at the end of a path of foreign keys.
_LIVENESS = ("slug", "status", "published_at", "copy_of")
_TEXT, _NUMBER = Value("", TextField()), Value(0, IntegerField())
_NO_ARTICLE = (
    Value(None, CharField()),
    Value(None, CharField()),
    Value(None, DateTimeField()),
    Value(None, BigIntegerField()),
)


@dataclass(frozen=True, slots=True)
class RelatedName:
    """A related term: its anchor in the article, what it is called and means, and its address."""

    anchor: str
    name: str
    definition: str
    url: str


@dataclass(slots=True)
class PageNames:
    """What the names are and where they lead.

    `tags` are names and addresses; `targets` lead from folded names of `[[links]]` to addresses.
    `tracks` are those of its milestones: key, slug, name and position.
    """

    tags: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    related_terms: tuple[RelatedName, ...] = ()
    tracks: tuple[tuple[int, str, str, int], ...] = ()


def read_names(article: Article) -> PageNames:
    """The names on the page of an article, which comes with `rendered`.

    A term leads to its page, or to the live article about it. The live article that has the name as
    its title comes next, and then a term that is not `defined`. Links of an article to itself stay
    plain.
    """
    page = article.rendered.page
    # A page rendered by an older version may lack them until it is rebuilt.
    links, tracks = page.get("terms", ()), page.get("milestones", {}).get("tracks", ())
    names = PageNames()
    on: list[tuple[int, str, str, int]] = []
    titles: dict[str, str] = {}
    bare: dict[str, str] = {}
    related: list[tuple[int, RelatedName]] = []
    now = timezone.now()
    rows = _names.rows(article=article.pk, links=list(links), tracks=list(tracks))
    for kind, number, key, name, text, slug, *about in rows:
        if kind == "tag":
            names.tags.append((name, address_of("articles:tag", slug)))
            continue
        if kind == "track":
            on.append((about[-1], slug, name, number))
            continue
        url = _address(now, slug, *about)
        if kind == "related":
            related.append((number, RelatedName(key, name, text, url)))
        elif kind == "title":
            # One that is not live has none, and takes none from a term.
            titles |= {key: url} if url else {}
        else:
            (names.targets if text or about[0] else bare)[key] = url
    names.tags.sort(key=lambda tag: tag[0].casefold())
    names.related_terms = tuple(part for _, part in sorted(related, key=lambda row: row[0]))
    names.tracks = tuple(sorted(on))
    own = article.get_absolute_url()
    targets = bare | titles | names.targets
    names.targets = {folded: url for folded, url in targets.items() if url != own}
    return names


def _query(article: int, links: list[str], tracks: list[int]) -> Any:
    """All names at once; which of the articles are live is judged by `_address`."""

    def row(kind: str, number: Any, key: Any, *columns: Any) -> list[Any]:
        return [Value(kind, CharField()), number, key, *columns]

    def about(prefix: str) -> list[Any]:
        return [F(f"{prefix}{name}") for name in _LIVENESS]

    page = Article(pk=article)
    tags = page.tags.order_by().values_list(
        *row("tag", _NUMBER, _TEXT, F("name"), _TEXT, F("slug"), *_NO_ARTICLE)
    )
    related = page.relatedterms.order_by().values_list(
        *row(
            "related",
            F("position"),
            F("anchor"),
            F("term__name"),
            F("term__definition"),
            F("term__slug"),
            *about("term__article__"),
        )
    )
    terms = TermName.objects.filter(folded__in=links).order_by()
    titles = Article.objects.originals().filter(title_folded__in=links).order_by()
    # Its key is where others have that of a working copy's original.
    on_tracks = Track.objects.filter(pk__in=tracks).order_by()
    others = [
        related,
        on_tracks.values_list(
            *row("track", F("position"), _TEXT, F("name"), _TEXT, F("slug")),
            *_NO_ARTICLE[:-1],
            F("pk"),
        ),
        terms.values_list(
            *row("term", _NUMBER, F("folded"), _TEXT, F("term__definition"), F("term__slug")),
            *about("term__article__"),
        ),
        titles.values_list(
            *row("title", _NUMBER, F("title_folded"), _TEXT, _TEXT, _TEXT), *about("")
        ),
    ]
    return tags.union(*others, all=True).order_by()


_names = Prepared(_query)


def _address(
    now: datetime.datetime,
    slug: str,
    about: str | None,
    status: str | None,
    published_at: datetime.datetime | None,
    copy_of: int | None,
) -> str:
    """Where a link to a term leads: the live article `about` it, else the term's own page."""
    since = public_from(status, published_at, copy_of)
    if about and since and since <= now:
        return address_of("articles:article", about)
    return address_of("articles:term", slug) if slug else ""
