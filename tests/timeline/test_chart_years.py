"""The picture of a timeline draws every year that can be written, and names round ones."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from articles.document import Milestone
from articles.models import Article
from tests.articles.bridges import make_article, make_document
from timeline.dates import MAX_YEAR
from timeline.view import of_article

pytestmark = pytest.mark.django_db


def make(*dates: str) -> Article:
    timeline = tuple(
        Milestone(anchor=f"milestone-{n}", date=date, title=f"Event {n}")
        for n, date in enumerate(dates, start=1)
    )
    return make_article(document=make_document(slug="years", timeline=timeline))


@pytest.mark.parametrize(
    "dates",
    [
        (f"Y-{MAX_YEAR}", "2012"),
        ("2012", f"Y{MAX_YEAR}"),
        (f"Y-{MAX_YEAR}", f"Y{MAX_YEAR}"),
        ("Y10000", "Y10100"),
        ("Y-300000000", "Y-66000000", "2012"),
        ("../Y-300000000", "1XXX", "[..1499]", "Y20000/.."),
        ("0000", "0001"),
        ("0999", "1001"),
        ("9990", "Y10010"),
    ],
)
def test_every_year_that_can_be_written_has_bars_that_keep_their_word(
    client: Client, dates: tuple[str, ...]
) -> None:
    article = make(*dates)

    for address in ("/articles/years/", "/articles/years/timeline/", "/timeline/"):
        assert client.get(address).status_code == 200
    view = of_article(article, QueryDict())
    assert view.chart
    assert len(view.chart.bars) >= 2
    for bar in view.chart.bars:
        followed = of_article(article, QueryDict(bar.query[1:]))
        assert followed.errors == []
        assert (bar.name, bar.count) == (bar.name, followed.counts.shown)


def test_ten_years_far_ahead_are_no_decade_with_a_name() -> None:
    article = make("2012", "Y10050", "Y20000")

    view = of_article(article, QueryDict("from=Y10000&to=Y10100"))

    assert view.chart
    assert [bar.name for bar in view.chart.bars][:2] == ["AD 10,000–10,009", "AD 10,010–10,019"]


def test_deep_time_is_named_by_round_numbers() -> None:
    view = of_article(make("Y-300000000", "Y-66000000"), QueryDict())

    assert view.chart
    assert view.chart.first_name == "300 million years ago"
    assert [bar.name for bar in view.chart.bars][:2] == [
        "350–300 million years ago",
        "300–250 million years ago",
    ]
    assert view.chart.bars[0].label == "350 million years ago"
