"""A long timeline is shown fifty milestones at a time; a few more than that stay together."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.document import Document, Milestone
from tests.articles.bridges import make_article, make_document, make_long_document
from tests.html import Element, parse
from timeline.pages import MILESTONES_SHOWN, MOST_SHOWN

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/long/"
THOUSAND = "/articles/thousand/"


def page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.content)


def shown(tree: Element) -> list[str]:
    """Anchors of the milestones on the page."""
    return [li["id"] for li in tree.all("li", data_part="milestone")]


def way(tree: Element, rel: str, of: str = ADDRESS) -> str | None:
    """Where "Earlier" (prev) or "Later" (next) leads, in full, from a page of this article."""
    links = [a["href"] for nav in tree.all("nav", class_="pages") for a in nav.all("a", rel=rel)]
    assert len(links) <= 1
    if not links:
        return None
    address, _, fragment = links[0].partition("#")
    assert fragment == "timeline"
    return address if address.startswith("/") else of + address


@pytest.fixture(autouse=True, scope="module")
def thousand(module_rows: None) -> None:
    """An article of so many milestones, beside what a test makes."""
    document = make_long_document(parts=3, milestones=1000, slug="thousand", title="Thousand")
    make_article(document=document)


def long(count: int, **changes: object) -> None:
    make_article(document=make_long_document(parts=3, milestones=count, slug="long", **changes))


def test_later_visits_all_milestones_once_and_earlier_comes_back(client: Client) -> None:
    visited: list[list[str]] = []
    address: str | None = THOUSAND
    last = THOUSAND
    while address:
        last = address
        tree = page(client, address)
        visited.append(shown(tree))
        address = way(tree, "next", THOUSAND)

    assert [anchor for some in visited for anchor in some] == [
        f"milestone-{number}" for number in range(1, 1001)
    ]
    assert {len(some) for some in visited} == {MILESTONES_SHOWN}

    back: list[list[str]] = []
    address = last
    while address:
        last = address
        tree = page(client, address)
        back.insert(0, shown(tree))
        address = way(tree, "prev", THOUSAND)
    assert back == visited
    # The way back ends at the article's own address.
    assert last == THOUSAND


def test_the_first_page_has_no_earlier_one_and_says_how_much_it_shows(client: Client) -> None:
    tree = page(client, THOUSAND)

    assert way(tree, "prev", THOUSAND) is None
    assert tree.by_id("timeline").one("p", class_="status").text == (
        "1,000 milestones; 50 of them are on this page"
    )


def test_the_last_page_ends_where_the_timeline_ends(client: Client) -> None:
    tree = page(client, f"{THOUSAND}?at=milestone-980")

    assert shown(tree) == [f"milestone-{number}" for number in range(980, 1001)]
    assert way(tree, "next", THOUSAND) is None
    assert way(tree, "prev", THOUSAND) == f"{THOUSAND}?at=milestone-930"


def test_earlier_never_skips_to_before_the_beginning(client: Client) -> None:
    tree = page(client, f"{THOUSAND}?at=milestone-20")

    assert shown(tree) == [f"milestone-{number}" for number in range(20, 70)]
    assert way(tree, "prev", THOUSAND) == THOUSAND


@pytest.mark.parametrize("at", ["", "?at=milestone-50"])
@pytest.mark.parametrize("count", [MILESTONES_SHOWN, MILESTONES_SHOWN + 2, MOST_SHOWN])
def test_a_timeline_that_fits_is_shown_whole(client: Client, count: int, at: str) -> None:
    long(count)

    tree = page(client, f"{ADDRESS}{at}")

    assert len(shown(tree)) == count
    assert tree.all("nav", class_="pages") == tree.all(class_="not-printed") == []
    assert tree.by_id("timeline-status").text == f"{count} milestones"
    first = tree.by_id("milestone-1")
    assert first.one("p", class_="when").one("a")["href"] == "#milestone-1"


def test_one_milestone_more_makes_two_pages_which_paper_says_with_the_address(
    client: Client,
) -> None:
    long(MOST_SHOWN + 1)

    first, second = page(client, ADDRESS), page(client, f"{ADDRESS}?at=milestone-51")

    assert [len(shown(first)), len(shown(second))] == [MILESTONES_SHOWN, 21]
    assert (way(first, "next"), way(second, "prev")) == (f"{ADDRESS}?at=milestone-51", ADDRESS)
    for tree in (first, second):
        assert tree.one(class_="not-printed").text == (
            "The other milestones are on further pages of this timeline, at "
            "127.0.0.1:8000/articles/long"
        )


def test_a_choice_that_leaves_a_few_shows_them_all(client: Client) -> None:
    tree = page(client, f"{THOUSAND}?from=1978&at=milestone-1")

    assert MILESTONES_SHOWN < len(shown(tree)) <= MOST_SHOWN
    assert tree.by_id("timeline-status").text == (
        f"{len(shown(tree))} of 1,000 milestones, from 1978 on"
    )


def test_the_permalink_of_a_milestone_opens_the_page_it_is_on(client: Client) -> None:
    long(120)
    second = page(client, f"{ADDRESS}?at=milestone-51")
    link = second.by_id("milestone-77").one("p", class_="when").one("a")["href"]

    assert link == "/articles/long/?at=milestone-77#milestone-77"
    assert shown(page(client, link.partition("#")[0]))[0] == "milestone-77"


def test_links_of_a_timeline_do_not_repeat_what_a_visitor_typed(client: Client) -> None:
    long(120)

    content = client.get(f"{ADDRESS}?at=milestone-51&typed={'x' * 500}").content.decode()

    assert "typed" not in content


@pytest.mark.parametrize(
    "at", ["", "milestone-nothing", "fact-1", "section-1", "50", "milestone-1 or 1=1"]
)
def test_a_place_that_is_no_milestone_shows_the_beginning(client: Client, at: str) -> None:
    long(80)

    tree = parse(client.get(ADDRESS, {"at": at}).content)

    assert shown(tree)[0] == "milestone-1"
    assert way(tree, "prev") is None


def test_a_milestone_of_another_article_is_no_place_in_this_one(client: Client) -> None:
    long(80)
    make_article(document=make_document())

    assert shown(page(client, f"{ADDRESS}?at=milestone-hooke"))[0] == "milestone-1"


def test_milestones_of_one_day_keep_their_order_over_pages(client: Client) -> None:
    timeline = tuple(
        Milestone(anchor=f"milestone-{number:03}", date="1900", title=f"Event {-number}")
        for number in range(130)
    )
    make_article(document=Document(title="Long", timeline=timeline))

    visited = []
    address: str | None = ADDRESS
    while address:
        tree = page(client, address)
        visited.append(shown(tree))
        address = way(tree, "next")

    assert [len(some) for some in visited] == [50, 50, 30]
    assert [anchor for some in visited for anchor in some] == [m.anchor for m in timeline]
    assert way(page(client, f"{ADDRESS}?at=milestone-100"), "prev") == (
        f"{ADDRESS}?at=milestone-050"
    )


def test_numbers_of_references_are_those_of_the_whole_timeline(client: Client) -> None:
    long(120, infobox=(), sections=(), facts=(), questions=())

    first = page(client, ADDRESS)
    later = page(client, f"{ADDRESS}?at=milestone-90")

    def numbers(tree: Element) -> dict[str, str]:
        items = tree.by_id("references").all("li", data_part="reference")
        return {li["id"]: li.one(class_="number").text for li in items}

    assert numbers(first) == numbers(later)
    assert first.by_id("cite-milestone-1-1").text.startswith("1. ")
    assert later.by_id("cite-milestone-91-1").text.startswith("1. ")


def test_a_reference_says_how_often_it_is_used_elsewhere(client: Client) -> None:
    long(120, infobox=(), sections=(), facts=(), questions=())

    tree = page(client, f"{ADDRESS}?at=milestone-100")

    # 21 milestones are here, 7 of each reference; 33 uses of each are on other pages.
    assert [p.text for p in tree.by_id("reference-key1").all("p", class_="back")] == [
        "Used 40 times, 33 of them in a part of the timeline that is not shown: abcdefg"
    ]
    links = tree.by_id("reference-key1").one("p", class_="back").all("a")
    assert all(tree.by_id(a["href"][1:]) for a in links)


def test_the_survey_and_the_count_are_those_of_the_whole_timeline(client: Client) -> None:
    for address in (THOUSAND, f"{THOUSAND}?at=milestone-900"):
        words = page(client, address).one(class_="survey-words").one("p").text
        assert words == (
            "1,006 of 1,006 statements have a source, one tick for 7 (infobox, facts and timeline)"
        )
