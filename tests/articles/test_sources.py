"""The page of a source: every statement of the site that leans on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from articles import store
from articles.document import Reference
from articles.models import Article, Source
from articles.models import Reference as Row
from articles.views import sources
from tests.articles.bridges import BOOK, make_article, make_document
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.content)


def book() -> str:
    """The address of the page of BOOK."""
    address: str = Source.objects.get(identity=f"isbn:{BOOK.isbn}").get_absolute_url()
    return address


def test_every_statement_is_listed_with_its_place_and_leads_to_the_very_part(
    client: Client,
) -> None:
    make_article()

    main = page(client, book()).by_id("main")

    rows = main.one("section", class_="uses").all("li")
    assert [
        (li.one("a").text, li.one("a")["href"].partition("/stone-bridges/")[2]) for li in rows
    ] == [
        ("Short answer", "#short-answer"),
        ("Material", "#infobox-row-material"),
        ("Alcántara bridge finished", "?at=milestone-alcantara#milestone-alcantara"),
        ("Why do they last?", "#question-why-do-they-last"),
    ]
    assert [li.one(class_="evidence").text for li in rows] == [
        "p. 12",
        "InfoboxChecked 1 March 2026",
        "Timeline, p. 30Checked 1 February 2026",
        "Question, p. 14",
    ]
    assert rows[1].one("span", class_="use-text").text == "Cut stone"
    figures = main.one("dl", class_="figures")
    assert [dd.text for dd in figures.all("dd")] == ["4", "1", "1 Mar 2026"]


def test_a_statement_that_nobody_compared_with_the_source_says_so(client: Client) -> None:
    make_article()

    source = Source.objects.get(references__key="huerta2001")
    rows = page(client, source.get_absolute_url()).one("section", class_="uses").all("li")

    # A section carries no check, so that of it none is missing.
    assert [(li.one("a").text, li.one(class_="evidence").text) for li in rows] == [
        ("Overview", "Section"),
        ("Oldest in use", "Fact, p. 3Checked 1 February 2026"),
        ("Hooke states the law of the arch", "TimelineNot checked yet"),
    ]


def test_the_fullest_entry_stands_for_the_source_and_all_identifiers_below_it(
    client: Client,
) -> None:
    short = Reference(key="short", isbn=BOOK.isbn)
    archived = replace(
        BOOK,
        key="full",
        url="https://a.example/x?y=1&z=2",
        archived_url="https://archive.example/1",
    )
    make_article(title="Short", references=(short,), short_answer="So [@short].")
    make_article(title="Full", references=(archived,), short_answer="So [@full, ch. 2].")

    main = page(client, book()).by_id("main")

    assert main.one("h1").text == "The Stone Skeleton"
    assert "Jacques Heyman (1995)" in main.one("p", class_="source-entry").text
    links = [a["href"] for a in main.one("dl", class_="identifiers").all("a")]
    assert links == ["https://a.example/x?y=1&z=2", "https://archive.example/1"]
    assert [h.text for h in main.all("h3")] == ["Full", "Short"]


def test_nothing_of_what_is_not_live_counts(client: Client) -> None:
    article = make_article()
    address = book()
    hidden = make_article(title="Hidden", publish=False)
    store.save(make_document(slug="copy"), article=None)
    Article.objects.filter(slug="copy").update(copy_of=article)

    main = page(client, address).by_id("main")
    assert main.all("h3")[0].text == "Stone bridges"
    assert len(main.all("h3")) == 1
    assert main.one("dl", class_="figures").all("dd")[1].text == "1"

    Article.objects.filter(pk=article.pk).update(status="withdrawn")
    assert client.get(address).status_code == 404
    assert "Skeleton" not in client.get("/sources/").text
    Article.objects.filter(pk=hidden.pk).update(status="published", published_at=hidden.created_at)
    assert client.get(address).status_code == 200


def test_a_source_that_is_listed_and_never_cited_says_so(client: Client) -> None:
    make_article(title="Lists it", references=(BOOK,), infobox=(), facts=(), timeline=(),
                 questions=(), sections=(), short_answer="")  # fmt: skip

    main = page(client, book()).by_id("main")

    assert "no statement cites it yet" in main.one("p", class_="quiet").text


def test_a_source_whose_references_have_just_gone_breaks_no_list(client: Client) -> None:
    make_article()
    Row.objects.filter(source__identity=f"isbn:{BOOK.isbn}").update(source=None)

    rows = page(client, "/sources/").one("ul", class_="source-list").all("li")

    assert [li.one("a").text for li in rows] == ["Mechanics of masonry vaults"]


def test_a_long_list_comes_in_pages_with_addresses_of_their_own(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "USES", 3)
    make_article()

    second = page(client, f"{book()}?page=2")

    assert len(second.one("section", class_="uses").all("li")) == 1
    assert second.one("link", rel="canonical")["href"].endswith(f"{book()}?page=2")


def test_sources_are_listed_by_use_and_references_lead_to_them(client: Client) -> None:
    make_article()
    make_article(title="More", short_answer="So [@heyman1995].")

    rows = page(client, "/sources/").one("ul", class_="source-list").all("li")

    assert [li.one("a").text for li in rows] == [
        "The Stone Skeleton",
        "Mechanics of masonry vaults",
    ]
    assert rows[0].one(class_="evidence").text == "8 citations, 2 articles"
    references = page(client, "/articles/stone-bridges/").by_id("references")
    leading = [a["href"] for a in references.all("a") if a["href"].startswith("/sources/")]
    assert leading[0] == book()
    # A placeholder leads nowhere.
    assert len(leading) == 2
