"""How two documents differ, part by part, in page order: documents in, `Changes` out. No database.

Parts are the same when their anchors are. The words that differ are looked for only when somebody
reads them (`FieldChange.runs`), so that comparing costs little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, cast

from articles.change_sentences import MOST_SENTENCES, sentences_of
from articles.changes import CitationChange, FieldChange, PartChange, short_name, shown_value
from articles.document import PART_TYPES, Document, Part
from articles.markup import written_citations
from articles.word_differences import longest_rise


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to an article: to its head, and to its parts in page order."""

    head: tuple[FieldChange, ...]
    parts: tuple[PartChange, ...]
    # There was nothing before.
    is_first: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened: the two documents are the same article."""
        return not (self.head or self.parts)

    def sentences(self, most: int = MOST_SENTENCES) -> list[str]:
        """At most so many short sentences in the active language; the last may count the rest."""
        return sentences_of(self.head, self.parts, is_first=self.is_first, most=most)


def compare(before: Document | None, after: Document, *, for_readers: bool = False) -> Changes:
    """What leads from one canonical document to another; from nothing when `before` is None.

    Readers are not told that a document names an author whom the one before did not: mostly that
    person took a public name meanwhile, and nobody changed the article.
    """
    was_unnamed = for_readers and before is not None and not before.author
    names = {
        reference.key: reference
        for document in (before, after)
        if document
        for reference in document.references
    }
    parts = [
        change
        for name in PART_TYPES
        for change in _compare_parts(getattr(before, name, ()), getattr(after, name), names)
    ]
    head = (
        change for change in _head(before, after) if not (was_unnamed and change.name == "author")
    )
    return Changes(tuple(head), tuple(parts), is_first=before is None)


def _head(before: Document | None, after: Document) -> Iterator[FieldChange]:
    for field in fields(Document):
        if field.name not in PART_TYPES:
            yield from _field_changes(field, before, after)


def _compare_parts(
    before: Sequence[Part], after: Sequence[Part], names: dict[str, Any]
) -> Iterator[PartChange]:
    """The changes of one kind of part, those that are gone behind what they stood behind."""
    old = {part.anchor: part for part in before}
    new = {part.anchor for part in after}
    moved = _moved(before, after)
    gone = _gone(before, new)
    yield from (_removed(part, names) for part in gone.get("", ()))
    for part in after:
        was = old.get(part.anchor)
        if was is None:
            yield PartChange(
                action="added",
                before=None,
                after=part,
                fields=tuple(_fields(None, part)),
                citations=_citations(None, part, names),
            )
        elif was != part or part.anchor in moved:
            yield PartChange(
                action="changed",
                before=was,
                after=part,
                fields=tuple(_fields(was, part)),
                citations=_citations(was, part, names),
                moved=part.anchor in moved,
            )
        yield from (_removed(part, names) for part in gone.get(part.anchor, ()))


def _removed(part: Part, names: dict[str, Any]) -> PartChange:
    return PartChange(
        action="removed",
        before=part,
        after=None,
        fields=tuple(_fields(part, None)),
        citations=_citations(part, None, names),
    )


def _gone(before: Sequence[Part], new: set[str]) -> dict[str, list[Part]]:
    """The parts that are gone, by the anchor of the last one before each that is not, or ''."""
    gone: dict[str, list[Part]] = {}
    last = ""
    for part in before:
        if part.anchor in new:
            last = part.anchor
        else:
            gone.setdefault(last, []).append(part)
    return gone


def _moved(before: Sequence[Part], after: Sequence[Part]) -> set[str]:
    """The anchors of the fewest parts whose moving explains the new order.

    A milestone whose date changed did not move: milestones stand in the order of their dates.
    """
    dates = {part.anchor: getattr(part, "date", "") for part in before}
    places = {part.anchor: index for index, part in enumerate(before)}
    both = [
        part.anchor
        for part in after
        if part.anchor in places and getattr(part, "date", "") == dates[part.anchor]
    ]
    stayed = set(longest_rise([places[anchor] for anchor in both]))
    return {anchor for index, anchor in enumerate(both) if index not in stayed}


def _fields(before: Part | None, after: Part | None) -> Iterator[FieldChange]:
    for field in fields(cast("Part", after or before)):
        if field.name != "anchor":
            yield from _field_changes(field, before, after)


def _field_changes(field: Any, before: Any, after: Any) -> Iterator[FieldChange]:
    """The change of one field, if it changed; a side that is None had its default, and shows ''."""
    default = "" if field.default is MISSING else field.default
    old = getattr(before, field.name, default)
    new = getattr(after, field.name, default)
    if old != new:
        shown_before = shown_value(field.name, old) if before else ""
        shown_after = shown_value(field.name, new) if after else ""
        if shown_before == shown_after:
            # Two spellings of one date, say: what differs is how it is written.
            shown_before, shown_after = str(old), str(new)
        yield FieldChange(name=field.name, before=shown_before, after=shown_after)


def _citations(
    before: Part | None, after: Part | None, names: dict[str, Any]
) -> CitationChange | None:
    old, new = _cited(before), _cited(after)
    if old == new:
        return None
    keys_before = Counter(citation.key for citation in old)
    keys_after = Counter(citation.key for citation in new)

    def short_names(keys: Counter[str]) -> tuple[str, ...]:
        return tuple(short_name(names[key]) if key in names else key for key in keys.elements())

    return CitationChange(
        added=short_names(keys_after - keys_before),
        removed=short_names(keys_before - keys_after),
        places=keys_before == keys_after,
    )


# The fields of parts that can cite.
_CITING = ("value", "body", "statement", "answer")


def _cited(part: Part | None) -> list[Any]:
    texts = (getattr(part, name, "") for name in _CITING)
    return [citation for text in texts for citation in written_citations(text)]
