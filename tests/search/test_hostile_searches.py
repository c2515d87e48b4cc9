"""Whatever is typed, a search answers."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.search.finding import search
from articles.search.suggestions import suggest
from tests.html import parse
from tests.search.site import bare

pytestmark = pytest.mark.django_db

# ruff: noqa: E501 - wide letters.
HOSTILE = [
    '"', '""', '"a', "'", "\\", "a\\", "'a' | 'b'", "a & b", "!a", "a <-> b", "a:*", "a:A", "*", "a*",
    "-x", "c++", "NEAR(a b)", "NEAR/3", "a AND", "AND", "OR OR", "NOT a", "title_words:a",
    "{words}: a", "^a", "_kfact", "_t", "a) OR (b", "'; DROP TABLE articles_article; --",
    "%", "%s", "%(a)s", "{{ 7*7 }}", "<script>alert(1)</script>", "\x00", "a\x00b", "\ud800",
    "\udfff a", "😀", "👩‍👩‍👧‍👦", "e" + "\u0301" * 500, "the", "the of and", "...", "!?", "\u202eabc",
    "深度学习", "学", "ไทย", "ກຂ", "မြန်မာ", "한국어", "にほんご", "ελληνικά", "العربية", "हिन्दी", "עִבְרִית",
    "½", "ﷺ", "ﬁne", "İstanbul", "x" * 10_000, "x " * 5_000, "深" * 10_000, '"' * 10_000,
    "a" * 59 + " " + "b" * 61, "1" * 500, "\t\n\r", "\u200b", "ß" * 300, "a\u2028b",
]  # fmt: skip


@pytest.fixture(autouse=True)
def site() -> None:
    bare("Arch", "A stone bridge. 深度学习 한국어 ελληνικά العربية c++ 😀")


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_no_text_breaks_a_search(client: Client, typed: str) -> None:
    text = typed.encode(errors="surrogatepass")
    for extra in ({}, {"kind": "fact"}, {"exact": "1"}, {"page": "2"}):
        for headers in ({}, {"hx-request": "true"}):
            response = client.get("/search/", {"q": text, **extra}, headers=headers)
            assert response.status_code == 200
            body = response.content.decode()
            assert "<script>alert" not in body
            assert "{{" not in typed or ">49<" not in body
            assert parse(response.content) is not None


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=40)
    | st.text("abc \"*-:()^{}+<>&|!~\\'%_.,/", max_size=30)
    | st.lists(st.sampled_from(HOSTILE[:40]), max_size=6).map(" ".join)
)
def test_no_text_at_all_breaks_a_search_or_its_advice(typed: str) -> None:
    found = search(typed, known=["en"])
    assert len(found.ranked) == found.total.number
    suggest(f"/{typed}/")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_text_breaks_the_page(client: Client, typed: str) -> None:
    text = typed.encode(errors="surrogatepass")
    assert client.get("/search/", {"q": text}).status_code == 200


def test_marks_of_the_index_cannot_be_searched_for() -> None:
    for typed in ("_karticle", "_len", "_tarch", "karticle"):
        assert not search(typed, known=["en"]).ranked
