"""The accent colour of a site: from one colour that its owner likes to those that pages use.

Links and buttons must be readable on light and on dark paper, and no one colour is. So the hue and
the saturation of the chosen colour are kept and its lightness is moved, in OKLCH, as far as the
contrast asks for. OKLCH is the polar form of OKLab by Björn Ottosson, "A perceptual color space for
image processing" (2020), whose matrices these are; contrast is that of WCAG 2.2, "relative
luminance" and "contrast ratio".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The accent of `static/css/tokens.css`; a site that keeps it needs no stylesheet of its own.
DEFAULT = "#0a5c48"
# The papers and inks of that file, and its colours that mean something, in both themes.
PAPER_LIGHT, PAPER_DARK = "#fdfdfb", "#131715"
MEANINGS = (
    (gettext_lazy("stale"), ("#795200", "#dcb663")),
    (gettext_lazy("disputed"), ("#a12a1c", "#f29b8f")),
    (gettext_lazy("the first track"), ("#0f4799", "#669ff8")),
    (gettext_lazy("the second track"), ("#6a3a1e", "#e6bb9d")),
    (gettext_lazy("the third track"), ("#b4478a", "#e86aae")),
    (gettext_lazy("the fourth track"), ("#237f1c", "#a9d65d")),
    (gettext_lazy("the fifth track"), ("#7d2fd0", "#d9b8ff")),
)
# Contrast of links to paper: at least AAA's 7, and not so high that they look like the text.
LIGHT_CONTRAST = (7.0, 11.0)
DARK_CONTRAST = (8.5, 11.5)
# Bars of pictures and the lines below links need 3 (WCAG 1.4.11); these are close to ours.
SOFT_LIGHT, SOFT_DARK = 3.4, 3.9
# Less of a colour than this looks grey beside the text. OKLCH's chroma, which reaches about 0.32.
LEAST_CHROMA = 0.04
# Two colours nearer than this are taken for each other as small marks. Distance in OKLab; the
# default and the nearest track are 0.13 apart.
NEAR = 0.09

_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Accent:
    """The colours of one site as `#rrggbb`: `soft` for lines and bars, `wash` behind, `on` upon."""

    light: str
    dark: str
    soft_light: str
    soft_dark: str
    wash_light: str
    wash_dark: str
    on_light: str
    on_dark: str

    @property
    def contrasts(self) -> tuple[float, float]:
        """Contrast of links to light and to dark paper."""
        return contrast(self.light, PAPER_LIGHT), contrast(self.dark, PAPER_DARK)

    @property
    def css(self) -> str:
        """The stylesheet that puts these colours in the place of the default ones.

        In no layer, so that it also holds in the admin. Readers who chose colours of their own keep
        them.
        """
        return (
            "@media (forced-colors: none) {\n"
            "  html:root {\n"
            f"    --accent: light-dark({self.light}, {self.dark});\n"
            f"    --accent-2: light-dark({self.soft_light}, {self.soft_dark});\n"
            f"    --accent-wash: light-dark({self.wash_light}, {self.wash_dark});\n"
            f"    --on-accent: light-dark({self.on_light}, {self.on_dark});\n"
            "  }\n"
            "}\n"
        )


def clean(text: str) -> str:
    """The colour as it is stored: `#` and six small letters or digits. Raises ValueError."""
    colour = text.strip().lower()
    if not _HEX.fullmatch(colour):
        raise ValueError(_("A colour is # and six digits or letters a to f: #0a5c48."))
    return colour


def validate(text: str) -> None:
    """Refuse what cannot be an accent: raises ValidationError."""
    try:
        _lightness, chroma, _hue = to_oklch(clean(text))
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if chroma < LEAST_CHROMA:
        raise ValidationError(
            _("This is so grey that nobody could tell a link from the text. Take more of a colour.")
        )


@lru_cache(maxsize=64)
def derive(colour: str) -> Accent:
    """The colours of a site from the chosen one, a valid `#rrggbb`."""
    if colour == DEFAULT:
        return Accent(
            "#0a5c48", "#86d0b4", "#569581", "#447f6a", "#e2efe9", "#1d3028", "#ffffff", "#0d1613"
        )
    lightness, chroma, hue = to_oklch(colour)
    return Accent(
        light=_within(lightness, chroma, hue, PAPER_LIGHT, LIGHT_CONTRAST),
        dark=_within(lightness, chroma, hue, PAPER_DARK, DARK_CONTRAST),
        soft_light=_within(lightness, chroma, hue, PAPER_LIGHT, (SOFT_LIGHT, SOFT_LIGHT)),
        soft_dark=_within(lightness, chroma, hue, PAPER_DARK, (SOFT_DARK, SOFT_DARK)),
        wash_light=from_oklch(0.945, min(chroma, 0.025), hue),
        wash_dark=from_oklch(0.29, min(chroma, 0.035), hue),
        on_light="#ffffff",
        on_dark=from_oklch(0.19, min(chroma, 0.015), hue),
    )


def describe(colour: str) -> str:
    """What becomes of a valid colour, in words: contrasts, and what it may be taken for."""
    accent = derive(colour)
    light, dark = (number_format(math.floor(ratio * 10) / 10, 1) for ratio in accent.contrasts)
    sentences = [
        _(
            "Links are %(light)s on the light page (contrast %(light_ratio)s to 1) and %(dark)s on "
            "the dark one (%(dark_ratio)s to 1); 4.5 is asked for."
        )
        % {
            "light": accent.light,
            "dark": accent.dark,
            "light_ratio": light,
            "dark_ratio": dark,
        }
    ]
    if near := look_alikes(colour):
        sentences.append(
            _(
                "It comes near to the colour that stands for %(names)s: readers may take one for "
                "the other."
            )
            % {"names": ", ".join(near)}
        )
    return " ".join(sentences)


def look_alikes(colour: str) -> list[str]:
    """What the colours that mean something stand for, where the accent comes near to one."""
    accent = derive(colour)
    light, dark = to_oklab(accent.light), to_oklab(accent.dark)
    return [
        str(name)
        for name, (on_light, on_dark) in MEANINGS
        if min(math.dist(light, to_oklab(on_light)), math.dist(dark, to_oklab(on_dark))) < NEAR
    ]


# Colours ------------------------------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2.2, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_oklab(colour: str) -> tuple[float, float, float]:
    """Lightness and the two opponent axes of a `#rrggbb`."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def to_oklch(colour: str) -> tuple[float, float, float]:
    """Lightness (0 to 1), chroma, and hue in radians of a `#rrggbb`."""
    lightness, a, b = to_oklab(colour)
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The `#rrggbb` of this lightness and hue, with as much of the chroma as screens can show."""
    if _fits(channels := _channels(lightness, chroma, hue)):
        return _hex(channels)
    shown = _search(lambda part: _fits(_channels(lightness, part, hue)), 0, chroma)
    return _hex(_channels(lightness, shown, hue))


def _within(
    lightness: float, chroma: float, hue: float, paper: str, bounds: tuple[float, float]
) -> str:
    """The colour with its lightness moved as little as its contrast to the paper asks for.

    Contrast only grows with the distance from the paper's lightness, so the edge is found by
    halves; the colour stands on the side of more contrast.
    """
    least, most = bounds
    is_light = _luminance(paper) > 0.5
    far, close = (0.0, to_oklab(paper)[0]) if is_light else (1.0, to_oklab(paper)[0])

    def reaches(ratio: float) -> float:
        return _search(lambda at: contrast(from_oklch(at, chroma, hue), paper) >= ratio, far, close)

    nearest, farthest = reaches(least), reaches(most)
    low, high = sorted((nearest, farthest))
    return from_oklch(min(max(lightness, low), high), chroma, hue)


def _search(holds: Callable[[float], bool], good: float, bad: float) -> float:
    """The value nearest to `bad` for which it still holds; it must hold for `good`."""
    for _step in range(20):
        middle = (good + bad) / 2
        if holds(middle):
            good = middle
        else:
            bad = middle
    return good


def _linear(colour: str) -> tuple[float, float, float]:
    """Red, green and blue as amounts of light, 0 to 1 (sRGB, IEC 61966-2-1)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _to_light(red), _to_light(green), _to_light(blue)


def _to_light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Red, green and blue as amounts of light; outside 0 to 1 where no screen shows the colour."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _fits(channels: tuple[float, float, float]) -> bool:
    return all(-0.0001 <= channel <= 1.0001 for channel in channels)


def _hex(channels: tuple[float, float, float]) -> str:
    inside = (min(max(channel, 0.0), 1.0) for channel in channels)
    shares = (
        12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
        for light in inside
    )
    return "#" + "".join(f"{round(share * 255):02x}" for share in shares)
