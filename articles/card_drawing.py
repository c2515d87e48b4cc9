"""The picture of a page for links to it elsewhere: 1200 by 630 points in the look of the site.

Pure: from a `CardText` to the bytes of a PNG. The fonts are those of the site, WOFF2 files that
FreeType reads; each holds some letters, so a text is drawn in runs. A text with a letter that none
of them has (Arabic, Chinese …) is left out whole rather than drawn with empty boxes. Spaces of
other widths and signs that nobody sees are no letters.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

WIDTH, HEIGHT = 1200, 630
# Raise it when the drawing changes: every card then has another name and is drawn anew.
DRAWING = 2

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
EDGE = 72
# The tokens of the light theme: paper, ink and so on.
PAPER, INK, INK_2, ACCENT = "#fdfdfb", "#171b19", "#4c5450", "#0a5c48"
STALE, UNSOURCED, DISPUTED = "#795200", "#4c5450", "#a12a1c"
MEDIUM, REGULAR = 560, 400
TITLE_SIZES = (84, 72, 62, 54, 46)
TITLE_LINES, ANSWER_LINES = 3, 3
ELLIPSIS = "…"
# More than a card holds, and little enough to be measured.
MOST_LETTERS = 600
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card says: `ticks` are places in percent and signs, as in the survey."""

    site: str
    title: str
    text: str = ""
    ticks: tuple[tuple[float, str], ...] = ()

    @property
    def name(self) -> str:
        """The name of the file: the same for the same picture, and for no other."""
        content = json.dumps([DRAWING, asdict(self)], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def draw(card: CardText) -> bytes:
    """The picture as a PNG. Takes about 60 ms, and the imaging library is loaded at the first."""
    from PIL import Image, ImageDraw

    # FreeType's faces are shared, and not made for two hands at once.
    with _one_at_a_time:
        return _draw(card, Image, ImageDraw)


def _draw(card: CardText, imaging: Any, drawing: Any) -> bytes:
    image = imaging.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = drawing.Draw(image)
    site, title, text = map(_visible, (card.site, card.title, card.text))
    card = replace(card, site=site, title=title, text=text)
    _masthead(pen, card.site)
    if drawable(card.title):
        _words(pen, card)
    else:
        _post(pen, EDGE, 180, 300)
    if card.ticks:
        _ticks(pen, card.ticks)
    file = BytesIO()
    # A few flat colours: an eighth of the bytes, and nobody sees the difference.
    image.quantize(48, dither=imaging.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _visible(text: str) -> str:
    """A text in one line, without what has no shape (directions, joiners), its hyphens alike."""
    letters = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join("".join(letters).replace("\u2011", "-").split())


def drawable(text: str) -> bool:
    """Whether our fonts have every letter of the text, and it runs from left to right."""
    return all(_font_of(letter) is not None for letter in text)


# Letters ------------------------------------------------------------------------------------------


@cache
def _files() -> tuple[Path, ...]:
    """The upright fonts, the one with the commonest letters first."""
    return tuple(sorted(FONTS.glob("literata-upright*.woff2"), key=lambda path: len(path.name)))


@cache
def _font(file: int, size: int, weight: int) -> Any:
    from PIL import ImageFont

    font = ImageFont.truetype(_files()[file], size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font


@cache
def _picture(file: int, letter: str) -> tuple[Any, ...]:
    mask, offset = _font(file, 40, REGULAR).getmask2(letter)
    return (mask.size, offset, bytes(mask))


# Letters of the world are many; those of a site are few.
@cache
def _missing(file: int) -> tuple[Any, ...]:
    """What the font draws for a letter that it lacks: one that will never be given a meaning."""
    return _picture(file, "\U0010ffff")


_known: dict[str, int | None] = {" ": 0}


def _font_of(letter: str) -> int | None:
    """The first font that has the letter; None when there is none."""
    if letter not in _known:
        if len(_known) > 20_000:
            return None
        files = range(len(_files()))
        _known[letter] = next((f for f in files if _picture(f, letter) != _missing(f)), None)
    return _known[letter]


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of one font each."""
    for file, letters in groupby(text, lambda letter: _font_of(letter) or 0):
        yield file, "".join(letters)


def _length(text: str, size: int, weight: int) -> float:
    return float(sum(_font(file, size, weight).getlength(run) for file, run in _runs(text)))


def _write(pen: Any, x: float, y: float, text: str, size: int, weight: int, colour: str) -> None:
    """Write a line; `y` is that of its baseline."""
    for file, run in _runs(text):
        font = _font(file, size, weight)
        pen.text((x, y), run, font=font, fill=colour, anchor="ls")
        x += font.getlength(run)


def _lines(
    text: str, size: int, weight: int, most: int, room: int = WIDTH - 2 * EDGE
) -> tuple[list[str], bool]:
    """At most so many lines of the text, and whether that is all of it; long words are cut."""
    lines: list[str] = []
    words = text[:MOST_LETTERS].split()
    at = 0
    is_cut = False
    while at < len(words) and len(lines) < most:
        line = words[at]
        at += 1
        if _length(line, size, weight) > room:
            is_cut = True
            line = _cut(line, size, weight, room)
        while at < len(words) and _length(f"{line} {words[at]}", size, weight) <= room:
            line += f" {words[at]}"
            at += 1
        lines.append(line)
    if at < len(words) and lines:
        lines[-1] = _cut(lines[-1].rstrip(ELLIPSIS), size, weight, room)
    return lines, at == len(words) and not is_cut


def _cut(line: str, size: int, weight: int, room: int) -> str:
    """As much of the line as fits with an ellipsis behind it."""
    fits, too_long = 0, len(line) + 1
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if _length(line[:middle] + ELLIPSIS, size, weight) <= room:
            fits = middle
        else:
            too_long = middle
    cut = line[:fits]
    if " " in cut and line[fits : fits + 1] not in {"", " "}:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:.–-") + ELLIPSIS


# What stands where --------------------------------------------------------------------------------


def _masthead(pen: Any, site: str) -> None:
    """The post on the road, and the name of the site beside it."""
    foot = 108
    _post(pen, EDGE, 48, foot - 48)
    pen.line((EDGE, foot, WIDTH - EDGE, foot), fill=INK, width=2)
    pen.line((EDGE, foot + 5, WIDTH - EDGE, foot + 5), fill=INK, width=2)
    if drawable(site):
        for line in _lines(site, 36, MEDIUM, 1, WIDTH - 2 * EDGE - 44)[0]:
            _write(pen, EDGE + 44, foot - 16, line, 36, MEDIUM, INK)


def _post(pen: Any, x: int, y: int, height: int) -> None:
    """The milepost of the masthead: 14 by 30 parts, with three lines of writing."""
    part = height / 30
    pen.rounded_rectangle((x, y, x + 14 * part, y + height + 7 * part), 7 * part, fill=ACCENT)
    pen.rectangle((x, y + height, x + 14 * part, y + height + 7 * part), fill=PAPER)
    for down, right in ((9.5, 10.5), (13.5, 10.5), (17.5, 7.5)):
        line = (x + 3.5 * part, y + down * part, x + right * part, y + down * part)
        pen.line(line, fill=PAPER, width=round(1.6 * part))


def _words(pen: Any, card: CardText) -> None:
    """The title as large as it fits, and what there is room for of the text."""
    for size in TITLE_SIZES:
        lines, is_whole = _lines(card.title, size, MEDIUM, TITLE_LINES)
        if is_whole and (len(lines) < TITLE_LINES or size <= TITLE_SIZES[2]):
            break
    y = 140.0
    for line in lines:
        y += size * 1.14
        _write(pen, EDGE, y, line, size, MEDIUM, INK)
    if not drawable(card.text):
        return
    size, foot = 32, 512 if card.ticks else 580
    room = int((foot - y - 26) / (size * 1.4))
    y += 26
    for line in _lines(card.text, size, REGULAR, min(room, ANSWER_LINES))[0] if room > 0 else ():
        y += size * 1.4
        _write(pen, EDGE, y, line, size, REGULAR, INK_2)


def _ticks(pen: Any, ticks: tuple[tuple[float, str], ...]) -> None:
    """The survey: ticks that hang from a rule, as on the page (see `survey.css`)."""
    top, foot = 540, 582
    pen.line((EDGE, top, WIDTH - EDGE, top), fill=INK, width=2)
    for percent, sign in ticks:
        x = round(EDGE + percent / 100 * (WIDTH - 2 * EDGE))
        if sign in ("sourced", "unchecked"):
            pen.line((x, top, x, foot if sign == "sourced" else top + 20), fill=ACCENT, width=4)
        elif sign == "stale":
            for y in range(top, foot, 8):
                pen.line((x, y, x, y + 4), fill=STALE, width=4)
        elif sign == "disputed":
            pen.line((x, top, x, foot), fill=DISPUTED, width=3)
            pen.line((x - 5, foot - 14, x + 5, foot - 20), fill=DISPUTED, width=3)
        else:
            pen.line((x, top, x, foot - 12), fill=UNSOURCED, width=2)
            pen.ellipse((x - 4, foot - 12, x + 4, foot - 4), outline=UNSOURCED, fill=PAPER, width=2)
