"""Which part of a new document is which part of the old one: documents in, anchors out.

Parts that bring an anchor keep it. The others are matched within their kind: first by what they are
called, then by what they say, then by likeness, so that rewording a part does not move its address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from articles.anchors import make_anchor
from articles.document import (
    PART_TYPES,
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Part,
    Question,
    RelatedTerm,
    Section,
)
from articles.markup import fold

# Below this two texts count as different parts (SequenceMatcher.ratio, 0 to 1).
LIKENESS = 0.6
# More pairs than this are not compared letter by letter: it would take seconds.
MOST_PAIRS = 40_000


def part_name(part: Part) -> str:
    """What a part is called: the text its anchor is made from."""
    match part:
        case InfoboxRow():
            return part.label
        case Section():
            return part.heading
        case Fact():
            return part.label or " ".join(part.statement.split()[:6])
        case Milestone():
            return part.title
        case RelatedTerm():
            return part.term
        case Question():
            return part.question
    return part.key


def part_text(part: Part) -> str:
    """What a part says besides its name."""
    match part:
        case InfoboxRow():
            return part.value
        case Section():
            return part.body
        case Fact():
            return part.statement
        case Milestone():
            return f"{part.date} {part.title}"
        case RelatedTerm():
            return part.term
        case Question():
            return part.answer
    return part.title


def with_anchors(new: Document, old: Document | None, retired: Iterable[str] = ()) -> Document:
    """`new` with an anchor for every part: its own, the matching old part's, or a fresh one.

    A part of a plain text that says the same as before also keeps what such a text cannot say:
    its tracks, its body and the day it was checked. Fresh anchors avoid the old and `retired` ones.
    """
    taken = set(retired)
    if old:
        taken.update(part.anchor for part in old.parts())
    taken.update(part.anchor for part in new.parts() if part.anchor)
    changes: dict[str, Any] = {}
    for name in PART_TYPES:
        if name == "references":
            continue
        parts = list(getattr(new, name))
        before = list(getattr(old, name)) if old else []
        for index, match in _matches(parts, before).items():
            parts[index] = _continue(parts[index], match)
        for index, part in enumerate(parts):
            if not part.anchor:
                anchor = make_anchor(part.kind, part_name(part), taken)
                taken.add(anchor)
                parts[index] = replace(part, anchor=anchor)
        changes[name] = tuple(parts)
    return replace(new, **changes)


def _continue(part: Any, before: Any) -> Any:
    """`part` under the anchor of the part it was, with what a plain text leaves unsaid."""
    kept: dict[str, Any] = {"anchor": before.anchor}
    same_words = (part_name(part), part_text(part)) == (part_name(before), part_text(before))
    if same_words and getattr(part, "checked", None) == "":
        kept["checked"] = before.checked
    if isinstance(part, Milestone):
        kept["tracks"] = part.tracks or before.tracks
        if same_words:
            kept["body"] = part.body or before.body
    return replace(part, **kept)


def _matches(new: Sequence[Any], old: Sequence[Any]) -> dict[int, Any]:
    """Index of each new part without an anchor -> the old part it continues."""
    claimed = {part.anchor for part in new if part.anchor}
    waiting = {index: part for index, part in enumerate(new) if not part.anchor}
    free = {part.anchor: part for part in old if part.anchor not in claimed}
    found: dict[int, Any] = {}

    def pair(index: int, anchor: str) -> None:
        found[index] = free.pop(anchor)
        del waiting[index]

    keys: tuple[Callable[[Any], str], ...] = (
        lambda part: fold(f"{part_name(part)}\n{part_text(part)}"),
        lambda part: fold(part_name(part)),
        lambda part: fold(part_text(part)),
    )
    for key in keys:
        by_key: dict[str, list[str]] = {}
        for anchor, part in free.items():
            by_key.setdefault(key(part), []).append(anchor)
        for index in list(waiting):
            text = key(waiting[index])
            if text and (anchors := by_key.get(text)):
                pair(index, anchors.pop(0))
    for _score, index, anchor in _alike(waiting, free):
        if index in waiting and anchor in free:
            pair(index, anchor)
    return found


def _alike(waiting: dict[int, Any], free: dict[str, Any]) -> list[tuple[float, int, str]]:
    """Pairs that are alike enough in their names and in all they say, the most alike first."""
    if len(waiting) * len(free) > MOST_PAIRS:
        return []
    scores = []
    for anchor, before in free.items():
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(_short(before))
        for index, part in waiting.items():
            matcher.set_seq1(_short(part))
            if matcher.real_quick_ratio() >= LIKENESS and matcher.quick_ratio() >= LIKENESS:
                score = (matcher.ratio() + _name_likeness(part, before)) / 2
                if score >= LIKENESS:
                    scores.append((score, index, anchor))
    return sorted(scores, key=lambda item: (-item[0], item[1], item[2]))


def _name_likeness(part: Part, before: Part) -> float:
    """How alike the names are: two short facts on different things differ in little else."""
    names = fold(part_name(part)), fold(part_name(before))
    return SequenceMatcher(None, *names, autojunk=False).ratio()


def _short(part: Part) -> str:
    """The beginning of a part: enough to know it again, short enough to compare quickly."""
    return fold(f"{part_name(part)} {part_text(part)}")[:400]
