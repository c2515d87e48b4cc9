"""Strict EDTF and what it means in days."""

import pytest
from django.utils import translation

from timeline.dates import (
    OPEN_END,
    OPEN_START,
    Bounds,
    DateError,
    HistoricalDate,
    day_number,
    parse_edtf,
    year_of,
)


def days(*dates):
    """Four bounds from (year, month, day) or a sentinel each."""
    return Bounds(*(date if isinstance(date, int) else day_number(*date) for date in dates))


@pytest.mark.parametrize(
    ("edtf", "first", "last", "precision"),
    [
        ("2012", (2012, 1, 1), (2012, 12, 31), "year"),
        ("0000", (0, 1, 1), (0, 12, 31), "year"),
        ("-0043", (-43, 1, 1), (-43, 12, 31), "year"),
        ("Y17000", (17000, 1, 1), (17000, 12, 31), "year"),
        ("Y-300000000", (-300000000, 1, 1), (-300000000, 12, 31), "year"),
        ("2017-06", (2017, 6, 1), (2017, 6, 30), "month"),
        ("1900-02", (1900, 2, 1), (1900, 2, 28), "month"),
        ("2000-02", (2000, 2, 1), (2000, 2, 29), "month"),
        ("2017-06-12", (2017, 6, 12), (2017, 6, 12), "day"),
        ("-0043-03-15", (-43, 3, 15), (-43, 3, 15), "day"),
        ("194X", (1940, 1, 1), (1949, 12, 31), "decade"),
        ("-004X", (-49, 1, 1), (-40, 12, 31), "decade"),
        ("18XX", (1800, 1, 1), (1899, 12, 31), "century"),
        ("-02XX", (-299, 1, 1), (-200, 12, 31), "century"),
        ("-00XX", (-99, 1, 1), (0, 12, 31), "century"),
        ("1XXX", (1000, 1, 1), (1999, 12, 31), "millennium"),
        ("2004-XX", (2004, 1, 1), (2004, 12, 31), "year"),
        ("1985-04-XX", (1985, 4, 1), (1985, 4, 30), "month"),
        ("1985-XX-XX", (1985, 1, 1), (1985, 12, 31), "year"),
        ("1968-21", (1968, 3, 1), (1968, 5, 31), "season"),
        ("1968-22", (1968, 6, 1), (1968, 8, 31), "season"),
        ("1968-23", (1968, 9, 1), (1968, 11, 30), "season"),
        ("1967-24", (1967, 12, 1), (1968, 2, 29), "season"),
    ],
)
def test_a_single_date_is_one_unknown_day_in_its_span(edtf, first, last, precision):
    assert parse_edtf(edtf) == HistoricalDate(
        edtf=edtf,
        bounds=days(first, last, first, last),
        is_interval=False,
        is_circa=False,
        is_uncertain=False,
        precision=precision,
    )


@pytest.mark.parametrize(
    ("edtf", "circa", "uncertain"),
    [
        ("1940~", True, False),
        ("1940?", False, True),
        ("1940%", True, True),
        ("1974~/1980", True, False),
        ("1974/1980?", False, True),
        ("1974~/1980?", True, True),
        ("[..1499~]", True, False),
    ],
)
def test_qualifiers_are_kept_and_do_not_widen_the_bounds(edtf, circa, uncertain):
    date = parse_edtf(edtf)
    bare = edtf.translate(str.maketrans("", "", "~?%"))
    assert (date.edtf, date.is_circa, date.is_uncertain) == (edtf, circa, uncertain)
    assert date.bounds == parse_edtf(bare).bounds


@pytest.mark.parametrize(
    ("edtf", "bounds"),
    [
        ("2012/2015", ((2012, 1, 1), (2012, 12, 31), (2015, 1, 1), (2015, 12, 31))),
        ("2012/..", ((2012, 1, 1), (2012, 12, 31), OPEN_END, OPEN_END)),
        ("../2012", (OPEN_START, OPEN_START, (2012, 1, 1), (2012, 12, 31))),
        # An end that nobody knows may be any day from the start on.
        ("2012/", ((2012, 1, 1), (2012, 12, 31), (2012, 1, 1), OPEN_END)),
        ("/2012", (OPEN_START, (2012, 12, 31), (2012, 1, 1), (2012, 12, 31))),
        ("2012/2012", ((2012, 1, 1), (2012, 12, 31), (2012, 1, 1), (2012, 12, 31))),
        # The end is not before the start, which narrows both.
        ("2012-06/2012", ((2012, 6, 1), (2012, 6, 30), (2012, 6, 1), (2012, 12, 31))),
        ("194X/1942-05-08", ((1940, 1, 1), (1942, 5, 8), (1942, 5, 8), (1942, 5, 8))),
        ("-0217/0014", ((-217, 1, 1), (-217, 12, 31), (14, 1, 1), (14, 12, 31))),
    ],
)
def test_an_interval_starts_in_one_span_and_ends_in_another(edtf, bounds):
    date = parse_edtf(edtf)
    assert (date.is_interval, date.bounds) == (True, days(*bounds))


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("[1914..1918]", (1914, 1, 1), (1918, 12, 31)),
        ("[..1499]", OPEN_START, (1499, 12, 31)),
        ("[2017-06-13..]", (2017, 6, 13), OPEN_END),
    ],
)
def test_one_of_a_set_is_a_single_unknown_day_within(edtf, first, last):
    date = parse_edtf(edtf)
    assert (date.is_interval, date.bounds) == (False, days(first, last, first, last))


def in_range(edtf, first_year, last_year):
    """Whether the date is possibly, and certainly, in a range of years."""
    bounds = parse_edtf(edtf).bounds
    first, last = day_number(first_year), day_number(last_year, 12, 31)
    return (
        bounds.start_min <= last and bounds.end_max >= first,
        bounds.start_max <= last and bounds.end_min >= first,
    )


@pytest.mark.parametrize(
    ("edtf", "years", "answer"),
    [
        ("194X", (1943, 1944), (True, False)),
        ("194X", (1930, 1950), (True, True)),
        ("194X", (1950, 1960), (False, False)),
        ("1940/1949", (1943, 1944), (True, True)),
        ("2012/..", (2020, 2021), (True, True)),
        ("2012/", (2020, 2021), (True, False)),
        ("../1500", (900, 901), (True, True)),
        ("[..1499]", (900, 901), (True, False)),
        ("[..1499]", (1500, 1501), (False, False)),
    ],
)
def test_bounds_tell_what_is_possibly_and_what_is_certainly_in_a_range(edtf, years, answer):
    assert in_range(edtf, *years) == answer


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2017-13", "There is no month 13: write a month from 01 to 12."),
        ("2017-00", "There is no month 00: write a month from 01 to 12."),
        ("1968-25", "There is no month 25: write a month from 01 to 12."),
        ("1968-21-01", "There is no month 21: write a month from 01 to 12."),
        ("2017-06-31", "That month has no day 31: write a day from 01 to 30."),
        ("1900-02-29", "That month has no day 29: write a day from 01 to 28."),
        ("2018/2017", "The end is before the start: write the earlier date first."),
        ("[1918..1914]", "The end is before the start: write the earlier date first."),
        ("-0000", "There is no year -0000: write 0000 for 1 BC, or type “1 BC”."),
        ("194X-05", "Only a year of four known digits can have a month: leave it out."),
        ("Y17000-05", "Only a year of four known digits can have a month: leave it out."),
        ("2004-XX-12", "A day without its month cannot be kept: write the year alone."),
        (
            "Y20000000001",
            "The year is too far away: write one within 20 billion years from now.",
        ),
        ("../..", "Write the date of at least one end, for example 2012/.. or ../2012."),
        ("/", "Write the date of at least one end, for example 2012/.. or ../2012."),
        ("[..]", "Write the date of at least one end, for example 2012/.. or ../2012."),
    ],
)
def test_what_looks_like_edtf_and_is_no_date_says_what_is_wrong(text, message):
    with pytest.raises(DateError) as caught:
        parse_edtf(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "text",
    [
        *("", " 2012", "2012 ", "2012\n", "12", "476", "20120", "Y2012", "Y0017000", "2017-6"),
        *("2017-06-12T10:00", "2012//2015", "2012/2013/2014", "156X-12-25x", "1X40", "XXXX"),
        *(
            "2004?-06",
            "~2004",
            "2004~?",
            "[1667,1668]",
            "{1667..1668}",
            "Y-3E8",
            "1950S2",
            "１９４０",
        ),
        *("June 2017", "c. 1450", "٢٠١٢", "2012\x00", "..", "[2012]", "[2012..2013", "2012...2015"),
        "2" * 10_000,
    ],
)
def test_what_is_not_our_edtf_is_refused(text):
    with pytest.raises(DateError):
        parse_edtf(text)


def test_the_farthest_years_fit_in_64_bits_and_lie_within_the_open_ends():
    first = parse_edtf("Y-20000000000").bounds.start_min
    last = parse_edtf("Y20000000000").bounds.end_max
    assert -(2**63) <= OPEN_START < first < last < OPEN_END < 2**63
    assert (year_of(first), year_of(last)) == (-20_000_000_000, 20_000_000_000)


def test_the_message_of_an_error_is_in_the_language_in_which_it_is_read():
    with pytest.raises(DateError) as caught, translation.override("de"):
        parse_edtf("2017-13")
    with translation.override("en"):
        assert str(caught.value) == "There is no month 13: write a month from 01 to 12."
