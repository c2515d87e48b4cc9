"""Marks of tracks: never the same twice, and apart for every kind of colour vision."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import pytest
from django.http import QueryDict

from articles.accent import contrast
from articles.document import Document, Milestone
from tests.articles.bridges import make_article
from timeline.counts import MARKS
from timeline.view import TimelineView, of_site

ROOT = Path(__file__).parents[2]
TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
CHART = (ROOT / "static/css/components/chart.css").read_text(encoding="utf-8")
SPRITE = (ROOT / "templates/includes/sprite.html").read_text(encoding="utf-8")

# What people see without one kind of cones: three rows of weights for the light of the three
# channels. Severity 1 of "A physiologically-based model for simulation of color vision deficiency"
# by Machado, Oliveira and Fernandes, 2009.
VISION = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def colours(theme: int) -> list[str]:
    """The colours of the tracks in the light (0) or the dark (1) theme."""
    return [
        match[theme] for match in re.findall(r"--track-\d+: light-dark\((#\w+), (#\w+)\)", TOKENS)
    ]


def seen(colour: str, vision: str) -> tuple[float, float, float]:
    """CIELAB of a colour as such eyes see it."""
    values = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    light = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(row, light, strict=True)), 0), 1)
        for row in VISION[vision]
    )

    def root(share: float) -> float:
        return math.cbrt(share) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116

    x = root((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
    y = root(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue)
    z = root((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_colours_of_tracks_are_apart_for_all_eyes(vision: str, theme: int) -> None:
    pairs = combinations(colours(theme), 2)
    nearest = min(math.dist(seen(one, vision), seen(other, vision)) for one, other in pairs)
    # CIE76; a difference of 2.3 is just seen side by side.
    assert nearest > 17


@pytest.mark.parametrize(("theme", "paper"), [(0, "#fdfdfb"), (1, "#131715")])
def test_colours_of_tracks_stand_out_from_the_paper(theme: int, paper: str) -> None:
    assert len(colours(theme)) == 6
    assert min(contrast(colour, paper) for colour in colours(theme)) > 4.5


def test_each_mark_is_a_pair_of_shape_and_colour_of_its_own() -> None:
    shapes = dict(re.findall(r'id="shape-(\d+)" d="([^"]+)"', SPRITE))
    tracks = dict(re.findall(r"\.track-(\d+) \{ --track: var\(--track-(\d+)\); \}", CHART))
    assert sorted(shapes, key=int) == sorted(tracks, key=int)
    assert list(map(int, sorted(shapes, key=int))) == list(range(1, MARKS + 1))
    assert len(set(shapes.values())) == MARKS


def view_of(tracks: int) -> TimelineView:
    """The timeline of a site with so many tracks, of which the last has the most milestones."""
    timeline = [
        Milestone(date=f"{1800 + n}", title=f"Step {n}", tracks=(f"Track {n:02}",))
        for n in range(tracks)
    ]
    timeline.append(Milestone(date="1999", title="More", tracks=(f"Track {tracks - 1:02}",)))
    make_article(document=Document(title="Steps", slug="steps", timeline=tuple(timeline)))
    return of_site(QueryDict())


@pytest.mark.django_db
def test_no_two_of_twelve_tracks_share_a_mark() -> None:
    marks = [track.mark for track in view_of(MARKS).counts.tracks]
    assert sorted(marks) == list(range(1, MARKS + 1))


@pytest.mark.django_db
def test_with_more_tracks_than_marks_the_largest_have_one() -> None:
    tracks = view_of(MARKS + 3).counts.tracks
    marks = [track.mark for track in tracks]
    assert sorted(mark for mark in marks if mark) == list(range(1, MARKS + 1))
    assert marks.count(0) == 3
    assert tracks[-1].mark
