"""What holds for every date."""

from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from timeline.dates import DateError, datetime_attribute, parse, parse_edtf, show

QUALIFIERS = st.sampled_from(["", "", "~", "?", "%"])


def year_text(year):
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


YEARS = st.integers(-9999, 9999).map(year_text)
LONG_YEARS = st.integers(-19_999_999_999, 19_999_999_999).map(year_text)
MASKED_YEARS = st.builds(
    lambda sign, digits, width: sign + digits[: 4 - width] + "X" * width,
    st.sampled_from(["", "-"]),
    st.integers(0, 9999).map("{:04d}".format),
    st.integers(1, 3),
)
# Months of five-digit years cannot be kept, which matters beside the first and the last of them.
YEARS_WITH_MONTHS = st.integers(-9998, 9998).map(year_text)
MONTHS = st.builds("{}-{:02d}".format, YEARS_WITH_MONTHS, st.integers(1, 12))
SEASONS = st.builds("{}-{}".format, YEARS_WITH_MONTHS, st.integers(21, 24))
DAYS = st.builds(
    "{}-{:02d}-{:02d}".format, YEARS_WITH_MONTHS, st.integers(1, 12), st.integers(1, 28)
)
UNKNOWN = st.builds("{}{}".format, YEARS_WITH_MONTHS, st.sampled_from(["-XX", "-XX-XX", "-04-XX"]))
POINTS = st.builds(
    "{}{}".format,
    YEARS | LONG_YEARS | MASKED_YEARS | MONTHS | SEASONS | DAYS | UNKNOWN,
    QUALIFIERS,
)


def in_order(pair):
    return tuple(sorted(pair, key=lambda text: parse_edtf(text).bounds.start_min))


PAIRS = st.tuples(POINTS, POINTS).map(in_order)
EDTF = st.one_of(
    POINTS,
    PAIRS.map("/".join),
    PAIRS.map(lambda pair: "[{}..{}]".format(*pair)),
    st.builds("{}{}".format, POINTS, st.sampled_from(["/", "/.."])),
    st.builds("{}{}".format, st.sampled_from(["/", "../"]), POINTS),
    st.builds("[..{}]".format, POINTS),
    st.builds("[{}..]".format, POINTS),
)


@given(EDTF)
def test_the_text_that_is_kept_is_read_as_the_same_date(edtf):
    date = parse_edtf(edtf)
    assert date.edtf == edtf
    assert parse_edtf(date.edtf) == date
    assert parse(edtf) == date


@given(EDTF)
def test_bounds_are_ordered(edtf):
    bounds = parse_edtf(edtf).bounds
    assert bounds.start_min <= bounds.start_max <= bounds.end_max
    assert bounds.start_min <= bounds.end_min <= bounds.end_max


@given(EDTF, st.booleans())
@example(edtf="99XX", short=False)
@example(edtf="-999X", short=False)
@example(edtf="-000X/000X~", short=True)
def test_what_is_shown_in_english_is_read_back_with_the_same_bounds(edtf, short):
    with translation.override("en"):
        shown = show(edtf, short=short)
    assert parse(shown).bounds == parse_edtf(edtf).bounds


@given(EDTF, st.booleans())
@example(edtf="000X", short=False)
@example(edtf="1000-01/Y10000", short=False)
@example(edtf="Y-66043000?", short=True)
@example(edtf="[18XX..194X]", short=False)
def test_what_is_shown_in_german_is_read_back_with_the_same_bounds(edtf, short):
    with translation.override("de"):
        shown = show(edtf, short=short)
    assert parse(shown).bounds == parse_edtf(edtf).bounds


@given(EDTF)
def test_what_is_shown_in_english_keeps_its_doubts(edtf):
    with translation.override("en"):
        shown = show(edtf)
    assert parse(shown).is_uncertain == parse_edtf(edtf).is_uncertain


@given(EDTF)
def test_html_gets_only_what_is_plain_edtf(edtf):
    value = datetime_attribute(edtf)
    if value is not None:
        assert parse_edtf(value if len(value.split("-")[0]) == 4 else f"Y{value}").bounds == (
            parse_edtf(edtf).bounds
        )


PIECES = st.sampled_from(
    [
        *(
            "2012",
            "44",
            "0",
            "9",
            "X",
            "Y",
            "-",
            "–",
            "/",
            "..",
            "[",
            "]",
            "~",
            "?",
            "%",
            " ",
            ",",
            ".",
        ),
        *(" v. Chr.", " n. Chr.", "er Jahre", ". Jahrhundert", "vor ", " Millionen Jahren", "12. "),
        *("seit ", "bis ", " bis ", "zwischen ", " und ", "Mai ", "März", "um ", "10.000", "Ende "),
        *("BC", "AD", "c. ", "June", "Jan.", " to ", "between ", " and ", "since ", "before ", "s"),
        *(
            "century",
            "19th ",
            "early ",
            " million",
            " years ago",
            "Q1 ",
            "winter ",
            "(?)",
            "present",
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=2), max_size=12).map("".join) | st.text())
def test_any_text_is_read_or_refused_with_a_sentence(text):
    for reader in (parse, parse_edtf):
        try:
            date = reader(text)
            refusal = None
        except DateError as error:
            refusal = str(error)
        if refusal is None:
            with translation.override("en"):
                assert parse(show(date)).bounds == date.bounds
        else:
            assert refusal.endswith(".")
            assert refusal == "".join(filter(str.isprintable, refusal))
