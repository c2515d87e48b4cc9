"""Which articles belong together: kept in step when an article is saved, read at a glance.

Two articles belong together when one links to the other, or when they have sources, terms or tags
in common. What few articles have in common counts for more than what many have: each thing that is
shared with n others is worth its weight over log2(1 + n), after the usual weighting of rare words
(Spärck Jones, 1972).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.addresses import address_of
from articles.models import Article, Reference, RelatedArticle, RelatedTerm, Term, TermName, TermUse
from articles.models.terms import folded_name
from articles.prepared import Prepared

LINK, SOURCE, TERM, TAG = 400, 300, 200, 150
# What more articles than this have in common says nothing about two of them.
COMMON = 200
# As many are kept of the live ones, and of the others, which may be live when it is read.
KEPT = 24
# So many are looked at for that: an article of hundreds of sources has something in common with
# thousands.
LOOKED_AT = 500
SHOWN = 6
# Articles that one task relates anew, and that are related anew after one change at most.
AT_ONCE, AT_MOST = 20, 1000


@dataclass(slots=True)
class Bond:
    """What an article has in common with another one."""

    score: float = 0
    links_there: bool = False
    links_here: bool = False
    sources: int = 0
    terms: int = 0
    tags: int = 0
    term: int | None = None
    tag: int | None = None

    def row(self, article: int, other: int, *, turned: bool = False) -> RelatedArticle:
        """The row for one side of the pair; `turned` for the other side."""
        there, here = self.links_there, self.links_here
        return RelatedArticle(
            article_id=article,
            other_id=other,
            score=round(self.score),
            links_there=here if turned else there,
            links_here=there if turned else here,
            sources=self.sources,
            terms=self.terms,
            tags=self.tags,
            term_id=self.term,
            tag_id=self.tag,
        )


COLUMNS = (
    "score", "links_there", "links_here", "sources", "terms", "tags", "term_id", "tag_id",
)  # fmt: skip


def relate(article: Article) -> None:
    """Bring the rows of an article's pairs in step with what it says; a working copy has none.

    Costs a fixed number of queries, and reads at most COMMON rows for each thing it names. Must run
    in the transaction that changed the article.
    """
    if article.copy_of_id:
        return
    bonds = _bonds(article)
    nearest = _nearest(bonds)
    rows = {
        (row.article_id, row.other_id): row
        for row in RelatedArticle.objects.filter(Q(article=article) | Q(other=article))
    }
    # The other side of a pair keeps its row as long as there is anything in common.
    turned = {other for here, other in ((row.other_id, row.article_id) for row in rows.values())}
    turned = (turned & bonds.keys()) | set(nearest)
    wanted = [bonds[other].row(article.pk, other) for other in nearest]
    wanted += [bonds[other].row(other, article.pk, turned=True) for other in sorted(turned)]
    stay = {(row.article_id, row.other_id) for row in wanted}
    gone = [row.pk for pair, row in rows.items() if pair not in stay]
    if gone:
        RelatedArticle.objects.filter(pk__in=gone).delete()
    changed = [row for row in wanted if not _same(rows.get((row.article_id, row.other_id)), row)]
    if changed:
        RelatedArticle.objects.bulk_create(
            changed,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["article", "other"],
            update_fields=[name.removesuffix("_id") for name in COLUMNS],
        )


def _nearest(bonds: dict[int, Bond]) -> list[int]:
    """The articles to keep, the nearest first. Drafts, however many, take no place of live ones."""
    order = sorted(bonds, key=lambda other: (-bonds[other].score, other))[:LOOKED_AT]
    live = set(Article.objects.live().filter(pk__in=order).order_by().values_list("pk", flat=True))
    others = [other for other in order if other not in live][:KEPT]
    return [other for other in order if other in live][:KEPT] + others


def users_of(names: Iterable[str]) -> set[int]:
    """The articles that say one of these folded names, in a link or as their title."""
    originals = Article.objects.originals().order_by()
    linking = originals.filter(term_uses__folded__in=names).values_list("pk", flat=True)
    return {*linking, *originals.filter(title_folded__in=names).values_list("pk", flat=True)}


def relate_later(articles: Iterable[int]) -> None:
    """Have articles related anew whose names changed their meaning: by the worker, without hurry.

    Written down in the current transaction. Of very many the latest are taken; the others follow
    when they are saved.
    """
    if keys := sorted(set(articles), reverse=True)[:AT_MOST]:
        relate_again.enqueue(articles=keys)


# Rows that wait name this function and its arguments: both can only be added to.
@task
def relate_again(*, articles: list[int]) -> None:
    """Relate the first of these articles anew, each by itself, and write down the others."""
    for key in articles[:AT_ONCE]:
        with transaction.atomic():
            rows = Article.objects.originals().select_for_update()
            if article := rows.filter(pk=key).first():
                relate(article)
    if rest := articles[AT_ONCE:]:
        relate_again.enqueue(articles=rest)


def _same(old: RelatedArticle | None, new: RelatedArticle) -> bool:
    return old is not None and all(getattr(old, name) == getattr(new, name) for name in COLUMNS)


def _bonds(article: Article) -> dict[int, Bond]:
    """What the article has in common with each other one, by the other's key."""
    bonds: dict[int, Bond] = defaultdict(Bond)
    used = set(article.term_uses.values_list("folded", flat=True))
    linked = dict(TermName.objects.filter(folded__in=used).values_list("folded", "term_id"))
    terms = {*linked.values(), *article.relatedterms.values_list("term_id", flat=True)}
    sources = article.references.exclude(source=None).values_list("source_id", flat=True)
    tags = article.tags.values_list("pk", flat=True)
    tagged = Article.tags.through.objects

    for _source, others in _shared(Reference.objects, "source_id", sources, article):
        for bond in _strengthened(bonds, others, SOURCE):
            bond.sources += 1
    for term, others in _sharing_terms(article, terms):
        for bond in _strengthened(bonds, others, TERM):
            bond.terms += 1
            bond.term = bond.term or term
    for tag, others in _shared(tagged, "tag_id", tags, article):
        for bond in _strengthened(bonds, others, TAG):
            bond.tags += 1
            bond.tag = bond.tag or tag
    _add_links_there(article, bonds, used, linked)
    for _name, others in _shared(TermUse.objects, "folded", names_of(article), article):
        for bond in _strengthened(bonds, others, LINK):
            bond.links_here = True
    return bonds


def _strengthened(bonds: dict[int, Bond], others: set[int], weight: int) -> Iterator[Bond]:
    """The bonds with the articles that have one more thing in common with this one."""
    for other in others:
        bonds[other].score += weight / log2(1 + len(others))
        yield bonds[other]


def names_of(article: Article) -> set[str]:
    """The folded names by which `[[links]]` lead to an article: its terms', and its title."""
    names = set(TermName.objects.filter(term__article=article).values_list("folded", flat=True))
    title = folded_name(article.title)
    # A term of that name comes first when it is defined, and may lead elsewhere.
    if title in names or Term.objects.defined().filter(names__folded=title).exists():
        return names
    return {*names, title}


def _add_links_there(
    article: Article, bonds: dict[int, Bond], used: set[str], linked: dict[str, int]
) -> None:
    """Count the links from the article to others, those that lead to a few articles only more."""
    others = Article.objects.originals().exclude(pk=article.pk)
    by_term = dict(others.filter(terms__in=linked.values()).values_list("terms", "pk"))
    targets = {name: by_term[term] for name, term in linked.items() if term in by_term}
    defined = Term.objects.defined().filter(names__folded__in=linked)
    titles = others.filter(
        title_folded__in=used - set(defined.values_list("names__folded", flat=True))
    )
    targets |= dict(titles.values_list("title_folded", "pk"))
    uses = TermUse.objects.filter(folded__in=targets, article__copy_of=None).order_by()
    counts = uses.values("folded").annotate(number=Count("article", distinct=True))
    for name, number in counts.values_list("folded", "number"):
        if number <= COMMON:
            bond = bonds[targets[name]]
            bond.links_there = True
            bond.score += LINK / log2(1 + number)


def _sharing_terms(article: Article, terms: set[int]) -> list[tuple[int, set[int]]]:
    """The other articles that name each of these terms or link to it, the rarest first."""
    names = dict(TermName.objects.filter(term__in=terms).values_list("folded", "term_id"))
    linking = _shared(TermUse.objects, "folded", names, article)
    naming = _shared(RelatedTerm.objects, "term_id", terms, article)
    pairs = [(names[name], other) for name, others in linking for other in others]
    return _rarest_first([*pairs, *((term, other) for term, others in naming for other in others)])


def _shared(
    rows: Any, key: str, keys: Iterable[Any], article: Article
) -> list[tuple[Any, set[int]]]:
    """The other articles that have each of these things, the rarest thing first.

    What more than COMMON have is left out without reading who they are.
    """
    keys = set(keys)
    if not keys:
        return []
    found = rows.filter(**{f"{key}__in": keys}, article__copy_of=None).order_by()
    found = found.exclude(article=article)
    counted = found.values(key).annotate(number=Count("article", distinct=True))
    few = counted.filter(number__lte=COMMON).values(key)
    return _rarest_first(found.filter(**{f"{key}__in": few}).values_list(key, "article_id"))


def _rarest_first(pairs: Iterable[tuple[Any, int]]) -> list[tuple[Any, set[int]]]:
    others: dict[Any, set[int]] = defaultdict(set)
    for key, other in pairs:
        others[key].add(other)
    few = [(key, found) for key, found in others.items() if len(found) <= COMMON]
    return sorted(few, key=lambda item: (len(item[1]), item[0]))


# Reading ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Related:
    """A related article: what the list shows of it, and why it is there in words."""

    title: str
    language: str
    address: str
    summary: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What two articles have in common, as their row says it."""

    links_there: bool
    links_here: bool
    sources: int
    terms: int
    term: str | None
    tag: str | None


def related_to(article: Article) -> tuple[Related, ...]:
    """The nearest live articles, at most SHOWN of them, the nearest first. One query."""
    rows = _rows.rows(article=article.pk, now=timezone.now())
    return tuple(
        Related(title, language, address_of("articles:article", slug), summary or "", _reasons(row))
        for title, language, slug, summary, row in ((*row[:4], Shared(*row[4:])) for row in rows)
    )


def _query(article: int, now: datetime.datetime) -> Any:
    rows = RelatedArticle.objects.shown_below(article, now)
    return rows.values_list(
        "other__title", "other__language", "other__slug", "other__rendered__summary",
        "links_there", "links_here", "sources", "terms", "term__name", "tag__name",
    )[:SHOWN]  # fmt: skip


_rows = Prepared(_query)


def _reasons(row: Shared) -> str:
    """Why two articles belong together: `links here, shares 3 sources, both about Bridges`."""
    reasons = []
    if row.links_there and row.links_here:
        reasons.append(_("each links to the other"))
    elif row.links_there:
        reasons.append(_("linked to above"))
    elif row.links_here:
        reasons.append(_("links to this article"))
    if row.sources:
        words = ngettext("shares %(n)d source", "shares %(n)d sources", row.sources)
        reasons.append(words % {"n": row.sources})
    if row.term and row.terms == 1:
        reasons.append(_("both use the term “%(name)s”") % {"name": row.term})
    elif row.terms:
        words = ngettext("shares %(n)d term", "shares %(n)d terms", row.terms)
        reasons.append(words % {"n": row.terms})
    if row.tag:
        reasons.append(_("both about %(name)s") % {"name": row.tag})
    text = ", ".join(reasons)
    return text[:1].upper() + text[1:]
