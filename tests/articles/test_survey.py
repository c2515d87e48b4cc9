"""The survey: one tick for each statement, and the same in numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.standing import SIGNS, UNCHECKED, Standing
from articles.survey import MOST_TICKS, Post, Run, Tick, survey, survey_of

SOURCED, STALE = Standing.SOURCED, Standing.STALE
UNSOURCED, DISPUTED = Standing.UNSOURCED, Standing.DISPUTED


def run(standing: Standing, number: int, *, is_checked: bool = True) -> Run:
    """Statements in a row; those without a source were never checked."""
    is_sourced = standing != UNSOURCED
    return Run(standing, is_sourced, is_sourced and is_checked, number)


runs = st.lists(
    st.builds(run, st.sampled_from(Standing), st.integers(0, 400), is_checked=st.booleans()),
    max_size=8,
)
regions = st.lists(st.tuples(st.sampled_from(["Infobox", "Facts", "Timeline"]), runs), max_size=3)


def test_a_few_statements_have_a_tick_each_in_reading_order() -> None:
    found = survey(
        [
            ("Infobox", [run(SOURCED, 1), run(UNSOURCED, 1)]),
            ("Facts", []),
            ("Timeline", [run(STALE, 2)]),
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
    assert [found.count(sign) for sign in SIGNS] == [0, 1, 2, 0, 1]


def test_without_statements_there_is_nothing_to_draw() -> None:
    found = survey([("Infobox", []), ("Facts", [run(SOURCED, 0)])])

    assert (found.posts, found.ticks, found.total) == ((), (), 0)


def test_as_many_statements_as_can_be_told_apart_have_a_tick_each() -> None:
    assert survey([("Timeline", [run(SOURCED, MOST_TICKS)])]).per_tick == 1
    assert survey([("Timeline", [run(SOURCED, MOST_TICKS + 1)])]).per_tick == 2


def test_of_many_statements_one_tick_stands_for_several_of_one_region() -> None:
    found = survey(
        [("Facts", [run(DISPUTED, 1)]), ("Timeline", [run(SOURCED, 290), run(UNSOURCED, 9)])]
    )

    assert found.per_tick == 2
    # The fact by itself; then 145 pairs, four pairs and one left over.
    assert [tick.sign for tick in found.ticks] == [DISPUTED, *[SOURCED] * 145, *[UNSOURCED] * 5]
    assert found.counts == {DISPUTED: 1, SOURCED: 290, UNSOURCED: 9}


def test_a_tick_for_several_shows_the_commonest_standing_and_of_two_the_worse() -> None:
    found = survey([("Timeline", [run(SOURCED, 1), run(STALE, 1)] * 100)])

    assert found.per_tick == 2
    assert {tick.sign for tick in found.ticks} == {STALE}


def test_what_was_never_checked_has_a_sign_of_its_own_and_a_source_all_the_same() -> None:
    found = survey(
        [("Facts", [run(SOURCED, 1), run(SOURCED, 2, is_checked=False), run(UNSOURCED, 1)])]
    )

    assert [tick.sign for tick in found.ticks] == [SOURCED, UNCHECKED, UNCHECKED, UNSOURCED]
    assert found.counts == {SOURCED: 1, UNCHECKED: 2, UNSOURCED: 1}
    assert (found.sourced, found.checked, found.total) == (3, 1, 4)


def test_a_tick_for_as_many_checked_as_unchecked_shows_that_a_check_is_missing() -> None:
    found = survey(
        [("Timeline", [run(SOURCED, 1), run(SOURCED, 1, is_checked=False)] * MOST_TICKS)]
    )

    assert found.per_tick == 2
    assert {tick.sign for tick in found.ticks} == {UNCHECKED}


def test_the_survey_of_a_rendered_page_counts_sources_and_checks() -> None:
    page = {
        "infobox": [{"sourced": True, "checked": ""}],
        "facts": [
            {"sourced": True, "checked": "2020-01-01"},
            {"sourced": False, "checked": "2026-01-01"},
        ],
        "timeline": [[True, "2026-01-01", 3], [True, "", 2]],
    }

    found = survey_of(page, "2024-11-26")

    assert [post.label for post in found.posts] == ["Infobox", "Facts", "Timeline"]
    assert found.counts == {UNCHECKED: 3, STALE: 1, UNSOURCED: 1, SOURCED: 3}
    # A stale statement has a source; whoever looked for one without finding it looked, too.
    assert (found.sourced, found.checked, found.total) == (7, 5, 8)


@given(regions)
def test_ticks_run_from_left_to_right_inside_the_line_and_count_every_statement(
    given_regions: list[tuple[str, list[Run]]],
) -> None:
    found = survey(given_regions)

    xs = [tick.x for tick in found.ticks]
    assert xs == sorted(set(xs))
    assert all(0 < x < 100 for x in xs)
    assert len(found.ticks) <= MOST_TICKS + len(found.posts)
    assert found.total == sum(found.counts.values())
    assert found.total == sum(run.number for _label, region in given_regions for run in region)
    assert found.checked <= found.total - found.count(UNSOURCED) == found.sourced
    if found.per_tick == 1:
        assert len(found.ticks) == found.total


def test_a_small_region_has_room_for_its_name() -> None:
    drawn = survey(
        [
            ("Infobox", [run(SOURCED, 1)]),
            ("Facts", [run(SOURCED, 2)]),
            ("Timeline", [run(SOURCED, 90)]),
        ]
    )
    first, second, third = (post.x for post in drawn.posts)
    assert first == 0
    assert second == pytest.approx(20, abs=0.1)
    assert third == pytest.approx(40, abs=0.1)
    assert max(tick.x for tick in drawn.ticks) < 100
