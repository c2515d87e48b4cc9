"""Dates found in running text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.dates import find_dates, find_leading_date


@pytest.mark.parametrize(
    ("line", "edtf", "rest"),
    [
        ("2012 AlexNet wins", "2012", " AlexNet wins"),
        ("  2012\tAlexNet wins", "2012", "\tAlexNet wins"),
        ("2012: AlexNet wins", "2012", ": AlexNet wins"),
        ("2012 – AlexNet wins", "2012", " – AlexNet wins"),
        ("2012—AlexNet wins", "2012", "—AlexNet wins"),
        ("2012-AlexNet wins", "2012", "-AlexNet wins"),
        ("2012- AlexNet wins", "2012", "- AlexNet wins"),
        ("2012", "2012", ""),
        ("2001: A Space Odyssey released", "2001", ": A Space Odyssey released"),
        ("2012 – 2001: A Space Odyssey again", "2012", " – 2001: A Space Odyssey again"),
        ("2012 – 12 Monkeys", "2012", " – 12 Monkeys"),
        ("2012 ad campaign", "2012", " ad campaign"),
        ("2010 BP oil spill", "2010", " BP oil spill"),
        ("12 June 2017 Transformer published", "2017-06-12", " Transformer published"),
        ("June 12, 2017: Transformer published", "2017-06-12", ": Transformer published"),
        ("2017-06-12 Transformer", "2017-06-12", " Transformer"),
        ("12.06.2017 Transformer", "2017-06-12", " Transformer"),
        ("June 2017. Transformer", "2017-06", ". Transformer"),
        ("Spring 1968 Unrest", "1968-21", " Unrest"),
        ("c. 1450 Gutenberg's press", "1450~", " Gutenberg's press"),
        ("c. 450 Attila", "0450~", " Attila"),
        ("44 BC: Caesar is killed", "-0043", ": Caesar is killed"),
        ("-0043~ Caesar is killed", "-0043~", " Caesar is killed"),
        ("218–201 BC Second Punic War", "-0217/-0200", " Second Punic War"),
        ("1914–1918 First World War", "1914/1918", " First World War"),
        ("1914–18 First World War", "1914/1918", " First World War"),
        ("1922-24 Dada", "1922/1924", " Dada"),
        ("1968-21 Unrest", "1968-21", " Unrest"),
        ("2012/13 season", "2012/2013", " season"),
        ("2012–present Boom", "2012/..", " Boom"),
        ("2012/.. Boom", "2012/..", " Boom"),
        ("Since 2012 it goes on", "2012/..", " it goes on"),
        ("Between 1914 and 1918 it rained", "[1914..1918]", " it rained"),
        ("[1914..1918] it rained", "[1914..1918]", " it rained"),
        ("Before 1500 nothing", "[..1499]", " nothing"),
        ("1940s Early neurons", "194X", " Early neurons"),
        ("Early 1940s First neurons", "194X~", " First neurons"),
        ("19th century Steam", "18XX", " Steam"),
        ("300 million years ago – Reptiles", "Y-300000000~", " – Reptiles"),
        ("66 Ma Impact", "Y-66000000~", " Impact"),
        ("1912? Signal", "1912?", " Signal"),
        ("٢٠١٢ بداية", "2012", " بداية"),
    ],
)
def test_the_longest_date_at_the_start_of_a_line_is_found(line, edtf, rest):
    found = find_leading_date(line)
    assert found is not None
    date, matched, end = found
    assert (date.edtf, line[end:], matched) == (edtf, rest, line[:end].strip())


@pytest.mark.parametrize(
    "line",
    [
        *("", "   ", "AlexNet 2012", "- 2012 AlexNet", "– 2012 AlexNet", "-2012 AlexNet"),
        *("600 million people", "2000 million people", "2,000 people", "2 000 000", "007 returns"),
        *(
            "300 people",
            "about 300 people",
            "May 300 people leave",
            "476 ad campaigns",
            "9999 ways",
        ),
        *(
            "1000% growth",
            "1500 % growth",
            "1500-page book",
            "2012's best",
            "2012.5 units",
            "20120",
        ),
        *("12 Monkeys", "12:30 lunch", "2012:30", "2012x", "June", "The end", "31 June 2017 never"),
    ],
)
def test_a_line_that_begins_with_no_date_has_none(line):
    assert find_leading_date(line) is None


def test_all_dates_of_a_flattened_line_are_found_in_order():
    line = (
        "44 BC Caesar is killed c. 1450 Gutenberg prints 1914–1918 The Great War 1940s Neurons "
        "1968 2001: A Space Odyssey 2012 AlexNet has 60 million weights 12 June 2017 Transformer "
        "since 2020 Scale 1,000 times $2021 v2.2022 GPT-2023 2024"
    )
    assert [(line[start:end], date.edtf) for start, end, date in find_dates(line)] == [
        ("44 BC", "-0043"),
        ("c. 1450", "1450~"),
        ("1914–1918", "1914/1918"),
        ("1940s", "194X"),
        ("1968", "1968"),
        ("2001", "2001"),
        ("2012", "2012"),
        ("12 June 2017", "2017-06-12"),
        ("since 2020", "2020/.."),
        ("2024", "2024"),
    ]


DATE_LIKE = st.lists(
    st.sampled_from(
        [
            "2012",
            "44",
            "BC",
            "AD",
            " ",
            "–",
            "-",
            ",",
            ".",
            "c.",
            "June",
            "12",
            "s",
            "to",
            "/",
            "[",
            "X",
        ]
    )
    | st.text(max_size=3),
    max_size=30,
).map("".join)


@given(DATE_LIKE)
def test_found_dates_come_in_order_lie_in_the_text_and_do_not_overlap(text):
    last = 0
    for start, end, _date in find_dates(text):
        assert last <= start < end <= len(text)
        last = end


@given(DATE_LIKE)
def test_a_leading_date_is_the_text_up_to_its_end(text):
    found = find_leading_date(text)
    if found is not None:
        assert text[: found[2]].strip().endswith(found[1])
        assert 0 < len(found[1]) <= found[2] <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["9", "1,", "c. ", " ", "1 ", "2012–", "12 June ", "early ", "a", "[", "between 1900 and "],
)
def test_searching_a_long_line_takes_time_in_proportion_to_its_length(piece):
    short, long = (processor_time_of_a_search(piece, length) for length in (4_000, 16_000))
    # Four times the text; sixteen times the work would be quadratic.
    assert long < 10 * max(short, 0.02)


def processor_time_of_a_search(piece, length):
    line = (piece * length)[:length]
    started = time.process_time()
    find_dates(line)
    find_leading_date(line)
    return time.process_time() - started
