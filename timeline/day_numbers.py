"""Days as integers in the proleptic Gregorian calendar, without the limits of Python's `date`.

Day 1 is 1 January of the year 1, as in `date.toordinal()`. Years are astronomical: the year 0 is
1 BC, the year -1 is 2 BC. All arithmetic is on integers, so hundreds of millions of years work.
"""

from __future__ import annotations

_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
# The Gregorian calendar repeats every 400 years; a century has 24 leap years, but the last has 25.
_DAYS_IN_400_YEARS = 146_097
_DAYS_IN_100_YEARS = 36_524
_DAYS_IN_4_YEARS = 1_461


def is_leap(year: int) -> bool:
    """Whether the astronomical year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """How many days the month (1 to 12) of that year has."""
    leap_day = 1 if month == 2 and is_leap(year) else 0
    return _DAYS_BEFORE_MONTH[month] - _DAYS_BEFORE_MONTH[month - 1] + leap_day


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """The number of a day that exists; the caller has checked month and day."""
    past = year - 1
    leap_day = 1 if month > 2 and is_leap(year) else 0
    return (
        past * 365
        + past // 4
        - past // 100
        + past // 400
        + _DAYS_BEFORE_MONTH[month - 1]
        + leap_day
        + day
    )


def civil_date(day: int) -> tuple[int, int, int]:
    """Astronomical year, month and day of a day number; the inverse of `day_number`."""
    cycles, rest = divmod(day - 1, _DAYS_IN_400_YEARS)
    # The last day of a leap cycle would count as a fifth century or year: it belongs to the fourth.
    centuries = min(rest // _DAYS_IN_100_YEARS, 3)
    rest -= centuries * _DAYS_IN_100_YEARS
    fours, rest = divmod(rest, _DAYS_IN_4_YEARS)
    years = min(rest // 365, 3)
    rest -= years * 365
    year = 400 * cycles + 100 * centuries + 4 * fours + years + 1
    month = 1
    while rest >= days_in_month(year, month):
        rest -= days_in_month(year, month)
        month += 1
    return year, month, rest + 1


def year_of(day: int) -> int:
    """The astronomical year a day number falls in."""
    return civil_date(day)[0]


def days_of_year(year: int) -> tuple[int, int]:
    """The first and the last day number of an astronomical year."""
    return day_number(year), day_number(year + 1) - 1
