"""The timeline's filter as a reader meets it: in the page, by plain links, and through HTMX."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.document import Milestone
from articles.models import Article
from tests.articles.bridges import make_article, make_document, make_long_document
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

ARTICLE = "/articles/arches/"
ALONE = "/articles/arches/timeline/"
SITE = "/timeline/"
HTMX = {"hx-request": "true"}


@pytest.fixture
def article() -> None:
    timeline = (
        Milestone(
            anchor="milestone-alcantara",
            date="0106",
            title="Alcántara",
            body="Trajan [@heyman1995].",
            tracks=("Practice",),
        ),
        Milestone(date="0605~", title="Anji", tracks=("Practice",)),
        Milestone(date="1675", title="Law of the arch", tracks=("Theory",)),
        Milestone(date="1695", title="La Hire's treatise", tracks=("Theory",)),
        Milestone(date="1966", title="Plastic theory", tracks=("Practice", "Theory")),
    )
    make_article(document=make_document(title="Arches", slug="arches", timeline=timeline))


def page(client: Client, address: str, **query: Any) -> Element:
    response = client.get(address, query)
    assert response.status_code == 200
    return parse(response.content)


def titles(tree: Element) -> list[str]:
    return [li.one("h3").text for li in tree.all("li", data_part="milestone")]


def status(tree: Element) -> str:
    return tree.by_id("timeline-status").text


@pytest.mark.parametrize("address", [ARTICLE, ALONE, SITE])
def test_the_address_filters_and_the_page_says_how(client: Client, article, address: str) -> None:
    tree = page(client, address, **{"from": "1600", "to": "1699", "track": "theory", "q": "ARCH"})

    assert titles(tree) == ["Law of the arch"]
    assert status(tree) == "1 of 5 milestones, 1600 to 1699, in Theory, with “ARCH”"
    assert tree.by_id("timeline-from")["value"] == "1600"
    assert tree.by_id("timeline-to")["value"] == "1699"
    assert tree.by_id("timeline-q")["value"] == "ARCH"
    checked = [
        box["value"] for box in tree.all("input", type="checkbox") if "checked" in box.attributes
    ]
    assert checked == ["theory"]


def test_several_tracks_show_what_is_on_any_of_them(client: Client, article) -> None:
    tree = page(client, ARTICLE, track=["theory", "practice"])

    assert len(titles(tree)) == 5
    assert status(tree) == "5 milestones, in Practice or Theory"


def test_each_track_says_how_many_it_would_show_and_an_empty_one_how_many_there_are(
    client: Client, article
) -> None:
    tree = page(client, ARTICLE, to="1600")

    labels = {box["value"]: box.parent for box in tree.all("input", name="track") if box.parent}
    assert labels["practice"].text == "Practice 2"
    assert labels["theory"].text == "Theory 0 · 3 in all"
    assert labels["theory"].get("class") == "none"


def test_citations_keep_the_numbers_of_the_whole_page(client: Client, article) -> None:
    whole = page(client, ARTICLE).by_id("milestone-alcantara").one("p", class_="cites").text
    filtered = page(client, ARTICLE, to="0200").by_id("milestone-alcantara")
    alone = page(client, ALONE, to="0200").by_id("milestone-alcantara")

    assert whole == "1. Heyman 1995"
    assert filtered.one("p", class_="cites").text == whole
    assert alone.one("p", class_="cites").text == whole


def test_an_empty_view_says_which_choice_to_drop(client: Client, article) -> None:
    tree = page(client, ARTICLE, **{"from": "1900", "q": "arch"})

    assert titles(tree) == []
    assert status(tree) == "0 of 5 milestones, from 1900 on, with “arch”"
    links = {a.text: a["href"] for a in tree.one("div", class_="nothing").all("a")}
    assert links == {
        "Without the years: 1 milestone": "/articles/arches/?q=arch#timeline",
        "Without the words: 1 milestone": "/articles/arches/?from=1900#timeline",
    }
    assert titles(page(client, links["Without the years: 1 milestone"].split("#")[0])) == [
        "Law of the arch"
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"from": "abc"}, "From: “abc” is not understood as a date"),
        ({"to": "9" * 30}, "To: “999"),
        ({"from": "2000", "to": "1900"}, "To: This is before “2000”"),
        ({"track": "nothing"}, "Tracks: There is no such choice here."),
        ({"track": "a b"}, "Tracks: There is no such choice here."),
        ({"track": [f"t{n}" for n in range(30)]}, "Tracks: These are too many choices at once."),
        ({"q": "x" * 10_000}, "Words: Ensure this value has at most 200 characters"),
        ({"q": "a\x00b"}, "Words: Null characters are not allowed."),
        ({"from": "19\x0050"}, "From: Null characters are not allowed."),
        ({"q": " ".join("abcdefghijklmnop")}, "Words: Search for fewer words at once."),
        ({"q": "\ufdfa" * 100}, "Words: Search for fewer words at once."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", [ARTICLE, ALONE, SITE])
def test_what_is_wrong_is_said_and_nothing_is_filtered_or_lost(
    client: Client, article, address: str, query: dict[str, Any], message: str
) -> None:
    tree = page(client, address, **query)

    assert message in tree.by_id("timeline-errors").text
    assert len(titles(tree)) == 5
    for name in {"from", "to", "q"} & set(query):
        typed = tree.by_id(f"timeline-{name}")
        assert typed["value"].replace("\ufffd", "\x00") == query[name]


def test_htmx_gets_the_view_alone_and_the_address_it_stands_for(client: Client, article) -> None:
    response = client.get(f"{ALONE}?track=theory&from=1600&unknown=1", headers=HTMX)

    assert response["HX-Push-Url"] == "/articles/arches/?from=1600&track=theory"
    assert "HX-Request" in response["Vary"]
    tree = parse(response.content)
    assert tree.all("html") == []
    assert titles(tree) == ["Law of the arch", "La Hire's treatise", "Plastic theory"]
    news = tree.by_id("timeline-news")
    assert (news["role"], news.text) == ("status", status(tree))
    whole = page(client, response["HX-Push-Url"])
    assert titles(whole) == titles(tree)
    assert whole.by_id("timeline-picture").text == tree.by_id("timeline-picture").text


def test_the_same_view_again_is_no_step_of_the_way_back(client: Client, article) -> None:
    there = "http://127.0.0.1:8000/articles/arches/?track=theory"
    headers = HTMX | {"hx-current-url": there, "host": "127.0.0.1:8000"}

    assert client.get(f"{ALONE}?track=theory", headers=headers)["HX-Push-Url"] == "false"
    assert client.get(f"{ALONE}?q=arch", headers=headers)["HX-Push-Url"] == (
        "/articles/arches/?q=arch"
    )


def test_without_htmx_the_same_address_is_a_whole_page(client: Client, article) -> None:
    response = client.get(f"{ALONE}?track=theory")

    assert "HX-Push-Url" not in response
    assert "HX-Request" in response["Vary"]
    tree = parse(response.content)
    assert tree.one("h1").text == "Arches"
    assert tree.one("link", rel="canonical")["href"] == "http://127.0.0.1:8000/articles/arches/"
    # What it leads to is there: views on this page, references on the article's.
    assert tree.by_id("timeline-all").one("a")["href"] == f"{ALONE}#timeline"
    cited = page(client, ALONE).by_id("milestone-alcantara").one("p", class_="cites").one("a")
    assert cited["href"] == "/articles/arches/#reference-heyman1995"
    assert page(client, ARTICLE).by_id("reference-heyman1995")


def test_the_article_page_never_is_a_fragment(client: Client, article) -> None:
    assert parse(client.get(ARTICLE, headers=HTMX).content).one("h1").text == "Arches"


def test_a_wrong_choice_stays_in_the_address(client: Client, article) -> None:
    response = client.get(f"{ALONE}?from=abc", headers=HTMX)

    assert response["HX-Push-Url"] == "/articles/arches/?from=abc"
    assert "is not understood" in parse(response.content).by_id("timeline-errors").text


def test_pages_of_a_filtered_timeline_keep_the_filter(client: Client) -> None:
    make_article(document=make_long_document(parts=6, milestones=600, slug="long"))
    seen: list[str] = []
    address: str | None = "/articles/long/?track=track-2&from=1910"
    pages = 0
    while address:
        tree = page(client, address.split("#")[0])
        pages += 1
        seen += titles(tree)
        links = [a for nav in tree.all("nav", class_="pages") for a in nav.all("a", rel="next")]
        address = links[0]["href"] if links else None
        assert len(links) < 2
        assert "track=track-2" in (address or "track=track-2")

    assert seen == [f"Event {n}" for n in range(1, 601) if n % 6 == 1 and n >= 120]
    assert pages == 2


@pytest.mark.parametrize("query", [{}, {"to": "1910", "track": "track-1", "q": "event"}])
@pytest.mark.parametrize("count", [10, 1000])
def test_a_view_costs_the_same_at_every_length(client: Client, count: int, query) -> None:
    make_article(document=make_long_document(parts=6, milestones=count, slug="long"))
    text = urlencode(query)
    costs = {}
    for name, address, headers in (
        ("article", "/articles/long/", {}),
        ("fragment", "/articles/long/timeline/", HTMX),
        ("site", SITE, HTMX),
    ):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{address}?{text}", headers=headers)
        costs[name] = len(captured)

    # Article, settings, names, counts, names of tracks, milestones, comments, and related articles;
    # the fragment has no comments and relations; the site has neither article nor names, but where
    # a filter is made it also counts what there is without.
    assert costs == {"article": 8, "fragment": 6, "site": 5 if query else 4}


def test_the_site_has_no_draft_and_no_copy(client: Client, article) -> None:
    make_article(title="Secret", slug="secret", publish=False)

    tree = page(client, SITE)

    assert "Secret" not in tree.text
    assert len(titles(tree)) == 5


def test_a_milestone_of_the_site_leads_to_its_place_in_its_article(client: Client) -> None:
    make_article(document=make_long_document(parts=6, milestones=120, slug="long"))
    tree = page(client, SITE, q="event", **{"from": "1908-02", "to": "1908-02"})

    link = tree.one("li", data_part="milestone").one("p", class_="when").one("a")["href"]
    assert link == "/articles/long/?at=milestone-97#milestone-97"
    assert page(client, link.split("#")[0]).by_id("milestone-97").one("h3").text == "Event 97"


def test_after_a_choice_in_the_form_the_form_stays_and_only_its_numbers_are_new(
    client: Client, article
) -> None:
    headers = HTMX | {"hx-trigger": "timeline-filter"}
    tree = parse(client.get(f"{ALONE}?to=1600", headers=headers).content)

    assert tree.all("form") == tree.all("input", type="search") == []
    assert len(tree.by_id("timeline-results").all("li", data_part="milestone")) == 2
    choices = tree.by_id("timeline-track-choices")
    assert choices["data-hx-swap-oob"] == "true"
    assert [label.text for label in choices.all("label")] == ["Practice 2", "Theory 0 · 3 in all"]
    assert all("data-hx-preserve" in box.attributes for box in choices.all("input"))
    assert tree.by_id("timeline-all").one("a").text == "Show all"


def test_after_a_link_the_form_says_what_the_link_chose(client: Client, article) -> None:
    tree = parse(client.get(f"{ALONE}?to=1600", headers=HTMX).content)

    assert tree.by_id("timeline-filter").by_id("timeline-to")["value"] == "1600"
    assert [e for e in tree.walk() if "data-hx-preserve" in e.attributes] == []


def test_what_is_wrong_takes_no_subject_and_no_article_away(client: Client, article) -> None:
    for number in range(12):
        make_article(title=f"Bridge {number}", slug=f"bridge-{number}")

    tree = page(client, SITE, article="arches", category="building", q="x" * 300)

    boxes = [box for box in tree.all("input", type="checkbox") if "checked" in box.attributes]
    assert [box["value"] for box in boxes] == ["building", "arches"]


@pytest.mark.parametrize("address", [ALONE, SITE])
@pytest.mark.parametrize("current", ["http://[", "http://[::1", "\x00", "http://a:b", "nothing"])
def test_an_address_that_cannot_be_read_does_no_harm(
    client: Client, article, address: str, current: str
) -> None:
    response = client.get(f"{address}?q=arch", headers=HTMX | {"hx-current-url": current})

    assert response.status_code == 200
    assert response["HX-Push-Url"].endswith("/?q=arch")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_picture_of_the_site_leads_to_the_milestones_below_it(
    client: Client, article, headers: dict[str, str]
) -> None:
    make_article(title="Bridges", slug="bridges")
    Article.objects.get(slug="arches").delete()
    make_article(title="Other bridges", slug="other")

    tree = parse(client.get(SITE, headers=headers).content)

    marks = [a["href"] for a in tree.by_id("timeline-picture").all("a")]
    milestones = {f"#{li['id']}" for li in tree.all("li", data_part="milestone")}
    assert len(milestones) == 6
    assert {mark for mark in marks if mark.startswith("#")} == milestones


def test_headings_of_the_site_are_the_same_after_a_choice(client: Client, article) -> None:
    whole = page(client, SITE).by_id("timeline-view")
    fragment = parse(client.get(SITE, headers=HTMX).content).by_id("timeline-view")

    for tree in (whole, fragment):
        assert [heading.text for heading in tree.all("h2")] == ["Milestones"]


@pytest.mark.parametrize("name", ["q", "from", "to"])
def test_no_control_character_comes_back(client: Client, article, name: str) -> None:
    content = client.get(ARTICLE, {name: "a\x1b\x00\x01"}).content.decode()

    assert not {"\x00", "\x01", "\x1b"} & set(content)
    assert parse(content.encode()).by_id(f"timeline-{name}")["value"] == "a\ufffd\ufffd\ufffd"


def test_a_reference_used_only_by_what_is_filtered_out_says_so(client: Client) -> None:
    timeline = (
        Milestone(date="1900", title="First", body="So it is [@heyman1995]."),
        Milestone(date="2000", title="Second"),
    )
    document = make_document(title="Arches", slug="arches", timeline=timeline)
    empty = {"short_answer": "", "infobox": (), "sections": (), "facts": (), "questions": ()}
    make_article(document=replace(document, **empty))

    reference = page(client, ARTICLE, **{"from": "2000"}).by_id("reference-heyman1995")

    assert "Used 1 time in a part of the timeline that is not shown" in reference.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=since 1900", "since 1900"),
        ("from=1900", "from 1900 on"),
        ("to=until 1900", "until 1900"),
        ("to=1900", "up to 1900"),
    ],
)
def test_the_sentence_says_once_where_the_years_begin_or_end(
    client: Client, query: str, words: str
) -> None:
    make_article()
    page = parse(client.get(f"/timeline/?{query}").content)
    assert page.one("p", id="timeline-status").text.endswith(f"milestones, {words}")


def test_the_key_names_only_the_signs_that_occur(client: Client, article) -> None:
    def key(**query: str) -> list[str]:
        lists = page(client, ARTICLE, **query).all("ul", class_="chart-key")
        return [li.text for ul in lists for li in ul.all("li")]

    assert key() == ["a date", "about then"]
    assert key(track="theory") == ["a date"]
    # One alone has no tracks in the picture.
    assert key(to="0200") == []
    assert page(client, ARTICLE, to="0200").all("svg", class_="lanes") == []
