"""How well a statement stands."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.standing import Standing, stale_before, standing_of


@pytest.mark.parametrize(
    ("sourced", "checked", "disputed", "standing"),
    [
        (True, "", False, "sourced"),
        (True, "2024-11-22", False, "sourced"),
        (True, "2024-11-21", False, "stale"),
        (False, "2026-01-01", False, "unsourced"),
        (False, "2020-01-01", False, "unsourced"),
        (True, "2026-01-01", True, "disputed"),
        (False, "", True, "disputed"),
    ],
    ids=[
        "never checked", "checked on the first good day", "checked a day too early",
        "checked without a source", "checked long ago without a source", "disputed",
        "disputed without a source",
    ],
)  # fmt: skip
def test_standing_follows_from_source_check_and_dispute(
    sourced: bool, checked: str, disputed: bool, standing: str
) -> None:
    found = standing_of(
        sourced=sourced, checked=checked, stale_before="2024-11-22", disputed=disputed
    )

    assert found == standing


def test_each_standing_has_a_word() -> None:
    assert [standing.label for standing in Standing] == [
        "Disputed",
        "Unsourced",
        "Stale",
        "Sourced",
    ]


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [
        ("2026-11-22", 24, "2024-11-22"),
        ("2026-11-22", 1, "2026-10-22"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2026-12-31", 12, "2025-12-31"),
        ("2026-12-31", 1, "2026-11-30"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-11-22", 0, "2026-11-22"),
        ("2026-11-22", 1200, "1926-11-22"),
        ("0001-05-01", 12, ""),
    ],
    ids=str,
)
def test_the_first_good_day_lies_months_back(today: str, months: int, day: str) -> None:
    assert stale_before(datetime.date.fromisoformat(today), months) == day


@given(today=st.dates(datetime.date(200, 1, 1)), months=st.integers(0, 1200))
def test_the_first_good_day_is_a_day_of_the_month_so_many_months_ago(
    today: datetime.date, months: int
) -> None:
    day = datetime.date.fromisoformat(stale_before(today, months))

    assert (today.year - day.year) * 12 + today.month - day.month == months
    following = day + datetime.timedelta(days=1)
    assert day.day == today.day or (day.day < today.day and following.day == 1)
