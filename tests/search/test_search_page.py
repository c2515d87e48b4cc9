"""The page of results: what a reader gets, whole and as the fragment that HTMX puts in."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import SiteSettings, Term
from tests.articles.bridges import make_article, make_long_document
from tests.html import Element, parse
from tests.search.site import bare, fact, milestone, question, section

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


def page(client: Client, query: str, **headers: str) -> Element:
    response = client.get(f"/search/?{query}", headers=headers)
    assert response.status_code == 200
    return parse(response.content)


def hits(tree: Element) -> list[tuple[str, str]]:
    """Text and address of each hit."""
    links = [item.one("h3").one("a") for item in tree.all("li", class_="with-evidence")]
    return [(link.text, link["href"]) for link in links]


def test_each_hit_leads_to_the_very_part(client: Client) -> None:
    bare(
        "Zircon",
        sections=(section("Zircon in rocks", "x"),),
        facts=(fact("Age of zircon", "Old."),),
        timeline=(milestone("1789-10", "Zircon analysed"),),
        questions=(question("What is zircon?", "A mineral."),),
    )
    Term.objects.create(name="Zircon", definition="A mineral.")

    parts = [hit for hit in hits(page(client, "q=zircon")) if "/terms/" not in hit[1]]

    assert dict(parts) == {
        "Zircon": "/articles/zircon/",
        "Zircon in rocks": "/articles/zircon/#section-zircon-in-rocks",
        "Age of zircon": "/articles/zircon/#fact-age-of-zircon",
        "October 1789: Zircon analysed": "/articles/zircon/#milestone-zircon-analysed",
        "What is zircon?": "/articles/zircon/#question-what-is-zircon",
    }
    assert ("Zircon", "/terms/zircon/") in hits(page(client, "q=zircon&kind=term"))


def test_a_milestone_on_a_later_page_of_the_timeline_is_on_the_page_that_its_link_opens(
    client: Client,
) -> None:
    make_article(document=make_long_document(parts=1, milestones=120, slug="long"))

    for number in (3, 50, 51, 120):
        ((_text, address),) = hits(page(client, f"q=%22event+{number}%22&kind=milestone"))
        address, _hash, anchor = address.partition("#")
        assert anchor == f"milestone-{number}"
        tree = parse(client.get(address).content)
        assert anchor in {item.get("id") for item in tree.all("li", data_part="milestone")}


def test_what_was_found_is_marked_and_all_else_escaped(client: Client) -> None:
    bare("<b>Arch</b> & co", "An <script>alert(1)</script> arch, \x02arches\x03 & more.")

    body = client.get("/search/?q=arch").content.decode()

    assert "&lt;b&gt;<mark>Arch</mark>&lt;/b&gt; &amp; co" in body
    assert "An &lt;script&gt;alert(1)&lt;/script&gt; <mark>arch</mark>, <mark>arches</mark>" in body
    assert "<script>alert" not in body


def test_an_excerpt_is_cut_between_words_around_what_was_found(client: Client) -> None:
    body = f"{'before ' * 200} the keystone of an arch {'after ' * 200}"
    bare("Bridges", sections=(section("A", body),))

    text = page(client, "q=keystone+arch").one("li", data_hit="section").all("p")[0].text

    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "keystone of an arch" in text
    assert set(text.strip("… ").split()) <= {
        "before",
        "after",
        "the",
        "keystone",
        "of",
        "an",
        "arch",
    }
    assert len(text) < 260


def test_a_fact_without_a_label_is_called_by_its_words(client: Client) -> None:
    bare("Bridges", facts=(fact("", "Granite lasts."),))
    assert hits(page(client, "q=granite"))[0][0] == "Granite lasts."


def test_results_are_kept_out_of_search_engines_and_vary_by_who_asks(client: Client) -> None:
    bare("Bridges")
    response = client.get("/search/?q=bridges")

    assert parse(response.content).one("meta", name="robots")["content"] == "noindex"
    assert "HX-Request" in response["Vary"]
    assert not response.cookies


def test_the_page_without_a_search_is_one_that_others_may_point_to(client: Client) -> None:
    for query in ("", "?q=", "?q=&kind=nonsense"):
        tree = parse(client.get(f"/search/{query}").content)
        addresses = {
            tree.one("link", rel="canonical")["href"],
            tree.one("meta", property="og:url")["content"],
        }
        assert addresses == {"http://127.0.0.1:8000/search/"}
        assert not tree.all("meta", name="robots")


def test_htmx_gets_the_results_alone_with_the_address_they_have(client: Client) -> None:
    bare("Bridges")
    response = client.get("/search/?q=bridges", headers=HTMX)

    body = response.content.decode()
    assert "<html" not in body
    assert 'id="search-results"' in body
    assert response["HX-Push-Url"] == "/search/?q=bridges"
    assert "no-store" in response["Cache-Control"]
    assert "HX-Request" in response["Vary"]
    whole = client.get("/search/?q=bridges", headers={**HTMX, "hx-history-restore-request": "true"})
    assert b"<html" in whole.content


def test_while_one_types_the_address_changes_without_a_step_for_each_pause(client: Client) -> None:
    typing = {**HTMX, "hx-trigger-name": "q"}
    first = client.get(
        "/search/?q=bri", headers={**typing, "hx-current-url": "http://testserver/search/"}
    )
    then = client.get(
        "/search/?q=brid", headers={**typing, "hx-current-url": "http://testserver/search/?q=bri"}
    )
    same = client.get(
        "/search/?q=brid", headers={**typing, "hx-current-url": "http://testserver/search/?q=brid"}
    )

    assert first["HX-Push-Url"] == "/search/?q=bri"
    assert then["HX-Replace-Url"] == "/search/?q=brid"
    assert same["HX-Push-Url"] == "false"


def test_the_fragment_says_what_the_whole_page_says(client: Client) -> None:
    make_article()
    for query in ("q=arch", "q=arch&kind=section", "q=stoen+bridges", "q=zzz", "q="):
        whole = page(client, query)
        part = parse(client.get(f"/search/?{query}", headers=HTMX).content)
        for name in ("search-results", "search-answer", "search-kinds"):
            assert part.one(id=name).text == whole.one(id=name).text


def test_results_of_a_kind_are_paged(client: Client) -> None:
    bare("Bridges", facts=tuple(fact(f"Arch {n}", "x") for n in range(45)))

    shown = [
        [text for text, _address in hits(page(client, f"q=arch&kind=fact&page={number}"))]
        for number in (1, 2, 3)
    ]

    assert [len(texts) for texts in shown] == [20, 20, 5]
    assert len({text for texts in shown for text in texts}) == 45
    assert len(hits(page(client, "q=arch&kind=fact&page=99"))) == 5
    assert len(hits(page(client, "q=arch&kind=fact&page=x"))) == 20


def test_without_a_kind_the_best_of_each_are_shown_with_a_way_to_all(client: Client) -> None:
    bare("Bridges", facts=tuple(fact(f"Arch {n}", "x") for n in range(45)))
    tree = page(client, "q=arch")

    assert len(hits(tree)) == 4
    assert tree.one("p", class_="more").one("a")["href"] == "/search/?q=arch&kind=fact"
    assert tree.one("p", class_="more").text == "Show all 45"


def test_a_mistyped_word_finds_what_was_meant_and_says_so(client: Client) -> None:
    bare("Backpropagation", "The chain rule.")
    tree = page(client, "q=backpropogation")

    assert hits(tree) == [("Backpropagation", "/articles/backpropagation/")]
    assert tree.one("p", class_="did-you-mean").one("a")["href"] == "/search/?q=backpropagation"
    exactly = page(client, "q=backpropogation&exact=1")
    assert hits(exactly) == []
    assert "Did you mean backpropagation?" in exactly.one(id="search-answer").text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("keystnoe", "keystone"),
        ("keyston3", ""),
        ("kystone", "keystone"),
        ("keystonne", "keystone"),
        ("granite keystoen", "granite keystone"),
        ("granitekeystone", "granite keystone"),
        ("alcantora", "alcantara"),
        ("xq", ""),
        ("zzzzzzzz", ""),
    ],
)
def test_typos_are_told(client: Client, typed: str, meant: str) -> None:
    bare("Bridge of Alcántara", "Its keystone is of granite.")
    links = page(client, f"q={typed}").all("p", class_="did-you-mean")

    assert [link.one("a").text for link in links] == ([meant] if meant else [])


def test_words_that_nothing_has_together_are_offered_by_themselves(client: Client) -> None:
    bare("Bridges", "Of granite.")
    bare("Roads", "Of sand.")
    answer = page(client, "q=granite+sand").one(id="search-answer")

    assert [(a.text, a["href"]) for a in answer.all("a")] == [
        ("granite", "/search/?q=granite"), ("sand", "/search/?q=sand"),
    ]  # fmt: skip


def test_filters_that_leave_nothing_offer_to_go(client: Client) -> None:
    bare("Bridges", "Of granite.")
    answer = page(client, "q=granite&kind=fact").one(id="search-answer")

    assert "that the chosen filters leave out" in answer.text
    assert answer.one("div", class_="nothing").one("a")["href"] == "/search/?q=granite"


def test_results_in_another_language_are_marked_as_such(client: Client) -> None:
    bare("الجسور", "جسر من حجر", language="ar")
    item = page(client, "q=حجر").one("li", class_="with-evidence")

    assert (item.one("h3")["lang"], item.one("h3")["dir"]) == ("ar", "rtl")


def test_a_search_costs_the_same_queries_at_every_size(client: Client) -> None:
    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/search/?{query}")
        return len(captured)

    bare("Arch", facts=(fact("Arch", "x"),))
    few = [count(query) for query in ("q=arch", "q=arch&kind=fact", "q=arch&kind=fact&page=2")]
    bare("Bridges", facts=tuple(fact(f"Arch {n}", "x") for n in range(45)))
    many = [count(query) for query in ("q=arch", "q=arch&kind=fact", "q=arch&kind=fact&page=2")]

    assert few == many
    assert max(many) <= (6 if connection.vendor == "sqlite" else 12)
    assert count("q=") <= 2


def test_browsers_are_told_how_to_search_here(client: Client) -> None:
    SiteSettings.objects.create(pk=1, name="A site with quite a long name & more")
    response = client.get("/opensearch.xml")

    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    tree = ET.fromstring(response.content.decode())
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(tree.findtext(f"{space}ShortName") or "") <= 16
    url = tree.find(f"{space}Url")
    assert url is not None
    assert url.get("template") == "http://127.0.0.1:8000/search/?q={searchTerms}"
    link = parse(client.get("/").content).one("link", rel="search")
    assert link["href"] == "/opensearch.xml"


def test_every_page_has_a_field_to_search_from(client: Client) -> None:
    form = parse(client.get("/").content).one("form", class_="site-search")
    assert (form["action"], form["method"], form["role"]) == ("/search/", "get", "search")
    assert len(parse(client.get("/search/").content).all("form")) == 1
