"""What changed, in short sentences of the active language: for lists, feeds and notes. No database.

Their texts are plain: what is quoted from an article is shortened, without its markup, and kept
apart from what stands around it where its writing runs the other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.changes import CitationChange, FieldChange, PartChange
from articles.markup import without_uses
from articles.word_differences import count_words, middles

MOST_SENTENCES = 8
# Parts that one sentence names.
_MOST_NAMES = 3
# The length of a text that is quoted whole.
_QUOTED = 60
# Words that are quoted when a text became longer or shorter by them.
_FEW_WORDS = 6
# Fields of which a sentence says what they were and are, whole.
_NAMES = {
    "title", "category", "author", "language", "slug", "label", "heading", "level", "date", "term",
    "question", "year", "publisher", "source_kind", "tags", "tracks",
}  # fmt: skip
# Longer texts, which can be reworded.
_PROSE = {"short_answer", "value", "body", "statement", "answer", "definition"}
_LINK = re.compile(r"\[[^\[\]\n]*\]\(([^()\s]*)\)")
_MARKUP = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)|\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ISOLATE, _END = "\u2068", "\u2069"


def sentences_of(
    head: Sequence[FieldChange], parts: Sequence[PartChange], *, is_first: bool, most: int
) -> list[str]:
    """At most `most` sentences; what does not fit is counted in the last one."""
    if is_first:
        return [_first_version(parts)]
    found = [*map(_of_head, head), *_of_parts(parts)]
    if len(found) <= most:
        return found
    more = len(found) - most + 1
    rest = ngettext("And %(n)d more change.", "And %(n)d more changes.", more) % {"n": more}
    return [*found[: most - 1], rest]


def _first_version(parts: Sequence[PartChange]) -> str:
    counts = [
        count_of(kind, sum(1 for _part in group))
        for kind, group in groupby(parts, key=lambda change: change.kind)
    ]
    if not counts:
        return _("First version.")
    return _("First version: %(parts)s.") % {"parts": ", ".join(counts)}


def count_of(kind: str, number: int) -> str:
    """So many parts of a kind, in words: "3 sections"."""
    words = {
        "infobox-row": ngettext("%(n)d infobox row", "%(n)d infobox rows", number),
        "section": ngettext("%(n)d section", "%(n)d sections", number),
        "fact": ngettext("%(n)d fact", "%(n)d facts", number),
        "milestone": ngettext("%(n)d milestone", "%(n)d milestones", number),
        "related-term": ngettext("%(n)d related term", "%(n)d related terms", number),
        "question": ngettext("%(n)d question", "%(n)d questions", number),
        "reference": ngettext("%(n)d reference", "%(n)d references", number),
    }
    return words[kind] % {"n": number}


def region_of(kind: str) -> str:
    """What the region of a kind of part is called."""
    return {
        "infobox-row": _("Infobox"),
        "section": _("Sections"),
        "fact": _("Facts"),
        "milestone": _("Timeline"),
        "related-term": _("Related terms"),
        "question": _("Questions"),
        "reference": _("References"),
    }[kind]


def part_words(change: PartChange) -> str:
    """A part by its kind and name: `Fact “Training time”`; a milestone with its date."""
    pattern = {
        "infobox-row": _("Infobox row “%(name)s”"),
        "section": _("Section “%(name)s”"),
        "fact": _("Fact “%(name)s”"),
        "milestone": _("Timeline: %(date)s “%(name)s”"),
        "related-term": _("Related term “%(name)s”"),
        "question": _("Question “%(name)s”"),
        "reference": _("Source “%(name)s”"),
    }[change.kind]
    return pattern % {"name": quoted(change.name), "date": change.date}


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(r"\1", without_uses(text)).split())


def quoted(text: str) -> str:
    """A text as a sentence quotes it: no markup, shortened, kept apart if right to left."""
    plain = Truncator(_plain(text)).chars(_QUOTED)
    return f"{_ISOLATE}{plain}{_END}" if _RIGHT_TO_LEFT.search(plain) else plain


# The head -----------------------------------------------------------------------------------------


def _of_head(change: FieldChange) -> str:
    words = [*_field_words(change)] or [_field(change, _("sources of the %(field)s changed"))]
    return capfirst(_("%(text)s.") % {"text": ", ".join(words)})


def _field(change: FieldChange, pattern: str, **values: object) -> str:
    return pattern % {"field": change.word, **values}


# Parts --------------------------------------------------------------------------------------------


def _of_parts(parts: Sequence[PartChange]) -> Iterator[str]:
    checked = [change for change in parts if change.was_checked]
    for kind, group in groupby(parts, key=lambda change: change.kind):
        changes = list(group)
        gone = [change for change in changes if change.action == "removed"]
        new = [change for change in changes if change.action == "added"]
        moved = [change for change in changes if change.moved and not change.fields]
        yield from _together(
            kind, gone, _("%(part)s removed."), _("%(region)s: %(names)s removed.")
        )
        yield from _together(kind, new, _("%(part)s added."), _("%(region)s: %(names)s added."))
        for change in changes:
            if change.action == "changed" and change.fields and not change.was_checked:
                yield _of_part(change)
        yield from _together(kind, moved, _("%(part)s moved."), _("%(region)s: %(names)s moved."))
    if len(checked) == 1:
        yield _of_part(checked[0])
    elif checked:
        count = len(checked)
        yield ngettext(
            "%(n)d statement verified again.", "%(n)d statements verified again.", count
        ) % {"n": count}


def _together(kind: str, changes: Sequence[PartChange], one: str, several: str) -> Iterator[str]:
    if len(changes) == 1:
        yield one % {"part": part_words(changes[0])}
    elif changes:
        yield several % {"region": region_of(kind), "names": _names(changes)}


def _names(changes: Sequence[PartChange]) -> str:
    shown = [_name(change) for change in changes[:_MOST_NAMES]]
    more = len(changes) - len(shown)
    if more:
        rest = ngettext("%(n)d more", "%(n)d more", more) % {"n": more}
        return _("%(names)s and %(last)s") % {"names": ", ".join(shown), "last": rest}
    return _("%(names)s and %(last)s") % {"names": ", ".join(shown[:-1]), "last": shown[-1]}


def _name(change: PartChange) -> str:
    if change.kind == "milestone":
        return _("%(date)s “%(name)s”") % {"date": change.date, "name": quoted(change.name)}
    return _("“%(name)s”") % {"name": quoted(change.name)}


def _of_part(change: PartChange) -> str:
    words = [text for field in change.fields for text in _field_words(field)]
    if change.citations:
        words += _cited(change.citations)
    if change.moved:
        words.append(_("moved"))
    words = words or [_("links changed")]
    return _("%(part)s: %(changes)s.") % {"part": part_words(change), "changes": ", ".join(words)}


def _cited(change: CitationChange) -> Iterator[str]:
    replaced = min(len(change.added), len(change.removed))
    if replaced:
        yield ngettext("source replaced", "%(n)d sources replaced", replaced) % {"n": replaced}
    if added := len(change.added) - replaced:
        yield ngettext("source added", "%(n)d sources added", added) % {"n": added}
    if removed := len(change.removed) - replaced:
        yield ngettext("source removed", "%(n)d sources removed", removed) % {"n": removed}
    if change.places:
        yield _("place in a source changed")


# Fields -------------------------------------------------------------------------------------------


def _field_words(change: FieldChange) -> Iterator[str]:
    """What happened to a field, but for the citations in it, in at most one phrase."""
    if change.name == "checked":
        if not change.after:
            yield _("no longer marked as verified")
        else:
            yield _("verified on %(day)s") % {"day": change.after}
    elif change.name in _PROSE:
        yield from _prose_words(change)
    elif not change.before:
        yield _field(change, _("%(field)s “%(after)s” added"), after=quoted(change.after))
    elif not change.after:
        yield _field(change, _("%(field)s “%(before)s” removed"), before=quoted(change.before))
    elif change.name in _NAMES:
        yield _from_to(change, change.before, change.after)
    else:
        yield _field(change, _("%(field)s changed"))


def _from_to(change: FieldChange, before: str, after: str) -> str:
    pattern = _("%(field)s changed from “%(before)s” to “%(after)s”")
    return _field(change, pattern, before=quoted(before), after=quoted(after))


def _prose_words(change: FieldChange) -> Iterator[str]:
    before, after = without_uses(change.before), without_uses(change.after)
    if not after:
        yield _field(change, _("%(field)s removed"))
        return
    if not before:
        yield _field(change, _("%(field)s added"))
        return
    if before == after:
        return
    old, new = middles(before, after)
    if not (old or new):
        yield _field(change, _("%(field)s laid out differently"))
    elif _plain(before) == _plain(after):
        yield _field(change, _markup_pattern(before, after))
    elif old and new and max(len(old), len(new)) <= _QUOTED:
        yield _from_to(change, old, new)
    elif old and new:
        yield _field(change, _("%(field)s reworded"))
    else:
        yield _longer_or_shorter(change, old or new, is_longer=bool(new))


def _markup_pattern(before: str, after: str) -> str:
    """What to say where the words are the same: where a link leads is more than how it looks."""
    if _LINK.findall(before) == _LINK.findall(after):
        return _("only the markup of the %(field)s changed")
    return _("only links in the %(field)s changed")


def _longer_or_shorter(change: FieldChange, text: str, *, is_longer: bool) -> str:
    count = count_words(text)
    if count <= _FEW_WORDS:
        pattern = _("“%(words)s” added to the %(field)s")
        if not is_longer:
            pattern = _("“%(words)s” removed from the %(field)s")
        return _field(change, pattern, words=quoted(text))
    if is_longer:
        pattern = ngettext(
            "%(n)d word added to the %(field)s", "%(n)d words added to the %(field)s", count
        )
    else:
        pattern = ngettext(
            "%(n)d word removed from the %(field)s", "%(n)d words removed from the %(field)s", count
        )
    return _field(change, pattern, n=count)
