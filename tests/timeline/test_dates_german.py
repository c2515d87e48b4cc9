"""Dates on a German site, as readers see them and as editors type them."""

import pytest
from django.utils import translation

from timeline.dates import DateError, parse, show
from timeline.german_dates import in_english


@pytest.fixture(autouse=True)
def _in_german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("0476", "476 n. Chr."),
        ("-0043~", "um 44 v. Chr."),
        ("Y-10499", "10.500 v. Chr."),
        ("Y-300000000", "vor 300 Millionen Jahren"),
        ("Y-1000000", "vor 1 Million Jahren"),
        ("Y-1500000", "vor 1,5 Millionen Jahren"),
        ("Y-4540000000~", "vor 4,54 Milliarden Jahren"),
        ("2017-06", "Juni 2017"),
        ("2017-06-12", "12. Juni 2017"),
        ("1968-21", "Frühling 1968"),
        ("194X", "1940er Jahre"),
        ("194X~", "ca. 1940er Jahre"),
        ("190X", "Jahrzehnt 1900–1909"),
        ("18XX", "19. Jahrhundert"),
        ("-0XXX", "1. Jahrtausend v. Chr."),
        ("1912%", "um 1912?"),
        ("2017-06-12/2017-06-15", "12.–15. Juni 2017"),
        ("2017-06-12/2017-07-03", "12. Juni – 3. Juli 2017"),
        ("-0026/0014", "27 v. Chr. – 14 n. Chr."),
        ("Y-66000000~/Y-56000000~", "vor 66–56 Millionen Jahren"),
        ("2012/..", "seit 2012"),
        ("194X/..", "seit den 1940er Jahren"),
        ("18XX/..", "seit dem 19. Jahrhundert"),
        ("../194X", "bis zu den 1940er Jahren"),
        ("Y-300000000/..", "beginnend vor 300 Millionen Jahren"),
        ("[..1499~]", "vor ca. 1500"),
        ("[194X..196X]", "zwischen den 1940er Jahren und den 1960er Jahren"),
        ("[Y-299999999..]", "später als vor 300 Millionen Jahren"),
    ],
)
def test_a_date_is_shown_in_german_words(edtf, text):
    assert show(edtf) == text


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2017-01-12", "12. Jan. 2017"),
        ("2017-03-12", "12. März 2017"),
        ("2017-09/2017-10", "Sept.–Okt. 2017"),
        ("2012/..", "2012–"),
    ],
)
def test_months_are_abbreviated_as_germans_do(edtf, text):
    assert show(edtf, short=True) == text


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("44 v. Chr.", "-0043"),
        ("44 v. u. Z.", "-0043"),
        ("476 n. Chr.", "0476"),
        ("10.500 v.Chr.", "Y-10499"),
        ("um 1450", "1450~"),
        ("etwa 1450", "1450~"),
        ("ca. 1450", "1450~"),
        ("vermutlich 1450", "1450?"),
        ("im Jahre 1450", "1450"),
        ("Juni 2017", "2017-06"),
        ("MÄRZ 2017", "2017-03"),
        ("12. Juni 2017", "2017-06-12"),
        ("12. Okt. 2017", "2017-10-12"),
        ("Montag, den 12. Juni 2017", "2017-06-12"),
        ("12. 6. 2017", "2017-06-12"),
        ("12.06.2017", "2017-06-12"),
        ("Herbst 1968", "1968-23"),
        ("Winter 1968/69", "1968-24"),
        ("1940er Jahre", "194X"),
        ("1940er-Jahre", "194X"),
        ("1940er", "194X"),
        ("Anfang der 1940er Jahre", "194X~"),
        ("Mitte des 19. Jahrhunderts", "18XX~"),
        ("3. Jh. v. Chr.", "-02XX"),
        ("18. bis 19. Jahrhundert", "17XX/18XX"),
        ("1914 bis 1918", "1914/1918"),
        ("von 1914 bis 1918", "1914/1918"),
        ("zwischen 1914 und 1918", "[1914..1918]"),
        ("12. bis 15. Juni 2017", "2017-06-12/2017-06-15"),
        ("12.–15. Juni 2017", "2017-06-12/2017-06-15"),
        ("Juni bis August 2017", "2017-06/2017-08"),
        ("seit 2012", "2012/.."),
        ("ab Juni 2017", "2017-06/.."),
        ("1914 bis heute", "1914/.."),
        ("bis 1900", "../1900"),
        ("vor 1500", "[..1499]"),
        ("nach 1500", "[1501..]"),
        ("vor 10.000 Jahren", "-7999~"),
        ("vor etwa 2,6 Millionen Jahren", "Y-2600000~"),
        ("vor 66 bis 56 Millionen Jahren", "Y-66000000~/Y-56000000~"),
    ],
)
def test_german_words_are_read(text, edtf):
    assert parse(text).edtf == edtf


@pytest.mark.parametrize("text", ["gestern", "60er Jahre", "vor 20 Jahren", "31. Juni 2017", "um"])
def test_what_is_no_date_is_refused_with_german_examples(text):
    with pytest.raises(DateError) as caught:
        parse(text)
    assert any(word in str(caught.value) for word in ("Schreiben Sie", "schreiben Sie"))


@pytest.mark.parametrize("text", ["12 June 2017", "c. 44 BC", "1940s", "2012/..", "2012–2015"])
def test_what_is_not_german_comes_back_as_it_is(text):
    assert in_english(text) == text
