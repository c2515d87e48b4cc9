"""Dates as editors type them."""

import time

import pytest

from timeline.dates import DateError, parse

SINGLE = [
    ("2012", "2012"),
    ("476", "0476"),
    ("AD 476", "0476"),
    ("A.D. 476", "0476"),
    ("476 CE", "0476"),
    ("476 ad", "0476"),
    ("44 BC", "-0043"),
    ("44 BCE", "-0043"),
    ("44 B.C.", "-0043"),
    ("1 BC", "0000"),
    ("c. 44 BC", "-0043~"),
    ("10,500 BC", "Y-10499"),
    ("AD 17,000", "Y17000"),
    ("circa 1450", "1450~"),
    ("ca. 1450", "1450~"),
    ("about 1450", "1450~"),
    ("Around 1450", "1450~"),
    ("c1450", "1450~"),
    ("~1450", "1450~"),
    ("1912?", "1912?"),
    ("1912 (?)", "1912?"),
    ("possibly 1912", "1912?"),
    ("c. 1912?", "1912%"),
    ("probably about 1912", "1912%"),
    ("1940s", "194X"),
    ("the 1940s", "194X"),
    ("1940's", "194X"),
    ("470s", "047X"),
    ("2000s", "200X"),
    ("1800s", "18XX"),
    ("decade 1900–1909", "190X"),
    ("the decade 50–41 BC", "-004X"),
    ("440s BC", "[-0448..-0439]"),
    ("early 1940s", "194X~"),
    ("mid-1940s", "194X~"),
    ("the late 1940s", "194X~"),
    ("late 2012", "2012~"),
    ("19th century", "18XX"),
    ("the nineteenth century", "18XX"),
    ("1st century", "00XX"),
    ("5th century AD", "04XX"),
    ("3rd century BC", "-02XX"),
    ("early 20th century", "19XX~"),
    ("2nd millennium BC", "-1XXX"),
    ("third millennium", "2XXX"),
]
WITH_MONTHS = [
    ("12 June 2017", "2017-06-12"),
    ("12th of June, 2017", "2017-06-12"),
    ("June 12, 2017", "2017-06-12"),
    ("June 12th 2017", "2017-06-12"),
    ("June 12,2017", "2017-06-12"),
    ("Monday, 12 June 2017", "2017-06-12"),
    ("12-Jun-2017", "2017-06-12"),
    ("June 2017", "2017-06"),
    ("June, 2017", "2017-06"),
    ("jun 2017", "2017-06"),
    ("SEPT. 2017", "2017-09"),
    ("15 March 44 BC", "-0043-03-15"),
    ("June AD 476", "0476-06"),
    ("2017-06", "2017-06"),
    ("2017-6-2", "2017-06-02"),
    ("2017/06/12", "2017-06-12"),
    ("12.06.2017", "2017-06-12"),
    ("25/12/2017", "2017-12-25"),
    ("12/25/2017", "2017-12-25"),
    ("6/6/2017", "2017-06-06"),
    ("c. June 2017", "2017-06~"),
    ("Spring 1968", "1968-21"),
    ("summer of 1968", "1968-22"),
    ("Fall 1968", "1968-23"),
    ("Winter 1968–69", "1968-24"),
    ("Q3 2019", "[2019-07..2019-09]"),
]
RANGES = [
    ("1914–1918", "1914/1918"),
    ("1914-1918", "1914/1918"),
    ("1914 — 1918", "1914/1918"),
    ("1914 to 1918", "1914/1918"),
    ("from 1914 until 1918", "1914/1918"),
    ("1914–18", "1914/1918"),
    ("1914-18", "1914/1918"),
    ("2011–12", "2011/2012"),
    ("2011-12", "2011-12"),
    ("2016/17", "2016/2017"),
    ("between 1914 and 1918", "[1914..1918]"),
    ("between c. 1914 and 1918?", "[1914~..1918?]"),
    ("c. 1974 – c. 1980", "1974~/1980~"),
    ("c. 1974–1980", "1974~/1980"),
    ("218–201 BC", "-0217/-0200"),
    ("c. 218–201 BC", "-0217~/-0200"),
    ("27 BC – AD 14", "-0026/0014"),
    ("AD 476–480", "0476/0480"),
    ("476–480 CE", "0476/0480"),
    ("June–August 2017", "2017-06/2017-08"),
    ("12–15 June 2017", "2017-06-12/2017-06-15"),
    ("June 12–15, 2017", "2017-06-12/2017-06-15"),
    ("12 June – 3 July 2017", "2017-06-12/2017-07-03"),
    ("June 12 – July 3, 2017", "2017-06-12/2017-07-03"),
    ("December 2016 to 3 July 2017", "2016-12/2017-07-03"),
    ("1940s–1960s", "194X/196X"),
    ("1940s–60s", "194X/196X"),
    ("18th–19th centuries", "17XX/18XX"),
    ("2017-06 to 2017-08", "2017-06/2017-08"),
    ("2012–", "2012/.."),
    ("2012–present", "2012/.."),
    ("2012 to the present day", "2012/.."),
    ("2012 onwards", "2012/.."),
    ("since 2012", "2012/.."),
    ("from c. 2012", "2012~/.."),
    ("until 2012", "../2012"),
    ("–2012", "../2012"),
    ("2012–?", "2012/"),
    ("? – 2012", "/2012"),
    ("before 1500", "[..1499]"),
    ("before 44 BC", "[..-0044]"),
    ("before AD 1", "[..0000]"),
    ("before March 2000", "[..2000-02]"),
    ("before 1 March 2000", "[..2000-02-29]"),
    ("before the 1940s", "[..1939]"),
    ("before c. 1500", "[..1499~]"),
    ("after 1500", "[1501..]"),
    ("after 31 December 1999", "[2000-01-01..]"),
    ("after winter 1968", "[1969-03..]"),
]
LONG_AGO = [
    ("300 million years ago", "Y-300000000~"),
    ("c. 300 million years ago", "Y-300000000~"),
    ("2.6 million years ago", "Y-2600000~"),
    ("4.54 billion years ago", "Y-4540000000~"),
    ("66 Ma", "Y-66000000~"),
    ("66–56 million years ago", "Y-66000000~/Y-56000000~"),
    ("10,000 years ago", "-7999~"),
    ("200 thousand years ago", "Y-197999~"),
    ("2000 years ago", "0001~"),
    ("11,700 BP", "-9750~"),
]
AS_TYPESET = [
    ("  2012  ", "2012"),
    ("12\u00a0June\u202f2017", "2017-06-12"),
    ("２０１２", "2012"),
    ("٢٠١٢", "2012"),
    ("\u200f2012\u200e", "2012"),
    ("−0043~", "-0043~"),
    ("2017\u201106", "2017-06"),
    ("1914\u20121918", "1914/1918"),
    ("c.\u00a01450", "1450~"),
]


@pytest.mark.parametrize(("text", "edtf"), [*SINGLE, *WITH_MONTHS, *RANGES, *LONG_AGO, *AS_TYPESET])
def test_english_is_understood_as_edtf(text, edtf):
    assert parse(text).edtf == edtf


@pytest.mark.parametrize(
    "edtf", ["2012", "-0043~", "194X", "1968-21", "1922-24", "2012/..", "[..1499]", "Y-300000000"]
)
def test_edtf_is_taken_as_it_is(edtf):
    assert parse(edtf).edtf == edtf


NOT_UNDERSTOOD = (
    "“{}” is not understood as a date: write it like 2012, 12 June 2017, 1940s, "
    "c. 44 BC, 1914–1918 or since 2012."
)


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "600 million people", "2001: A Space Odyssey", "June", "12 June", "2012 2013"),
        *(
            "2012 and 2013",
            "1,234",
            "AD 476 BC",
            "0th century",
            "101st century",
            "century",
            "BC 44 BC",
        ),
        *(
            "c.",
            "between 1914",
            "Mayor 2012",
            "decade 1905–1914",
            "decade 1900–1919",
            "2012 BCX",
            "auguſt 2012",
            "the",
            "20 12",
        ),
    ],
)
def test_what_is_no_date_is_refused_with_examples(text):
    with pytest.raises(DateError) as caught:
        parse(text)
    assert str(caught.value) == NOT_UNDERSTOOD.format(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write a date, for example 2012, June 2017, 1940s or c. 44 BC."),
        (" \u00a0\t", "Write a date, for example 2012, June 2017, 1940s or c. 44 BC."),
        ("44", "“44” may be a year of either era: write it like AD 44 or 44 BC."),
        ("c. 77", "“c. 77” may be a year of either era: write it like AD 44 or 44 BC."),
        ("um 77", "“um 77” may be a year of either era: write it like AD 44 or 44 BC."),
        (
            "probably 77 (?)",
            "“probably 77 (?)” may be a year of either era: write it like AD 44 or 44 BC.",
        ),
        ("the late 60s", "“the late 60s” lacks its century: write it like 1960s."),
        ("60s", "“60s” lacks its century: write it like 1960s."),
        ("'60s", "“'60s” lacks its century: write it like 1960s."),
        ("1.2.99", "“1.2.99” lacks its century: write all four digits of the year."),
        (
            "12/06/2017",
            "“12/06/2017” could be two different days: write it like 12 June 2017 or 2017-06-12.",
        ),
        (
            "2017/06",
            "“2017/06” could be a month or a range: write it like 2017-06 or 2017–2018.",
        ),
        ("0 BC", "No era has a year 0: write 1 BC or AD 1."),
        ("5 years ago", "“5 years ago” depends on when it is read: write the year itself."),
        (
            "20170612",
            "“20170612” is not a year: write at most four digits, or add BC or AD.",
        ),
        ("2017-06-12T10:00", "“2017-06-12T10:00” has a time of day: write only the date."),
        ("31 June 2017", "That month has no day 31: write a day from 01 to 30."),
        ("before 31 June 2017", "That month has no day 31: write a day from 01 to 30."),
        ("29 February 1900", "That month has no day 29: write a day from 01 to 28."),
        ("12.13.2017", "There is no month 13: write a month from 01 to 12."),
        ("1918 to 1914", "The end is before the start: write the earlier date first."),
        ("201–218 BC", "The end is before the start: write the earlier date first."),
        (
            "30 billion years ago",
            "The year is too far away: write one within 20 billion years from now.",
        ),
        ("9" * 30 + " BC", "The year is too far away: write one within 20 billion years from now."),
        ("2012\x00", NOT_UNDERSTOOD.format("2012")),
        ("x" * 50, NOT_UNDERSTOOD.format("x" * 40 + "…")),
    ],
)
def test_a_refusal_says_what_to_type_instead(text, message):
    with pytest.raises(DateError) as caught:
        parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "1,000",
        "c. ",
        " ",
        "–",
        "2012–",
        "12 June ",
        "X",
        "early ",
        "\0",
        "「",
        "[..",
        "between ",
    ],
)
def test_absurdly_long_text_is_refused_at_once(piece):
    started = time.process_time()
    with pytest.raises(DateError) as caught:
        parse(piece * 10_000)
    assert str(caught.value) == "This is too long for a date: write only the date."
    with pytest.raises(DateError):
        parse((piece * 100)[:100])
    assert time.process_time() - started < 1
