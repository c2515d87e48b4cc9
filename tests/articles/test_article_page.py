"""What a reader of an article gets."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import store
from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
)
from articles.formats import json_file, markdown_file
from articles.models import Article, SiteSettings, Term, User
from articles.templatetags.milepost import day
from tests.articles.bridges import make_article, make_document, make_editor
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/stone-bridges/"


def page(client: Client, address: str = ADDRESS) -> Element:
    """The page at an address that must be there."""
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.content)


def parts(tree: Element) -> list[tuple[str, str | None]]:
    """Kind and id of each part on the page, in its order."""
    return [(e["data-part"], e.get("id")) for e in tree.walk() if e.get("data-part")]


def standing_words(tree: Element, anchor: str) -> str:
    """The word of standing beside a statement, and what is said of its check."""
    item = tree.by_id(anchor)
    return " ".join(e.text for cls in ("mark", "since") for e in item.all(class_=cls))


# The skeleton -------------------------------------------------------------------------------------


def test_every_part_stands_on_the_page_once_with_its_anchor_and_kind(client: Client) -> None:
    make_article()

    found = parts(page(client))

    # References stand in the order of their numbers, which here is that of the document.
    assert found == [(part.kind, part.anchor) for part in make_document().parts()]


def test_the_regions_have_their_promised_ids_in_page_order(client: Client) -> None:
    make_article()

    sections = [e.get("id") for e in page(client).all("section") if e.get("id")]

    assert sections == [
        "short-answer",
        "infobox",
        "section-overview",
        "section-centring",
        "facts",
        "timeline",
        "related-terms",
        "faq",
        "references",
        "discussion",
        "keep",
    ]


def test_there_is_one_title_and_no_level_of_heading_is_left_out(client: Client) -> None:
    make_article(
        sections=(
            Section(heading="Overview", body="#### Deep\n\ntext\n\n##### Deeper\n\ntext"),
            Section(heading="Part", level=3, body="#### Deep\n\ntext"),
        )
    )

    tree = page(client)

    assert [h1.text for h1 in tree.all("h1")] == ["Stone bridges"]
    levels = [int(e.tag[1]) for e in tree.walk() if re.fullmatch(r"h[1-6]", e.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tree.one("title").text == "Stone bridges · Milepost"


def test_no_id_stands_twice_and_every_link_inside_the_page_leads_somewhere(client: Client) -> None:
    make_article()

    tree = page(client)
    ids = [e["id"] for e in tree.walk() if e.get("id")]
    targets = [e["href"][1:] for e in tree.walk() if (e.get("href") or "").startswith("#")]
    named = [i for e in tree.walk() for i in (e.get("aria-labelledby") or "").split()]

    assert len(ids) == len(set(ids))
    assert set(targets) | set(named) <= set(ids)


def test_the_contents_lead_to_every_region_and_section(client: Client) -> None:
    make_article()

    links = page(client).one("nav", class_="contents").all("a")

    assert [(a["href"], a.text) for a in links] == [
        ("#short-answer", "Short answer"),
        ("#section-overview", "Overview"),
        ("#section-centring", "Centring"),
        ("#facts", "Important facts"),
        ("#timeline", "Timeline"),
        ("#related-terms", "Related terms"),
        ("#faq", "Questions"),
        ("#references", "References"),
        ("#discussion", "Discussion"),
        ("#keep", "Keep and reuse"),
    ]


# Citations ----------------------------------------------------------------------------------------


def cited_everywhere() -> Document:
    """Six references, cited in another order than they are listed."""
    return make_document(
        short_answer="Short [@d].",
        infobox=(InfoboxRow(anchor="infobox-row-x", label="X", value="Y [@c, p. 3]"),),
        sections=(Section(anchor="section-x", heading="X", body="Text [@d; @b, ch. 2]."),),
        facts=(Fact(anchor="fact-x", label="X", statement="So [@c]."),),
        timeline=(Milestone(anchor="milestone-x", date="1900", title="X", body="Then [@f]."),),
        questions=(Question(anchor="question-x", question="X?", answer="Yes [@a] [@d]."),),
        references=tuple(
            Reference(key=key, title=f"Title {key}", url=f"https://example.org/{key}")
            for key in "abcdef"
        ),
    )


def test_citations_are_numbered_in_reading_order_over_the_whole_page(client: Client) -> None:
    make_article(document=cited_everywhere())

    tree = page(client)

    uses = [(e["id"], e["href"], e.seen) for e in tree.all("a") if "cite-" in (e.get("id") or "")]
    assert uses == [
        ("cite-short-answer-1", "#reference-d", "1"),
        ("cite-infobox-row-x-1", "#reference-c", "2:3"),
        ("cite-section-x-1", "#reference-d", "1"),
        ("cite-section-x-2", "#reference-b", "3:ch. 2"),
        ("cite-fact-x-1", "#reference-c", "2. Title c"),
        ("cite-milestone-x-1", "#reference-f", "4. Title f"),
        ("cite-question-x-1", "#reference-a", "5"),
        ("cite-question-x-2", "#reference-d", "1"),
    ]
    references = tree.by_id("references").all("li", data_part="reference")
    assert [(li["id"], li.one(class_="number").text) for li in references] == [
        ("reference-d", "1"),
        ("reference-c", "2"),
        ("reference-b", "3"),
        ("reference-f", "4"),
        ("reference-a", "5"),
        ("reference-e", "6"),
    ]


def test_each_reference_leads_back_to_each_of_its_uses_and_to_nothing_else(client: Client) -> None:
    make_article(document=cited_everywhere())

    tree = page(client)

    def backs(anchor: str) -> list[tuple[str, str]]:
        return [
            (a.text, a["href"])
            for p in tree.by_id(anchor).all("p", class_="back")
            for a in p.all("a")
        ]

    assert backs("reference-d") == [
        ("a", "#cite-short-answer-1"),
        ("b", "#cite-section-x-1"),
        ("c", "#cite-question-x-2"),
    ]
    assert backs("reference-c") == [("a", "#cite-infobox-row-x-1"), ("b", "#cite-fact-x-1")]
    assert backs("reference-e") == []
    assert "Not cited" in tree.by_id("reference-e").text
    uses = {e["id"] for e in tree.all("a") if (e.get("id") or "").startswith("cite-")}
    linked = [a["href"][1:] for p in tree.all("p", class_="back") for a in p.all("a")]
    assert sorted(linked) == sorted(uses)


def test_an_unknown_key_is_silent_for_readers_and_shown_to_editors(client: Client) -> None:
    make_article(
        facts=(Fact(label="X", statement="So it is [@nobody]."),),
        sections=(Section(heading="X", body="Text [@nobody]."),),
    )

    assert "nobody" not in client.get(ADDRESS).content.decode()
    client.force_login(make_editor())
    assert [e.text for e in page(client).all(class_="missing")] == [
        "source missing: nobody",
        "source missing: nobody",
    ]


def test_a_reference_says_all_that_is_known_of_its_source(client: Client) -> None:
    full = Reference(
        key="x",
        source_kind="article",
        title="On arches",
        authors=("Ada Arch", "Ben Bridge"),
        year="2001",
        container="Masonry Today",
        volume="12",
        issue="3",
        pages="1–9",
        publisher="Stone Press",
        doi="10.1002/a<b>#c",
        url="https://example.org/x",
        accessed="2026-01-15",
        archived_url="https://archive.example.org/x",
    )
    make_article(references=(full,))

    item = page(client).by_id("reference-x")

    assert item.all("p")[0].text == (
        "1Ada Arch & Ben Bridge (2001). “On arches”. Masonry Today 12(3): 1–9. Stone Press. "
        "doi:10.1002/a<b>#c"
    )
    assert item.one("span", class_="where").one("a")["href"] == (
        "https://doi.org/10.1002/a%3Cb%3E%23c"
    )
    assert [p.text for p in item.one(class_="evidence").all("p")] == [
        "Not cited",
        "Journal article. Accessed 15 Jan 2026. Archived copy",
        "Link What leans on it (reference 1)",
    ]


# Standing -----------------------------------------------------------------------------------------


def days_ago(days: int) -> str:
    return (timezone.localdate() - datetime.timedelta(days=days)).isoformat()


def test_the_standing_of_each_statement_is_a_word(client: Client) -> None:
    make_article(
        facts=(
            Fact(anchor="fact-a", statement="Sourced [@heyman1995].", checked=days_ago(10)),
            Fact(anchor="fact-b", statement="Never checked [@heyman1995]."),
            Fact(anchor="fact-c", statement="Stale [@heyman1995].", checked=days_ago(800)),
            Fact(anchor="fact-d", statement="Unsourced."),
            Fact(anchor="fact-e", statement="A placeholder [@somewhere].", checked=days_ago(10)),
        ),
        infobox=(),
        timeline=(),
    )

    tree = page(client)

    recent, long_ago = (day(days_ago(number)) for number in (10, 800))
    assert [standing_words(tree, f"fact-{letter}") for letter in "abcde"] == [
        f"Sourced checked {recent}",
        "Sourced not checked yet",
        f"Stale last checked {long_ago}",
        "Unsourced",
        f"Unsourced checked {recent}",
    ]
    survey = tree.one(class_="survey-words")
    assert survey.one("p").text == "3 of 5 statements have a source (infobox, facts and timeline)"
    assert [li.text for li in survey.all("li")] == [
        "1 sourced and checked",
        "1 sourced but not checked yet (short ticks)",
        "1 stale",
        "2 unsourced",
    ]
    assert tree.one("svg", role="img")["aria-label"] == (
        "5 statements: 1 sourced and checked, 1 sourced but not checked yet, 1 stale, 2 unsourced."
    )


def test_an_unchecked_statement_has_a_symbol_and_a_tick_of_its_own(client: Client) -> None:
    make_article(
        infobox=(InfoboxRow(anchor="infobox-row-a", label="A", value="One [@heyman1995]"),),
        facts=(Fact(anchor="fact-a", statement="Two [@heyman1995].", checked=days_ago(1)),),
        timeline=(),
    )

    tree = page(client)

    assert standing_words(tree, "infobox-row-a") == "not checked yet"
    assert [tree.by_id(anchor).one("use")["href"] for anchor in ("infobox-row-a", "fact-a")] == [
        "#mark-unchecked",
        "#mark-sourced",
    ]
    ticks = [line for line in tree.one("svg", role="img").all("line") if "tick" in line["class"]]
    assert [(line["class"], line["y2"]) for line in ticks] == [
        ("tick tick-unchecked", "7"),
        ("tick tick-sourced", "14"),
    ]


def test_the_page_and_every_list_count_sources_in_the_same_words(client: Client) -> None:
    make_article(
        facts=(Fact(anchor="fact-a", statement="Stale [@heyman1995].", checked=days_ago(800)),)
    )
    words = "4 of 6 statements have a source"

    assert page(client).one(class_="survey-words").one("p").text.startswith(f"{words} (")
    for address in ("/articles/", "/authors/nora-pont/", "/search/?q=bridges"):
        assert words in [mark.text for mark in page(client, address).all(class_="mark")], address


def test_the_site_says_when_a_check_is_stale(client: Client) -> None:
    SiteSettings(pk=1, stale_after_months=1200).save()
    make_article(
        facts=(Fact(anchor="fact-c", statement="Old [@heyman1995].", checked=days_ago(800)),)
    )

    assert standing_words(page(client), "fact-c").startswith("Sourced checked ")


def test_what_is_missing_is_named_with_links(client: Client) -> None:
    make_article()

    missing = page(client).one("details", class_="missing-list")

    assert [(li.one("a")["href"], li.text) for li in missing.all("li")] == [
        ("#infobox-row-span", "Span Unsourced"),
        ("#fact-mortar", "Mortar Unsourced"),
        ("#milestone-anji", "Anji bridge opened Unsourced"),
        ("#milestone-hooke", "Hooke states the law of the arch Sourced, not checked yet"),
    ]


def test_a_placeholder_is_called_one(client: Client) -> None:
    make_article()

    item = page(client).by_id("reference-somewhere")

    assert item.one(class_="mark").text == "Placeholder"
    assert "Leads nowhere yet: no address, DOI or ISBN." in item.text


def test_the_dates_of_an_article_are_kept_apart(client: Client) -> None:
    article = make_article(
        published_at=datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC),
        changed_at=datetime.datetime(2026, 4, 7, 12, tzinfo=datetime.UTC),
    )

    byline = page(client).one("dl", class_="byline")

    assert article.author is not None
    assert [(div.one("dt").text, div.one("dd").text) for div in byline.all("div")] == [
        ("By", "Nora Pont"),
        ("Published", "5 January 2026"),
        ("Last changed", "7 April 2026 (history)"),
        ("Last verified", "1 March 2026 (3 of 7 statements)"),
    ]
    assert [time["datetime"] for time in byline.all("time")] == [
        "2026-01-05",
        "2026-04-07",
        "2026-03-01",
    ]


# Edges --------------------------------------------------------------------------------------------


def test_an_article_with_a_title_only_is_an_honest_page(client: Client) -> None:
    make_article(document=Document(title="Bridges of tomorrow"))

    tree = page(client, "/articles/bridges-of-tomorrow/")

    assert tree.one("h1").text == "Bridges of tomorrow"
    answer = tree.by_id("short-answer").all("p")[0]
    assert answer.text == "This article has no short answer yet."
    assert parts(tree) == []
    regions = ["short-answer", "discussion", "keep"]
    assert [e["id"] for e in tree.all("section") if e.get("id")] == regions
    assert [a["href"] for a in tree.one("nav", class_="contents").all("a")] == [
        "#short-answer",
        "#discussion",
        "#keep",
    ]
    assert tree.all(class_="survey") == []
    assert [div.text for div in tree.one("dl", class_="byline").all("div")][-1] == (
        "Last verified not yet"
    )
    assert "No comments yet." in tree.by_id("discussion").text


def test_an_article_in_arabic_says_its_language_and_direction(client: Client) -> None:
    make_article(document=Document(title="جسور الحجر", language="ar", short_answer="جسر"))

    tree = page(client, "/articles/جسور-الحجر/")

    article = tree.one("article")
    assert (article["lang"], article["dir"]) == ("ar", "rtl")
    assert (tree.one("html")["lang"], tree.one("html")["dir"]) == ("en", "ltr")
    listed = page(client, "/articles/").one("ul", class_="entries").one("li")
    for words in (listed.one("h3"), listed.all("p")[0]):
        assert (words["lang"], words["dir"]) == ("ar", "rtl")
    # Its columns stay in the order of the list.
    assert (listed.get("lang"), listed.get("dir")) == (None, None)


def test_an_article_in_the_language_of_the_site_needs_no_other(client: Client) -> None:
    make_article()

    article = page(client).one("article")

    assert (article.get("lang"), article["dir"]) == (None, "ltr")


def test_hostile_texts_are_shown_as_they_were_typed(client: Client) -> None:
    evil = "<script>alert(1)</script>\"'&"
    make_article(
        document=make_document(
            title=evil,
            short_answer=evil,
            category=evil,
            tags=(evil,),
            author=evil,
            infobox=(InfoboxRow(label=evil, value=evil),),
            sections=(Section(heading=evil, body=evil), Section(heading=evil, level=3, body=evil)),
            facts=(Fact(label=evil, statement=evil), Fact(statement=evil)),
            timeline=(Milestone(date="1900", title=evil, body=evil, tracks=(evil,)),),
            related_terms=(RelatedTerm(term=evil, definition=evil),),
            questions=(Question(question=evil, answer=evil),),
            references=(
                Reference(
                    key="x",
                    title=evil,
                    authors=(evil,),
                    container=evil,
                    volume=evil,
                    issue=evil,
                    pages=evil,
                    publisher=evil,
                ),
            ),
        )
    )

    tree = page(client)

    assert scripts(tree) == []
    assert tree.one("h1").text == evil
    assert tree.by_id("references").one("li").all("p")[0].text.count("<script>") == 7
    client.force_login(make_editor())
    assert scripts(page(client)) == []


def scripts(tree: Element) -> list[Element]:
    """The scripts of a page that are not files of the site's own; data for programs is none."""
    scripts = [s for s in tree.all("script") if s.get("type") != "application/ld+json"]
    return [script for script in scripts if script.text or "/static/" not in script["src"]]


def test_links_to_terms_lead_to_terms_and_live_articles_and_else_are_words(client: Client) -> None:
    about = make_article(title="Keystone", slug="keystone")
    make_article(title="Secret plan", slug="secret-plan", publish=False)
    Term.objects.create(name="Voussoir", article=about)
    make_article(
        sections=(
            Section(
                heading="X",
                body="[[Thrust|push]], [[keystone]], [[VOUSSOIR]], [[Secret plan]], [[Nothing]], "
                "[[Stone bridges]].",
            ),
        )
    )

    prose = page(client).one("section", data_part="section")

    assert [(a.text, a["href"]) for a in prose.all("a", class_="term")] == [
        ("push", "/terms/thrust/"),
        ("keystone", "/articles/keystone/"),
        ("VOUSSOIR", "/articles/keystone/"),
    ]
    assert prose.all("p")[0].text == (
        "push, keystone, VOUSSOIR, Secret plan, Nothing, Stone bridges."
    )


def test_the_user_name_of_an_author_is_never_shown(client: Client) -> None:
    person = User.objects.create(username="secret-login", slug="an-author")
    make_article(author_id=person.pk)

    assert "secret-login" not in client.get(ADDRESS).content.decode()
    assert "By" not in [dt.text for dt in page(client).one("dl", class_="byline").all("dt")]
    assert client.get("/authors/an-author/").status_code == 404
    assert "secret-login" not in client.get("/articles/stone-bridges.json").content.decode()


def test_editors_get_a_link_to_the_form_and_a_note_on_drafts(client: Client) -> None:
    article = make_article(publish=False)
    client.force_login(make_editor())

    tree = page(client)

    assert tree.one(class_="editor-links").one("a")["href"] == (
        f"/admin/articles/article/{article.pk}/change/"
    )
    assert tree.one(class_="draft-note").text == "Draft. Only editors see this page."
    assert tree.one("meta", name="robots")["content"] == "noindex"


# Addresses ----------------------------------------------------------------------------------------


def test_the_twins_for_machines_are_the_stored_document(client: Client) -> None:
    article = make_article()
    document = store.load(article)

    as_json = client.get("/articles/stone-bridges.json")
    as_markdown = client.get("/articles/stone-bridges.md")

    assert document == make_document()
    assert json_file.parse(as_json.content.decode()) == document
    assert markdown_file.parse(as_markdown.content.decode()) == document
    assert as_json["Content-Type"] == "application/json"
    assert as_markdown["Content-Type"] == "text/markdown; charset=utf-8"
    for response in (as_json, as_markdown):
        assert response["Link"] == (
            '<http://127.0.0.1:8000/articles/stone-bridges/>; rel="canonical"'
        )


def test_the_page_names_its_canonical_address_and_its_twins(client: Client) -> None:
    make_article(title="Brücken", slug="brücken")

    tree = page(client, "/articles/brücken/?utm_source=x")

    address = "/articles/br%C3%BCcken"
    assert tree.one("link", rel="canonical")["href"] == f"http://127.0.0.1:8000{address}/"
    twins = {"application/json": f"{address}.json", "text/markdown": f"{address}.md"}
    links = tree.all("link", rel="alternate")
    assert {
        link["type"]: link["href"] for link in links if link["type"] != "application/atom+xml"
    } == twins


@pytest.mark.parametrize("ending", ["/", ".json", ".md"])
def test_an_old_slug_leads_to_the_new_one_for_good_with_its_query(
    client: Client, ending: str
) -> None:
    article = make_article()
    store.rename(article, "arches")
    store.rename(article, "brücken")

    for old in ("stone-bridges", "arches"):
        response = client.get(f"/articles/{old}{ending}?at=milestone-anji&x=%C3%BC")
        assert response.status_code == 301
        assert response["Location"] == f"/articles/br%C3%BCcken{ending}?at=milestone-anji&x=%C3%BC"


@pytest.mark.parametrize("ending", ["/", ".json", ".md"])
def test_what_is_not_there_is_not_found(client: Client, ending: str) -> None:
    response = client.get(f"/articles/nothing-of-the-kind{ending}")

    assert response.status_code == 404
    assert parse(response.content).one("h1").text == "There is nothing at this address"


@pytest.mark.parametrize("ending", ["/", ".json", ".md"])
def test_only_what_reads_is_allowed(client: Client, ending: str) -> None:
    make_article()
    address = f"/articles/stone-bridges{ending}"

    head = client.head(address)

    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == client.get(address)["Content-Type"]
    for method in (client.post, client.put, client.patch, client.delete):
        response: Any = method(address)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_the_name_of_the_site_stands_on_every_page(client: Client) -> None:
    SiteSettings(pk=1, name="Bridgebook").save()
    make_article()

    for address in (ADDRESS, "/", "/articles/", "/terms/", "/nothing/"):
        wordmark = parse(client.get(address).content).one("a", class_="wordmark")
        assert wordmark.text == "Bridgebook"


def test_a_changed_article_shows_its_new_text_at_once(client: Client) -> None:
    make_article()
    fact = replace(make_document().facts[1], statement="Lime was used [@heyman1995].")

    store.save(make_document(facts=(fact,)))

    item = page(client).by_id("fact-mortar")
    assert item.all("p")[0].text == "Lime was used."
    assert item.one(class_="mark").text == "Sourced"
    assert Article.objects.count() == 1
