"""The number beside a choice is the number of results that the choice shows."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from django.http import QueryDict

from articles.models import Term
from articles.search.engines import Filters
from articles.search.finding import Amount, Found, search
from articles.search.forms import read_address
from articles.search.models import KIND_NAMES
from tests.search.site import bare, fact, find, milestone, question, section

pytestmark = pytest.mark.django_db

WORDS = ("arch", "stone", "bridge", "river", "granite", "keystone", "road")


@pytest.fixture(autouse=True, scope="module")
def site(module_rows: None) -> None:
    """Ten articles of a few words each, in two languages and three categories or none."""
    chance = random.Random(7)

    def text() -> str:
        return " ".join(chance.choices(WORDS, k=4))

    for number in range(10):
        bare(
            f"{text()} {number}",
            text(),
            language=("en", "en", "de-AT")[number % 3],
            category=("Building", "Nature", "Travel", "")[number % 4],
            sections=(section(text(), text()),),
            facts=(fact(text(), text()), fact(text(), text())),
            timeline=(milestone(str(1800 + number), text(), text()),),
            questions=(question(f"{text()}?", text()),),
        )
    for word in WORDS:
        Term.objects.create(name=word.upper(), definition=text())


def check(found: Found, typed: str) -> None:
    """Every number beside a choice, against what choosing it shows."""
    filters = found.filters
    for kind, amount in found.counts.kinds.items():
        assert amount == search(typed, replace(filters, kind=kind)).total
    for category, amount in found.counts.categories.items():
        assert amount == search(typed, replace(filters, category=category)).total
    for language, amount in found.counts.languages.items():
        assert amount == search(typed, replace(filters, language=language)).total
    assert found.counts.all_kinds == search(typed, replace(filters, kind="")).total


def combinations(found: Found) -> list[Filters]:
    return [
        Filters(kind=kind, category=category, language=language)
        for kind, category, language in itertools.product(
            ["", *KIND_NAMES], [None, *found.counts.categories], ["", *found.counts.languages]
        )
    ]


@pytest.mark.parametrize("most", [200, 5], ids=["all are known", "more than are read"])
@pytest.mark.parametrize("typed", ["arch", "stone bridge", "ri"])
def test_each_number_is_what_its_choice_shows(
    monkeypatch: pytest.MonkeyPatch, typed: str, most: int
) -> None:
    monkeypatch.setattr("articles.search.finding.MOST", most)
    everything = find(typed)
    assert everything.total.is_more == (most == 5)
    chosen = random.Random(3).sample(combinations(everything), 6)

    for filters in [Filters(), *chosen]:
        found = search(typed, filters)
        assert len(found.ranked) == min(found.total.number, most)
        check(found, typed)


def test_a_total_beyond_what_is_read_says_more_than(monkeypatch: pytest.MonkeyPatch) -> None:
    known = find("arch").total.number
    monkeypatch.setattr("articles.search.finding.MOST", known)
    assert find("arch").total == Amount(known, is_more=False)
    monkeypatch.setattr("articles.search.finding.MOST", known - 1)
    assert find("arch").total == Amount(known - 1, is_more=True)


def test_what_passes_a_filter_is_what_has_it() -> None:
    category = next(iter(find("arch").counts.categories))
    found = find("arch", kind="fact", category=category, language="de")

    assert {(row.kind, row.category, row.language) for row in found.ranked} <= {
        ("fact", category, "de")
    }


def test_the_best_are_found_first_where_not_everything_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare("Arch")
    bare("Arch of triumph")
    monkeypatch.setattr("articles.search.finding.MOST", 3)

    ranked = find("arch").ranked
    assert [row.title_words for row in ranked[:2]] == ["arch", "arch"]
    assert all(row.title_words.startswith("arch") for row in ranked)


def test_a_phrase_is_found_first_where_not_everything_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(8):
        bare(f"Rock {number}", "A texture that is granular.")
    bare("Sandstone", "A granular texture.")
    monkeypatch.setattr("articles.search.finding.MOST", 3)

    found = find("granular texture")
    assert found.total == Amount(3, is_more=True)
    assert found.ranked[0].title_words == "sandstone"


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("kind=nonsense", Filters()),
        ("kind=fact", Filters(kind="fact")),
        ("category=nowhere", Filters()),
        ("language=DROP", Filters()),
        ("language=de", Filters(language="de")),
        ("category=%00", Filters()),
    ],
)
def test_choices_that_make_no_sense_narrow_nothing(query: str, filters: Filters) -> None:
    assert read_address(QueryDict(query)).filters == filters
