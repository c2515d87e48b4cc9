"""DOI, ISBN and URL in one form each, and the identity of a source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.identifiers import normalise_doi, normalise_isbn, normalise_url, source_identity

digits = st.text("0123456789", min_size=9, max_size=9)
suffixes = st.text(
    st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x7F) | st.sampled_from("-._()/:"),
    min_size=1,
    max_size=30,
).filter(lambda text: not text.endswith(tuple(".,;")))


@pytest.mark.parametrize(
    "text",
    [
        "10.1038/nature14539",
        "10.1038/NATURE14539",
        "doi:10.1038/nature14539",
        "DOI: 10.1038/nature14539",
        "doi 10.1038/nature14539",
        "https://doi.org/10.1038/nature14539",
        "http://dx.doi.org/10.1038/nature14539",
        "https://www.doi.org/10.1038/nature14539",
        "doi.org/10.1038/nature14539",
        " 10.1038/nature14539. ",
    ],
)
def test_a_doi_is_read_in_every_form_people_write(text: str) -> None:
    assert normalise_doi(text) == "10.1038/nature14539"


def test_a_doi_from_an_address_loses_its_percent_signs() -> None:
    written = "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O"

    assert normalise_doi(written) == "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"


@pytest.mark.parametrize(
    "text", ["", "nature14539", "10.1038", "10.1038/", "11.1038/x", "10.1/x", "10.1038/a b"]
)
def test_what_is_no_doi_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"This is not a DOI"):
        normalise_doi(text)


@given(suffix=suffixes, prefix=st.sampled_from(["", "doi:", "https://doi.org/", "DOI "]))
def test_normalising_a_doi_twice_changes_nothing(suffix: str, prefix: str) -> None:
    once = normalise_doi(f"{prefix}10.1234/{suffix}")

    assert once == f"10.1234/{suffix}".lower()
    assert normalise_doi(once) == once


def check_digit_10(stem: str) -> str:
    """ISO 2108:1992: weights from 10 to 2, modulo 11."""
    rest = -sum((10 - i) * int(digit) for i, digit in enumerate(stem)) % 11
    return "X" if rest == 10 else str(rest)


def check_digit_13(stem: str) -> str:
    """ISO 2108:2017: weights 1 and 3, modulo 10."""
    return str(-sum(int(digit) * (1, 3)[i % 2] for i, digit in enumerate(stem)) % 10)


@given(stem=digits)
def test_an_isbn_of_ten_digits_becomes_the_thirteen_of_the_same_book(stem: str) -> None:
    isbn10 = stem + check_digit_10(stem)
    isbn13 = f"978{stem}" + check_digit_13(f"978{stem}")

    assert normalise_isbn(isbn10) == isbn13
    assert normalise_isbn(isbn10.lower()) == isbn13
    assert normalise_isbn(isbn13) == isbn13
    assert normalise_isbn(f"ISBN {isbn10[:1]}-{isbn10[1:5]}-{isbn10[5:9]}-{isbn10[9]}") == isbn13
    assert normalise_isbn(f"ISBN-13: {isbn13[:3]} {isbn13[3:9]} {isbn13[9:]}") == isbn13


@given(stem=digits, place=st.integers(0, 8), other=st.integers(1, 9))
def test_one_wrong_digit_in_an_isbn_is_noticed(stem: str, place: int, other: int) -> None:
    wrong = stem[:place] + str((int(stem[place]) + other) % 10) + stem[place + 1 :]

    with pytest.raises(ValueError, match=r"check digit"):
        normalise_isbn(wrong + check_digit_10(stem))
    with pytest.raises(ValueError, match=r"check digit"):
        normalise_isbn(f"978{wrong}" + check_digit_13(f"978{stem}"))


@pytest.mark.parametrize(
    "text", ["", "123", "１２３４５６７８９０", "X123456789", "9771234567898", "ISBN"]
)
def test_an_isbn_has_ten_or_thirteen_digits(text: str) -> None:
    with pytest.raises(ValueError, match=r"An ISBN has 10 digits, or 13"):
        normalise_isbn(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("https://example.org", "https://example.org/"),
        ("http://Example.ORG/", "https://example.org/"),
        ("https://www.example.org/a/", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a?b=1&utm_source=x&fbclid=y", "https://example.org/a?b=1"),
        ("https://example.org/a?B=1&b=2", "https://example.org/a?B=1&b=2"),
        ("https://example.org/Path", "https://example.org/Path"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
    ],
)
def test_addresses_of_one_page_become_one(text: str, normal: str) -> None:
    assert normalise_url(text) == normal
    assert normalise_url(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "", "example.org", "ftp://example.org/", "javascript:alert(1)", "//example.org/a",
        "https://", "https://[::1", "https://example.org:port/", "mailto:a@example.org",
    ],
)  # fmt: skip
def test_what_no_browser_follows_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"web address"):
        normalise_url(text)


@pytest.mark.parametrize(
    ("doi", "isbn", "url", "identity"),
    [
        ("", "", "", ""),
        ("10.1/x", "123", "nowhere", ""),
        ("10.1038/X", "9780521629638", "https://a.org", "doi:10.1038/x"),
        ("", "0-521-62963-2", "https://a.org", "isbn:9780521629638"),
        ("nonsense", "", "http://www.a.org/", "url:https://a.org/"),
    ],
    ids=["nothing", "nothing valid", "doi", "isbn", "url"],
)
def test_the_most_exact_identifier_is_the_identity(
    doi: str, isbn: str, url: str, identity: str
) -> None:
    assert source_identity(doi=doi, isbn=isbn, url=url) == identity
