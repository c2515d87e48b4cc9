"""Day numbers of the proleptic Gregorian calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.dates import civil_date, day_number, days_of_year, year_of


@given(st.dates())
def test_days_of_the_years_1_to_9999_are_those_of_python(day):
    number = day_number(day.year, day.month, day.day)
    assert number == day.toordinal()
    assert civil_date(number) == (day.year, day.month, day.day)


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_a_day_number_is_read_back_from_its_date(number):
    assert day_number(*civil_date(number)) == number


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_the_calendar_repeats_every_400_years(number):
    year, month, day = civil_date(number)
    assert civil_date(number + 146_097) == (year + 400, month, day)


@pytest.mark.parametrize("year", [-300_000_000, -400, -4, -1, 0, 1, 4, 100, 1900, 2000, 2026])
def test_a_year_begins_the_day_after_the_one_before_ends(year):
    first, last = days_of_year(year)
    assert (civil_date(first), civil_date(last)) == ((year, 1, 1), (year, 12, 31))
    assert days_of_year(year - 1)[1] == first - 1
    assert (year_of(first), year_of(last)) == (year, year)


def test_the_year_0_is_a_leap_year_just_before_day_1():
    assert days_of_year(0) == (-365, 0)
    assert civil_date(day_number(0, 2, 29)) == (0, 2, 29)
    assert civil_date(date(1, 1, 1).toordinal()) == (1, 1, 1)
