"""The survey: one tick for each statement, and the same in numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.standing import Standing
from articles.survey import MOST_TICKS, Post, Tick, survey

SOURCED, STALE = Standing.SOURCED, Standing.STALE
UNSOURCED, DISPUTED = Standing.UNSOURCED, Standing.DISPUTED

runs = st.lists(st.tuples(st.sampled_from(Standing), st.integers(0, 400)), max_size=8)
regions = st.lists(st.tuples(st.sampled_from(["Infobox", "Facts", "Timeline"]), runs), max_size=3)


def test_a_few_statements_have_a_tick_each_in_reading_order() -> None:
    found = survey(
        [
            ("Infobox", [(SOURCED, 1), (UNSOURCED, 1)]),
            ("Facts", []),
            ("Timeline", [(STALE, 2)]),
        ]
    )

    assert found.posts == (Post(0.0, "Infobox"), Post(50.0, "Timeline"))
    assert found.ticks == (
        Tick(12.5, SOURCED),
        Tick(26.39, UNSOURCED),
        Tick(62.5, STALE),
        Tick(76.39, STALE),
    )
    assert (found.total, found.per_tick) == (4, 1)
    assert (found.sourced, found.stale, found.unsourced, found.disputed) == (1, 2, 1, 0)


def test_without_statements_there_is_nothing_to_draw() -> None:
    found = survey([("Infobox", []), ("Facts", [(SOURCED, 0)])])

    assert (found.posts, found.ticks, found.total) == ((), (), 0)


def test_as_many_statements_as_can_be_told_apart_have_a_tick_each() -> None:
    assert survey([("Timeline", [(SOURCED, MOST_TICKS)])]).per_tick == 1
    assert survey([("Timeline", [(SOURCED, MOST_TICKS + 1)])]).per_tick == 2


def test_of_many_statements_one_tick_stands_for_several_of_one_region() -> None:
    found = survey([("Facts", [(DISPUTED, 1)]), ("Timeline", [(SOURCED, 290), (UNSOURCED, 9)])])

    assert found.per_tick == 2
    # The fact by itself; then 145 pairs, four pairs and one left over.
    assert [tick.standing for tick in found.ticks] == [DISPUTED, *[SOURCED] * 145, *[UNSOURCED] * 5]
    assert found.counts == {DISPUTED: 1, SOURCED: 290, UNSOURCED: 9}


def test_a_tick_for_several_shows_the_commonest_standing_and_of_two_the_worse() -> None:
    found = survey([("Timeline", [(SOURCED, 1), (STALE, 1)] * 100)])

    assert found.per_tick == 2
    assert {tick.standing for tick in found.ticks} == {STALE}


@given(regions)
def test_ticks_run_from_left_to_right_inside_the_line_and_count_every_statement(
    given_regions: list[tuple[str, list[tuple[Standing, int]]]],
) -> None:
    found = survey(given_regions)

    xs = [tick.x for tick in found.ticks]
    assert xs == sorted(set(xs))
    assert all(0 < x < 100 for x in xs)
    assert len(found.ticks) <= MOST_TICKS + len(found.posts)
    assert found.total == sum(found.counts.values())
    assert found.total == sum(n for _label, region in given_regions for _s, n in region)
    if found.per_tick == 1:
        assert len(found.ticks) == found.total


def test_a_small_region_has_room_for_its_name() -> None:
    drawn = survey(
        [
            ("Infobox", [(Standing.SOURCED, 1)]),
            ("Facts", [(Standing.SOURCED, 2)]),
            ("Timeline", [(Standing.SOURCED, 90)]),
        ]
    )
    first, second, third = (post.x for post in drawn.posts)
    assert first == 0
    assert second == pytest.approx(20, abs=0.1)
    assert third == pytest.approx(40, abs=0.1)
    assert max(tick.x for tick in drawn.ticks) < 100
