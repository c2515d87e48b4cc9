"""Titles in the picture of a timeline never lie below a mark, however crowded a track is."""

from __future__ import annotations

from itertools import combinations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from timeline.dates import day_number
from timeline.lanes import _HATCHED, Lane, Scale, _title, lay_out
from timeline.pages import MilestoneEntry

SCALE = Scale(day_number(1900), day_number(2000) - 1)


def entry(
    date: str, title: str = "Title", tracks: tuple[tuple[str, int], ...] = ()
) -> MilestoneEntry:
    return MilestoneEntry(1, "milestone-1", date, title, "", False, None, tracks=tracks)


def lanes(*entries: MilestoneEntry, order: tuple[str, ...] = ()) -> list[Lane]:
    return lay_out(list(entries), SCALE, order)


DATES = st.one_of(
    st.integers(1900, 1999).map(str),
    st.integers(1900, 1999).map("{}-06-15".format),
    st.tuples(st.integers(1900, 1950), st.integers(1951, 1999)).map(
        lambda years: f"{years[0]}/{years[1]}"
    ),
    st.integers(190, 199).map("{}X".format),
)


@given(st.lists(st.tuples(DATES, st.text("abcdef ", min_size=1, max_size=40)), max_size=30))
def test_no_mark_stands_on_a_title(rows: list[tuple[str, str]]) -> None:
    for lane in lanes(*(entry(date, title) for date, title in rows)):
        for one, other in combinations(lane.marks, 2):
            if one.row != other.row:
                continue
            for mark, there in ((one, other), (other, one)):
                if mark.label == "after":
                    assert not mark.right < there.left < mark.right + _title(mark)
                if mark.label == "before":
                    assert not mark.left - _title(mark) < there.right < mark.left


@pytest.mark.parametrize("date", ["1950", "1950-06", "1950-06-15"])
def test_a_date_that_is_certain_is_one_shape_at_every_scale(date: str) -> None:
    near = Scale(day_number(1948), day_number(1952) - 1)
    (lane,) = lay_out([entry(date)], near, ())
    assert lane.marks[0].is_shape
    assert not lane.marks[0].is_circa


def test_a_decade_is_hatched_where_it_is_wide_and_a_loose_shape_where_it_is_narrow() -> None:
    wide = lanes(entry("195X"))[0].marks[0]
    assert (wide.solid, wide.after > 2 * _HATCHED) == (0, True)
    (narrow,) = lay_out([entry("195X")], Scale(day_number(1), day_number(2000)), ())
    assert (narrow.marks[0].is_shape, narrow.marks[0].is_circa) == (True, True)


def test_lanes_are_the_tracks_that_were_asked_for_in_that_order() -> None:
    both = entry("1950", tracks=(("Moon", 1), ("Sun", 2)))
    none = entry("1960")
    assert [lane.name for lane in lanes(both, none, order=("Sun", "Moon"))] == [
        "Sun", "Moon", "Other",
    ]  # fmt: skip
    assert [lane.name for lane in lanes(both, order=("Moon",))] == ["Moon"]
    assert [lane.name for lane in lanes(none)] == [""]
