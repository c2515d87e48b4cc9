"""Parts of documents as rows: what `store` uses to write and read them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from functools import reduce
from itertools import batched
from operator import or_
from typing import Any

from django.db.models import Q

from articles import identifiers
from articles.document import PART_TYPES, Document, Reference, RelatedTerm
from articles.markup import fold
from articles.models import (
    Article,
    Category,
    Fact,
    InfoboxRow,
    Question,
    Section,
    Tag,
    Term,
    TermName,
    User,
)
from articles.models import Reference as ReferenceRow
from articles.models import RelatedTerm as RelatedTermRow
from articles.models.references import Source
from articles.models.terms import folded_name
from timeline.models import Milestone, Track

# Attribute of the document -> the model of its rows and their name on the article.
MODELS: dict[str, tuple[type[Any], str]] = {
    "infobox": (InfoboxRow, "infoboxrows"),
    "sections": (Section, "sections"),
    "facts": (Fact, "facts"),
    "timeline": (Milestone, "milestones"),
    "related_terms": (RelatedTermRow, "relatedterms"),
    "questions": (Question, "questions"),
    "references": (ReferenceRow, "references"),
}
DAYS = {"checked", "accessed"}
# SQLite refuses an expression deeper than 1,000.
MOST_CONDITIONS = 500


# Reading ------------------------------------------------------------------------------------------


def read_parts(article: Article, name: str) -> tuple[Any, ...]:
    """The rows of one kind as parts of a document; `name` is the document's attribute."""
    model, related = MODELS[name]
    rows = getattr(article, related).all()
    if model is Milestone:
        rows = rows.prefetch_related("tracks") if not _is_prefetched(article, related) else rows
    elif model is RelatedTermRow:
        rows = rows.select_related("term") if not _is_prefetched(article, related) else rows
    return tuple(_read_part(PART_TYPES[name], row) for row in rows)


def _is_prefetched(article: Article, related: str) -> bool:
    return related in getattr(article, "_prefetched_objects_cache", {})


def _read_part(part_type: type[Any], row: Any) -> Any:
    if part_type is RelatedTerm:
        return RelatedTerm(anchor=row.anchor, term=row.term.name, definition=row.term.definition)
    values: dict[str, Any] = {}
    for field in fields(part_type):
        if field.name == "tracks":
            values["tracks"] = tuple(track.name for track in row.tracks.all())
            continue
        value = getattr(row, field.name)
        if field.name in DAYS:
            value = value.isoformat() if value else ""
        elif isinstance(value, list):
            value = tuple(value)
        values[field.name] = value
    return part_type(**values)


# Writing ------------------------------------------------------------------------------------------


def write_parts(article: Article, name: str, parts: Sequence[Any]) -> None:
    """Make the article's rows of one kind say what `parts` say; rows that say it already stay."""
    model, related = MODELS[name]
    before = {row.anchor: row for row in getattr(article, related).all()}
    shared = _shared_rows(name, parts)
    create, update, changed = [], [], set()
    for position, part in enumerate(parts):
        values = _row_values(part, shared) | {"position": position}
        row = before.pop(part.anchor, None)
        if row is None:
            create.append(model(article=article, anchor=part.anchor, **values))
            continue
        differing = {key for key, value in values.items() if getattr(row, key) != value}
        if "term" in differing:
            # Two terms that change places would clash while each row is written by itself.
            before[part.anchor] = row
            create.append(model(article=article, anchor=part.anchor, **values))
        elif differing:
            for key in differing:
                setattr(row, key, values[key])
            row.fill_derived()
            update.append(row)
            changed |= differing
    if before:
        model.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
    for row in create:
        row.fill_derived()
    model.objects.bulk_create(create)
    if update:
        derived = set(model.derived_from_date) if "date" in changed else set()
        model.objects.bulk_update(update, sorted(changed | derived), batch_size=200)
    if name == "timeline":
        _write_tracks(article, parts, shared)


def _shared_rows(name: str, parts: Sequence[Any]) -> dict[str, Any]:
    """The site-wide rows that these parts name, by name; missing ones are made."""
    if name == "timeline":
        names = dict.fromkeys(track for part in parts for track in part.tracks)
        return {track: Track.objects.named(track) for track in names}
    if name == "related_terms":
        terms = {}
        for part in parts:
            term = terms[part.term] = Term.objects.named(part.term)
            if part.definition and not term.definition:
                term.definition = part.definition
                term.save()
        return terms
    if name == "references":
        identities = {part.key: _identity(part) for part in parts}
        sources = Source.objects.for_identities(identities.values())
        return {key: sources.get(identity) for key, identity in identities.items()}
    return {}


def _identity(part: Reference) -> str:
    return identifiers.source_identity(doi=part.doi, isbn=part.isbn, url=part.url)


def _row_values(part: Any, shared: dict[str, Any]) -> dict[str, Any]:
    if isinstance(part, RelatedTerm):
        return {"term": shared[part.term]}
    values: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in {"anchor", "tracks"}:
            continue
        if field.name in DAYS:
            value = datetime.date.fromisoformat(value) if value else None
        elif isinstance(value, tuple):
            value = list(value)
        values[field.name] = value
    if isinstance(part, Reference):
        values["source"] = shared[part.key]
    return values


def _write_tracks(article: Article, parts: Sequence[Any], tracks: dict[str, Any]) -> None:
    through = Milestone.tracks.through
    pks = dict(article.milestones.values_list("anchor", "pk"))
    wanted = {(pks[part.anchor], tracks[name].pk) for part in parts for name in part.tracks}
    rows = through._default_manager.filter(milestone__article=article)
    have = {(row.milestone_id, row.track_id): row.pk for row in rows}
    surplus = [pk for pair, pk in have.items() if pair not in wanted]
    if surplus:
        through._default_manager.filter(pk__in=surplus).delete()
    through._default_manager.bulk_create(
        [
            through(milestone_id=milestone, track_id=track)
            for milestone, track in sorted(wanted - have.keys())
        ]
    )


# Names --------------------------------------------------------------------------------------------


def settle(document: Document, old: Document | None) -> Document:
    """The document with names and identifiers as the site writes them, so that equal means equal.

    A document without an author does not know who wrote it: what `old` says stays. A plain text,
    none of whose parts has an anchor, cannot say how an article is filed either.
    """
    plain = not any(part.anchor for part in document.parts() if not isinstance(part, Reference))
    if old and plain:
        document = replace(
            document,
            category=document.category or old.category,
            tags=document.tags or old.tags,
        )
    tracks = _known(Track, (name for part in document.timeline for name in part.tracks))
    return replace(
        document,
        category=_known(Category, [document.category]).get(
            fold(document.category), document.category
        ),
        tags=_settled_names(document.tags, _known(Tag, document.tags)),
        author=_settled_author(document.author, old),
        timeline=tuple(
            replace(part, tracks=_settled_names(part.tracks, tracks)) for part in document.timeline
        ),
        related_terms=_settled_terms(document.related_terms),
        references=tuple(_settled_reference(part) for part in document.references),
    )


def _known(model: type[Any], names: Iterable[str]) -> dict[str, str]:
    """Folded name -> the name as the site writes it; of two spellings the older one."""
    wanted = sorted({name for name in names if name})
    rows = model.objects.order_by("-pk").values_list("name", flat=True)
    if not all(name.isascii() for name in wanted):
        # SQLite knows the case of ASCII letters only.
        return {fold(name): name for name in rows}
    known: dict[str, str] = {}
    for some in batched(wanted, MOST_CONDITIONS, strict=False):
        condition = reduce(or_, (Q(name__iexact=name) for name in some))
        known |= {fold(name): name for name in rows.filter(condition)}
    return known


def _settled_names(names: Iterable[str], known: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.get(fold(name), name) for name in names))


def _settled_author(name: str, old: Document | None) -> str:
    if old and (not name or fold(name) == fold(old.author)):
        return old.author
    if not name:
        return ""
    person = User.objects.with_name(name)
    return person.public_name if person else name


def _settled_terms(related: Sequence[RelatedTerm]) -> tuple[RelatedTerm, ...]:
    folded = [folded_name(part.term) for part in related]
    rows = TermName.objects.filter(folded__in=folded).select_related("term")
    known = {row.folded: row.term for row in rows}
    settled: dict[str, RelatedTerm] = {}
    for part in related:
        term = known.get(folded_name(part.term))
        if term:
            definition = term.definition or part.definition
            part = replace(part, term=term.name, definition=definition)
        settled.setdefault(folded_name(part.term), part)
    return tuple(settled.values())


def _settled_reference(part: Reference) -> Reference:
    return replace(part, doi=identifiers.normalise_doi(part.doi)) if part.doi else part
