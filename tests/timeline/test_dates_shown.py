"""Dates as readers see them."""

import pytest
from django.utils import translation

from timeline.dates import DateError, datetime_attribute, parse, parse_edtf, show


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2012", "2012"),
        ("0476", "AD 476"),
        ("0000", "1 BC"),
        ("-0043", "44 BC"),
        ("-9999", "10,000 BC"),
        ("Y-10499", "10,500 BC"),
        ("Y17000", "AD 17,000"),
        ("Y-300000000", "300 million years ago"),
        ("Y-2600000~", "2.6 million years ago"),
        ("Y-4540000000~", "4.54 billion years ago"),
        ("Y-66043000?", "66.043 million years ago?"),
        ("2017-06", "June 2017"),
        ("2017-06-12", "12 June 2017"),
        ("-0043-03-15", "15 March 44 BC"),
        ("1968-21", "Spring 1968"),
        ("1968-24", "Winter 1968"),
        ("2004-XX", "2004"),
        ("1985-04-XX", "April 1985"),
        ("194X", "1940s"),
        ("200X", "2000s"),
        ("190X", "decade 1900–1909"),
        ("047X", "decade AD 470–479"),
        ("-004X", "decade 50–41 BC"),
        ("000X", "decade 1 BC – AD 9"),
        ("190X~", "c. decade 1900–1909"),
        ("18XX", "19th century"),
        ("00XX", "1st century"),
        ("10XX", "11th century"),
        ("11XX", "12th century"),
        ("12XX", "13th century"),
        ("20XX", "21st century"),
        ("21XX", "22nd century"),
        ("22XX", "23rd century"),
        ("-02XX", "3rd century BC"),
        ("1XXX", "2nd millennium"),
        ("-0XXX", "1st millennium BC"),
        ("1450~", "c. 1450"),
        ("-0043~", "c. 44 BC"),
        ("194X~", "c. 1940s"),
        ("1912?", "1912?"),
        ("1912%", "c. 1912?"),
    ],
)
def test_a_single_date_is_shown_in_words(edtf, text):
    assert show(edtf) == text


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2012/2015", "2012–2015"),
        ("0476/0480", "AD 476–480"),
        ("0476/1066", "AD 476–1066"),
        ("Y17000/Y18000", "AD 17,000–18,000"),
        ("2012/Y17000", "2012 – AD 17,000"),
        ("-0217/-0200", "218–201 BC"),
        ("-0026/0014", "27 BC – AD 14"),
        ("1974~/1980~", "c. 1974 – c. 1980"),
        ("1974/1980?", "1974–1980?"),
        ("194X/196X", "1940s–1960s"),
        ("2017-06/2017-08", "June–August 2017"),
        ("2016-12/2017-02", "December 2016 – February 2017"),
        ("2017-06-12/2017-06-15", "12–15 June 2017"),
        ("2017-06-12/2017-07-03", "12 June – 3 July 2017"),
        ("2016-12-30/2017-01-02", "30 December 2016 – 2 January 2017"),
        ("1968-21/1968-22", "Spring 1968 – Summer 1968"),
        ("2012/2015-03", "2012 – March 2015"),
        ("Y-66000000~/Y-56000000~", "66–56 million years ago"),
        ("Y-1200000000/Y-600000000", "1.2 billion years ago – 600 million years ago"),
        ("2012/..", "since 2012"),
        ("../2012", "until 2012"),
        ("2012/", "2012–?"),
        ("/2012-06", "? – June 2012"),
        ("[1914..1918]", "between 1914 and 1918"),
        ("[..1499]", "before 1500"),
        ("[..-0044]", "before 44 BC"),
        ("[..2017-05]", "before June 2017"),
        ("[..2017-05-31]", "before 1 June 2017"),
        ("[..1968-21]", "before June 1968"),
        ("[..1499~]", "before c. 1500"),
        ("[1501..]", "after 1500"),
        ("[Y-299999999..]", "after 300 million years ago"),
    ],
)
def test_a_range_says_once_what_its_ends_share(edtf, text):
    assert show(edtf) == text


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2017-09-12", "12 Sep 2017"),
        ("2017-06/2017-08", "Jun–Aug 2017"),
        ("2017-06-12/2017-07-03", "12 Jun – 3 Jul 2017"),
        ("2012/..", "2012–"),
        ("../2017-06", "–Jun 2017"),
        ("[..2017-05]", "before Jun 2017"),
    ],
)
def test_the_short_form_abbreviates_months_and_open_ends(edtf, text):
    assert show(edtf, short=True) == text


def test_a_date_that_is_already_read_can_be_shown():
    assert show(parse("c. 44 BC")) == "c. 44 BC"
    assert datetime_attribute(parse_edtf("2012")) == "2012"


def test_months_and_numbers_follow_the_language_of_the_interface():
    with translation.override("de"):
        assert "Juni" in show("2017-06-12")
        assert "4,54" in show("Y-4540000000")
        assert "10.500" in show("Y-10499")


def test_text_that_is_not_edtf_cannot_be_shown():
    with pytest.raises(DateError):
        show("c. 44 BC")


@pytest.mark.parametrize(
    ("edtf", "value"),
    [
        ("2012", "2012"),
        ("0476", "0476"),
        ("Y17000", "17000"),
        ("2017-06", "2017-06"),
        ("2017-06-12", "2017-06-12"),
        ("0001-01-01", "0001-01-01"),
        *((edtf, None) for edtf in ("0000", "-0043", "194X", "18XX", "1968-21", "1450~", "1912?")),
        *((edtf, None) for edtf in ("2012/2015", "2012/..", "[1914..1918]", "Y-300000000")),
    ],
)
def test_html_gets_a_date_only_where_it_can_say_it_exactly(edtf, value):
    assert datetime_attribute(edtf) == value
