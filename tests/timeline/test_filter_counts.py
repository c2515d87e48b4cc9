"""What a filter lets through and counts is what a plain reading of the milestones gives."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import hypothesis.strategies as st
import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, example, given, settings

from articles.document import Milestone
from articles.models import Article
from tests.articles.bridges import make_article, make_document
from tests.html import parse
from timeline.dates import HistoricalDate, parse_edtf
from timeline.dates import parse as parse_date
from timeline.view import TimelineView, of_article, of_site

pytestmark = pytest.mark.django_db

DATES = [
    ("-0431", "Cycle of Meton", "", ("Sky",)),
    ("-0146~/-0126~", "Hipparchus observes", "From Rhodes.", ("Sky", "People")),
    ("-0043-03-15", "Caesar dies", "In Rome.", ("People",)),
    ("0000", "The year before 1", "", ()),
    ("0001", "The first year", "In Rome and Alcántara.", ("Sky",)),
    ("12XX", "A century", "Somewhen.", ("Craft",)),
    ("1582-10", "A calendar", "Rome again.", ("Law",)),
    ("194X", "A decade", "", ("Craft", "Law")),
    ("1961/1972", "A programme", "It goes on.", ("Craft",)),
    ("1977-09-05/..", "An open end", "It still goes on.", ("Sky",)),
    ("../1905", "An open start", "", ("Law",)),
    ("2012-10-13", "A day", "ALCANTARA in capitals.", ("Craft",)),
    ("2012", "A year", "", ("Sky", "Craft")),
    ("2026~", "About now", "", ("People",)),
]  # fmt: skip


@pytest.fixture
def article() -> Article:
    timeline = tuple(
        Milestone(anchor=f"milestone-{n}", date=date, title=title, body=body, tracks=tracks)
        for n, (date, title, body, tracks) in enumerate(DATES, start=1)
    )
    return make_article(document=make_document(timeline=timeline, slug="long-ago"))


def view_of(article: Article, **choices: Any) -> TimelineView:
    """The view with these choices: `from_`, `to`, `track` (a list), `q`."""
    data = QueryDict(mutable=True)
    for name, value in choices.items():
        if isinstance(value, (list, tuple)):
            data.setlist(name.rstrip("_"), list(value))
        elif value:
            data[name.rstrip("_")] = value
    return of_article(article, data)


def titles(view: TimelineView) -> list[str]:
    return [milestone.title for milestone in view.page.milestones]


def expected(from_: str, to: str, track: list[str], q: str) -> list[str]:
    """Titles by reading through the list above, in its own order."""
    return [
        title
        for date, title, body, tracks in DATES
        if _possibly(parse_edtf(date), from_, to)
        and (not track or {name.lower() for name in tracks} & set(track))
        and all(word in _plain(f"{title} {body}") for word in _plain(q).split())
    ]


def _possibly(date: HistoricalDate, from_: str, to: str) -> bool:
    after = not from_ or date.bounds.end_max >= parse_date(from_).bounds.start_min
    return after and (not to or date.bounds.start_min <= parse_date(to).bounds.end_max)


def _plain(text: str) -> str:
    return text.casefold().replace("á", "a")


YEARS = [
    "",
    "500 BC",
    "44 BC",
    "AD 1",
    "1250",
    "1940s",
    "1950",
    "1970",
    "2012",
    "2012-10-14",
    "2020",
]
TRACKS = ["sky", "people", "craft", "law"]
CHOICES = {
    "from_": st.sampled_from(YEARS),
    "to": st.sampled_from(YEARS),
    "track": st.lists(st.sampled_from(TRACKS), unique=True, max_size=3),
    "q": st.sampled_from(["", "rome", "ROME on", "alcantara", "Alcántara", "a", "nothing at all"]),
}
read_only = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@read_only
@given(**CHOICES)
@example(from_="2020", to="", track=[], q="")
def test_a_view_shows_what_a_plain_reading_gives(article, from_, to, track, q):
    view = view_of(article, from_=from_, to=to, track=track, q=q)
    if view.errors:
        assert _first_day(from_) > _last_day(to)
        assert view.counts.shown == view.counts.total == len(DATES)
        return
    wanted = expected(from_, to, track, q)
    assert sorted(titles(view)) == sorted(wanted)
    assert view.counts.shown == len(wanted)
    assert view.counts.total == len(DATES)


def _first_day(text: str) -> int:
    return parse_date(text).bounds.start_min


def _last_day(text: str) -> int:
    return parse_date(text).bounds.end_max


@read_only
@given(**CHOICES)
def test_the_count_beside_a_track_is_what_that_track_shows(article, from_, to, track, q):
    view = view_of(article, from_=from_, to=to, track=track, q=q)
    if view.errors:
        return
    assert {choice.slug for choice in view.counts.tracks} == set(TRACKS)
    for choice in view.counts.tracks:
        alone = view_of(article, from_=from_, to=to, track=[choice.slug], q=q)
        assert (choice.slug, choice.count) == (choice.slug, alone.counts.shown)
        assert choice.total == len(expected("", "", [choice.slug], ""))


@read_only
@given(**CHOICES)
def test_the_number_on_a_bar_is_what_its_link_shows(article, from_, to, track, q):
    view = view_of(article, from_=from_, to=to, track=track, q=q)
    for bar in view.chart.bars if view.chart else []:
        followed = of_article(article, QueryDict(bar.query[1:]))
        assert followed.errors == []
        assert (bar.name, bar.count) == (bar.name, followed.counts.shown)
        assert set(followed.chosen.tracks) == set(view.chosen.tracks)


@read_only
@given(**CHOICES)
def test_a_choice_to_drop_says_how_much_is_left_without_it(article, from_, to, track, q):
    view = view_of(article, from_=from_, to=to, track=track, q=q)
    if view.counts.shown:
        assert view.loosenings == []
    for loosening in view.loosenings:
        assert loosening.count
        assert of_article(article, QueryDict(loosening.query[1:])).counts.shown == loosening.count


@read_only
@given(**CHOICES)
def test_the_address_of_a_view_gives_the_view_again(article, from_, to, track, q):
    view = view_of(article, from_=from_, to=to, track=track, q=q)
    again = of_article(article, QueryDict(view.query()[1:]))
    assert again.chosen == view.chosen
    assert again.sentence == view.sentence
    assert again.query() == view.query()


def test_every_link_of_a_page_leads_to_the_number_it_names(
    client: Client, article: Article
) -> None:
    """The same property through the pages themselves, for the bars of the whole timeline."""
    tree = parse(client.get(article.get_absolute_url()).content)
    links = [
        a for a in tree.by_id("timeline-picture").all("a") if "Show only these" in a["aria-label"]
    ]
    assert len(links) >= 4
    for link in links:
        number = int(re.search(r": (\d+) milestone", link["aria-label"])[1])  # type: ignore[index]
        page = parse(client.get(unescape(link["href"]).split("#")[0]).content)
        assert len(page.all("li", data_part="milestone")) == number


def test_the_site_counts_over_all_live_articles_and_by_subject(article: Article) -> None:
    make_article(title="Bridges", category="Building")
    make_article(title="Hidden", category="Secrets", publish=False)
    view = of_site(QueryDict())
    assert view.counts.total == len(DATES) + 3
    assert {choice.name: choice.count for choice in view.counts.categories} == {"Building": 17}
    assert [(choice.name, choice.count) for choice in view.articles] == [
        ("Stone bridges", 14),
        ("Bridges", 3),
    ]
    chosen = of_site(QueryDict("article=bridges"))
    assert chosen.counts.shown == 3
    assert {row.article for row in chosen.page.milestones} == {"Bridges"}


SITE_CHOICES = CHOICES | {
    "category": st.lists(st.sampled_from(["building", "law"]), unique=True),
    "articles": st.lists(st.sampled_from(["long-ago", "bridges", "codes"]), unique=True),
}


@settings(read_only, max_examples=15)
@given(**SITE_CHOICES)
@example(from_="", to="", track=[], q="", category=[], articles=["bridges"])
@example(from_="", to="", track=[], q="nothing", category=["building"], articles=["bridges"])
def test_every_count_of_the_site_is_what_its_choice_shows(
    article, from_, to, track, q, category, articles
):
    _two_more_articles()
    data = QueryDict(mutable=True)
    data.update({"from": from_, "to": to, "q": q})
    for name, slugs in (("track", track), ("category", category), ("article", articles)):
        data.setlist(name, slugs)
    view = of_site(data)
    if view.errors:
        return
    for name, choices in (
        ("track", view.counts.tracks),
        ("category", view.counts.categories),
        ("article", view.articles),
    ):
        for choice in choices:
            alone = data.copy()
            alone.setlist(name, [choice.slug])
            assert (choice.slug, choice.count) == (choice.slug, of_site(alone).counts.shown)
    for loosening in view.loosenings:
        assert loosening.count == of_site(QueryDict(loosening.query[1:])).counts.shown


def _two_more_articles() -> None:
    if Article.objects.count() == 1:
        make_article(title="Bridges", slug="bridges", category="Building")
        make_article(title="Codes", slug="codes", category="Law")


def test_all_articles_that_an_address_names_are_choices(article: Article) -> None:
    for number in range(12):
        make_article(title=f"Bridge {number}", slug=f"bridge-{number}")

    view = of_site(QueryDict("&".join(f"article=bridge-{number}" for number in range(12))))

    assert view.errors == []
    assert view.counts.shown == 36
    assert {choice.slug for choice in view.articles} == {f"bridge-{number}" for number in range(12)}


def test_a_letter_made_of_capitals_is_found_by_small_ones() -> None:
    timeline = (Milestone(date="1990", title="Arch™"), Milestone(date="1991", title="Arch"))
    article = make_article(document=make_document(timeline=timeline))

    for words in ("tm", "TM", "™", "arch™"):
        assert titles(view_of(article, q=words)) == ["Arch™"]


def test_an_open_end_in_a_field_lets_everything_through(article: Article) -> None:
    view = view_of(article, from_="../1905", to="2012/..")

    assert view.sentence == f"{len(DATES)} milestones"
    assert view_of(article, q="\u0301").sentence == f"{len(DATES)} milestones"
