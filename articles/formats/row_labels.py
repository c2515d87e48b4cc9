"""The places in a flattened infobox where a label can stand, and how much speaks for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.formats.row_words import RowWords
from articles.formats.text_lines import word_set

_MOST_WORDS = 4
# Labels that are hardly ever the first word of a longer one: "Type Energy storage" has one word.
_ALONE = word_set(
    "type types field fields focus genre genres category categories domain domains subject "
    "subjects topic topics country location locations industry industries sector sectors region "
    "author authors founder founders origin purpose goal goals discipline class classification "
    "area areas name title born died spouse children products product materials ingredients "
    "examples benefits challenges awards award features method methods tools uses users effects "
    "causes habitat language"
)


@dataclass(frozen=True, slots=True)
class Label:
    """Words from start to before end that can be a label."""

    start: int
    end: int
    weight: int
    is_known: bool = True


def known_labels(line: RowWords) -> Iterator[Label]:
    """Labels of the book, also behind words that make one into another: "Typical Lift"."""
    for start in range(line.first, len(line)):
        if not line.words[start].is_capital:
            continue
        modifiers = 0
        while True:
            for length in range(line.book.longest, 0, -1):
                if label := _known(line, start, start + modifiers, start + modifiers + length):
                    yield label
            at = start + modifiers
            if modifiers == 2 or at >= len(line) or not line.book.is_modifier(line.folded[at]):
                break
            modifiers += 1


def _known(line: RowWords, start: int, label_start: int, end: int) -> Label | None:
    phrase = line.folded[label_start:end]
    if not line.book.knows(phrase) or not line.may_stand(start, end):
        return None
    begins = line.is_boundary(start)
    after = line.words[end]
    is_weak = line.book.is_weak(phrase) and start == label_start
    if is_weak and not (begins or after.is_figure):
        return None
    if not begins and line.is_part_of_name(start, end):
        return None
    colon = 10 if line.words[end - 1].has_colon else 0
    weight = 10 + 2 * (end - start - 1) + (3 if begins else 0) + colon
    return Label(start, end, weight + (2 if after.is_figure else int(after.is_capital)))


def without_small_starts(line: RowWords, labels: Sequence[Label]) -> list[Label]:
    """The labels without doubtful ones before a small letter, where values begin with capitals.

    In "Main Threats Climate change" the small letter tells that "Climate" is no label.
    """
    sure = [label for label in labels if line.is_boundary(label.start)]
    small = sum(line.words[label.end].is_small for label in sure)
    if not sure or 4 * small > len(sure):
        return list(labels)
    return [
        label
        for label in labels
        if line.is_boundary(label.start) or not line.words[label.end].is_small
    ]


def count_colons(line: RowWords) -> int:
    """How many known labels have a colon; two make it the style of the line."""
    count = 0
    for end in range(line.first + 1, len(line)):
        if line.words[end - 1].has_colon:
            starts = range(max(0, end - line.book.longest), end)
            count += any(line.book.knows(line.folded[start:end]) for start in starts)
    return count


def colon_labels(line: RowWords) -> Iterator[Label]:
    """Labels by their colon, with each number of words before it that can belong to it."""
    for end in range(line.first + 1, len(line)):
        word = line.words[end - 1]
        if not word.has_colon or word.is_inside:
            continue
        weight = 16
        for start in range(end - 1, max(line.first, end - _MOST_WORDS) - 1, -1):
            if start < end - 1 and not line.words[start].is_plain:
                break
            weight += 2 if line.is_common(start) else -3
            if line.may_stand(start, end):
                yield Label(start, end, weight, is_known=line.book.knows(line.folded[start:end]))
            if line.is_boundary(start):
                break


def compound_labels(line: RowWords) -> Iterator[Label]:
    """Two or three words that are no names, the last of which ends labels: "Flavour Profile"."""
    for start in range(line.first, len(line)):
        if not line.words[start].is_capital or not line.is_boundary(start):
            continue
        run = _capital_run(line, start, set())
        if run - start < 2 or run >= len(line) or line.folded[start] in _ALONE:
            continue
        behind = line.words[run]
        has_figure = behind.is_figure and line.words[run - 1].is_plain
        if has_figure:
            end = run
        elif behind.core[:1].islower() or not line.words[run - 1].is_plain:
            end = run - 1
        else:
            continue
        is_long_enough = 2 <= end - start <= 3 and line.is_head(end - 1)
        if not is_long_enough or line.prose.has_phrase(*line.cores(start, end)):
            continue
        unknown = sum(not line.is_common(place) for place in range(start, end))
        may_be_unknown = unknown == 1 and has_figure and line.is_hard_boundary(start)
        if (unknown == 0 or may_be_unknown) and line.may_stand(start, end):
            yield Label(start, end, 17, is_known=line.book.knows(line.folded[start:end]))


def plural_labels(line: RowWords) -> Iterator[Label]:
    """Labels by the bracket that only labels have: "Developer(s)", "Mode(s)"."""
    for start in range(line.first, len(line)):
        if line.words[start].is_optional_plural and line.may_stand(start, start + 1):
            is_known = line.book.knows(line.folded[start : start + 1])
            yield Label(start, start + 1, 20, is_known=is_known)


def capital_labels(line: RowWords, known: Sequence[Label]) -> Iterator[Label]:
    """Labels found by capitals alone: "… of the reef Viewing Hotspots Cairns, …"."""
    stops = {label.start for label in known}
    taken = {place for label in known for place in range(label.start, label.end + 1)}
    for start in range(line.first, len(line)):
        if start in taken or not line.can_begin_row(start):
            continue
        end = _capital_end(line, start, stops)
        if end and line.may_stand(start, end):
            yield Label(start, end, 5, is_known=False)


def _capital_end(line: RowWords, start: int, stops: set[int]) -> int:
    """Where a label that begins here by its capital ends; 0 when it is too doubtful."""
    run = _capital_run(line, start, stops)
    behind = line.words[run] if run < len(line) and run not in stops else None
    common = start
    while common < run and line.is_common(common):
        common += 1
    if run - start >= 2 and line.prose.has_phrase(*line.cores(start, start + 2)):
        return 0
    if behind and behind.is_figure and line.words[run - 1].is_plain:
        fits = common == run or (line.is_head(run - 1) and run - start <= 3)
        return run if fits and run - start <= _MOST_WORDS else 0
    end = min(common, run - 1)
    if line.is_boundary(start):
        # "Oldest Example Tower of …": up to a word that labels end in.
        heads = [at for at in range(start, run - 1) if line.is_head(at)]
        end = max(end, heads[-1] + 1 if heads and heads[-1] < start + 3 else 0)
    if start == line.opening > 0 and run - start >= 2:
        # After the title a label must stand.
        end = max(end, run - 1 if run - start <= 3 else start + 1)
    if end <= start or end - start > _MOST_WORDS:
        return 0
    is_sentence_case = behind is not None and behind.core[:1].islower()
    if is_sentence_case or not line.words[run - 1].is_plain:
        return end
    return end if line.is_head(end - 1) else 0


def _capital_run(line: RowWords, start: int, stops: set[int]) -> int:
    """The end of the run of words with capitals; the first with a mark behind it is the last."""
    end = start
    while end < len(line) and line.words[end].is_capital:
        word = line.words[end]
        if end > start and (end in stops or word.is_inside or word.is_figure):
            break
        end += 1
        if not word.is_plain:
            break
    return end
