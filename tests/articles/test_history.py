"""The history that readers see: its list, a revision as it read then, and differences."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing, store
from articles.models import Article, SiteSettings, User
from articles.views import history as views
from tests.articles.bridges import make_article, make_document, make_editor, make_long_document
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

HISTORY = "/articles/stone-bridges/history/"
FIRST = (
    "First version: 2 infobox rows, 2 sections, 2 facts, 3 milestones, 1 related term, "
    "1 question, 3 references."
)
OLDEST = "One bridge near Izmir has stood for 2,800 years [@huerta2001, p. 3]."


def revise(article: Article, by: User | None = None, summary: str = "", **changes: Any) -> None:
    """One more revision with these fields of the document."""
    article = Article.objects.get(pk=article.pk)
    document = replace(store.load(article), **changes)
    store.save(document, article=article, author=by, kind="edit", summary=summary)


@pytest.fixture
def article() -> Article:
    """An article of three revisions."""
    found = make_article()
    first, second = make_document().facts
    nora = User.objects.create_user("nora", public_name="Nora Pont")
    changed = replace(first, statement=OLDEST.replace("2,800", "2,850"))
    revise(found, nora, "Counted again", facts=(changed, second))
    revise(found, title="Bridges of stone", facts=(changed,))
    return found


def page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200, address
    return parse(response.content)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# The list -----------------------------------------------------------------------------------------


def test_the_list_says_what_each_revision_changed_and_who_did(
    client: Client, article: Article
) -> None:
    entries = page(client, HISTORY).one("ol", class_="revisions").all("li")
    entries = [entry for entry in entries if entry.all("h3")]

    assert [entry.one("h3").one("a")["href"] for entry in entries] == [
        f"{HISTORY}3/", f"{HISTORY}2/", f"{HISTORY}1/",
    ]  # fmt: skip
    sentences = [[li.text for li in entry.all("li")] for entry in entries]
    assert sentences == [
        ["Title changed from “Stone bridges” to “Bridges of stone”.", "Fact “Mortar” removed."],
        ["Fact “Oldest in use”: statement changed from “2,800” to “2,850”."],
        [FIRST],
    ]
    about = [entry.one("p", class_="revision-about") for entry in entries[2:]]
    assert [p.text for p in about] == ["Revision 1 · Imported"]
    second = entries[1]
    assert second.all("p", class_="revision-about")[0].text == "Revision 2 · Edited · Nora Pont"
    assert second.one("p", class_="revision-summary").text == "Counted again"
    assert [a["href"] for a in second.all("a")][1:] == [f"{HISTORY}1..2/"]


def test_numbers_that_begin_above_one_say_why(client: Client, article: Article) -> None:
    assert "were made before" not in page(client, HISTORY).text

    for unseen, words in (
        (1, "Revision 1 was made before readers could see the article."),
        (2, "Revisions 1 and 2 were made before readers could see the article."),
    ):
        article.revisions.filter(number=unseen).update(public_from=None)
        assert page(client, HISTORY).one("p", class_="list-note").text == words


def test_user_names_are_not_shown(client: Client, article: Article) -> None:
    revise(article, User.objects.create_user("secret-name"), title="Other")

    about = page(client, HISTORY).all("p", class_="revision-about")[0]
    assert about.text == "Revision 4 · Edited · by an editor"
    assert "secret-name" not in client.get(HISTORY).content.decode()
    assert "secret-name" not in client.get(f"{HISTORY}3..4/").content.decode()
    assert "secret-name" not in client.get(f"{HISTORY}4/").content.decode()


def test_times_are_written_as_html_wants_them(client: Client, article: Article) -> None:
    for address in (HISTORY, f"{HISTORY}1/"):
        moments = [time["datetime"] for time in page(client, address).one("main").all("time")]
        exact = [moment for moment in moments if "T" in moment]
        assert exact
        assert [m for m in exact if not re.fullmatch(r"[-\d]{10}T\d\d:\d\d:\d\d[+-]\d{4}", m)] == []


def test_two_revisions_are_chosen_and_compared(client: Client, article: Article) -> None:
    tree = page(client, HISTORY)
    form = tree.one("form", id="compare")
    assert (form["action"], form["method"]) == (HISTORY, "get")
    fields = tree.all("input", form="compare")
    chosen = [(i["name"], i["value"]) for i in fields if "checked" in i.attributes]
    assert sorted(chosen) == [("new", "3"), ("old", "2")]

    for old, new, there in (
        ("1", "3", "1..3/"),
        ("3", "1", "1..3/"),
        ("2", "2", "2/"),
    ):
        response = client.get(HISTORY, {"old": old, "new": new})
        assert (response.status_code, response["Location"]) == (302, f"{HISTORY}{there}")


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "٣", "1.5", "\0"])
def test_a_choice_that_is_none_shows_the_list(client: Client, article: Article, value: str) -> None:
    assert client.get(HISTORY, {"old": value, "new": "1"}).status_code == 200


def test_pages_of_the_list_follow_each_other(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 2)

    first, second = (page(client, f"{HISTORY}?page={number}") for number in (1, 2))

    texts = [tree.one("ol", class_="revisions").text for tree in (first, second)]
    assert "Revision 3" in texts[0]
    # What the last one on a page changed is found out from the one on the next page.
    assert "statement changed from" in texts[0]
    assert "Revision 1" in texts[1]
    assert "Revision 2" not in texts[1]
    assert first.one("link", rel="canonical")["href"].endswith(HISTORY)
    assert second.one("link", rel="canonical")["href"].endswith(f"{HISTORY}?page=2")


def test_an_article_links_to_its_history(client: Client, article: Article) -> None:
    dates = page(client, "/articles/stone-bridges/").one("dl", class_="byline")

    assert HISTORY in [a["href"] for a in dates.all("a")]


# A revision ---------------------------------------------------------------------------------------


def test_a_revision_reads_as_the_article_did(client: Client, article: Article) -> None:
    before = page(client, f"{HISTORY}1/")

    assert before.one("h1").text == "Stone bridges"
    facts = before.one("section", id="facts").all("li", data_part="fact")
    assert [li["id"] for li in facts] == ["fact-oldest", "fact-mortar"]
    assert "2,800" in facts[0].text
    milestones = before.one("ol", class_="milestones").all("li", data_part="milestone")
    assert [li.one("h3").text for li in milestones] == [
        "Alcántara bridge finished", "Anji bridge opened", "Hooke states the law of the arch",
    ]  # fmt: skip
    assert before.one("dl", class_="terms").all("a", class_="term")[0]["href"] == "/terms/thrust/"
    assert len(before.one("ol", class_="references").all("li", data_part="reference")) == 3
    note = before.one("section", class_="past-note")
    assert note.one("b").text == "This is an old revision."
    assert [a["href"] for a in note.all("a")] == [
        "/articles/stone-bridges/", f"{HISTORY}1..3/", HISTORY,
        "/articles/stone-bridges/cite/?revision=1",
    ]  # fmt: skip
    assert before.one("meta", name="robots")["content"] == "noindex"
    assert before.one("link", rel="canonical")["href"].endswith("/articles/stone-bridges/")
    assert before.all("section", id="discussion") == []
    assert not [a for a in before.all("a") if "/discussion/" in (a["href"] or "")]


def test_the_numbers_of_citations_are_those_of_the_article(client: Client) -> None:
    make_article()
    now = page(client, "/articles/stone-bridges/")
    then = page(client, f"{HISTORY}1/")

    for tree in (now, then):
        ids = [li["id"] for li in tree.one("ol", class_="references").all("li")]
        assert ids == ["reference-heyman1995", "reference-huerta2001", "reference-somewhere"]
    for name in ("short-answer", "faq"):
        texts = [tree.one("section", id=name).all("p")[0].text for tree in (now, then)]
        assert texts[0] == texts[1] != ""
    assert now.one("div", class_="survey").text == then.one("div", class_="survey").text


def test_the_newest_revision_says_so(client: Client, article: Article) -> None:
    note = page(client, f"{HISTORY}3/").one("section", class_="past-note")

    assert "It is the newest one" in note.text
    assert [a["href"] for a in note.all("a")][:2] == [
        "/articles/stone-bridges/", f"{HISTORY}2..3/",
    ]  # fmt: skip


def test_a_revision_has_the_language_it_had(client: Client, article: Article) -> None:
    revise(article, language="ar", title="جسور")
    revise(article, language="en")

    arabic = page(client, f"{HISTORY}4/").one("article")
    assert (arabic.get("lang"), arabic["dir"]) == ("ar", "rtl")
    english = page(client, f"{HISTORY}5/").one("article")
    assert (english.get("lang"), english["dir"]) == (None, "ltr")
    field = page(client, f"{HISTORY}3..4/").one("section", id="head").all("dd")[0]
    assert (field["lang"], field["dir"]) == ("ar", "rtl")


def test_standings_are_those_of_the_day(client: Client, article: Article) -> None:
    Article.objects.update(published_at="2020-01-01T00:00Z")
    article.revisions.update(public_from="2031-01-01T00:00Z")
    assert client.get(f"{HISTORY}1/").status_code == 404
    article.revisions.update(public_from="2026-03-02T00:00Z")

    facts = page(client, f"{HISTORY}1/").one("section", id="facts").all("li", data_part="fact")

    assert "Sourced" in facts[0].one("div", class_="evidence").text


@pytest.mark.parametrize("address", [HISTORY, f"{HISTORY}1/", f"{HISTORY}1..3/"])
def test_who_has_a_page_already_gets_304(client: Client, article: Article, address: str) -> None:
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    revise(article, title="Changed again")
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


# Differences --------------------------------------------------------------------------------------


def test_differences_are_shown_by_part_in_words(client: Client, article: Article) -> None:
    tree = page(client, f"{HISTORY}1..3/")

    changes = tree.all("section", class_="change")
    assert [(change["id"], change.one("h3").text) for change in changes] == [
        ("head", "The article"),
        ("fact-oldest", "Fact “Oldest in use” #"),
        ("fact-mortar", "Fact “Mortar” #"),
    ]
    oldest, mortar = changes[1:]
    assert oldest.one("del").text == "[removed: 2,800]"
    assert oldest.one("ins").text == "[added: 2,850]"
    assert mortar.one("p", class_="change-what").text == "Removed"
    assert [li.text for li in tree.one("ul", class_="change-list").all("li")] == [
        "Title changed from “Stone bridges” to “Bridges of stone”.",
        "Fact “Mortar” removed.",
        "Fact “Oldest in use”: statement changed from “2,800” to “2,850”.",
    ]


def test_what_is_hostile_in_a_text_is_shown_as_it_was_typed(client: Client) -> None:
    hostile = "<script>alert(1)</script> & <b>"
    article = make_article(title=hostile, slug="stone-bridges")
    revise(article, title=f"{hostile} more", short_answer=hostile)

    for address in (HISTORY, f"{HISTORY}1..2/", f"{HISTORY}1/"):
        body = client.get(address).content.decode()
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body


def test_long_passages_that_stayed_are_left_out(client: Client, article: Article) -> None:
    section, other = make_document().sections
    long = "\n\n".join(f"Paragraph {n} says what it says." for n in range(200))
    revise(article, sections=(replace(section, body=f"{long}\n\nOne end."), other))
    revise(article, sections=(replace(section, body=f"{long}\n\nOther end."), other))

    change = page(client, f"{HISTORY}4..5/").one("section", id="section-overview")

    assert "Paragraph 199" in change.text
    assert "Paragraph 100" not in change.text
    assert "unchanged text left out" in change.text


def test_an_unbounded_number_of_parts_is_not_shown(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_PARTS", 1)

    tree = page(client, f"{HISTORY}1..3/")

    assert [change["id"] for change in tree.all("section", class_="change")] == [
        "head", "fact-oldest",
    ]  # fmt: skip
    assert "One more part differs." in tree.one("div", class_="changes").text


def test_the_newer_one_first_leads_to_the_older_one_first(client: Client, article: Article) -> None:
    assert client.get(f"{HISTORY}3..1/")["Location"] == f"{HISTORY}1..3/"
    assert client.get(f"{HISTORY}2..2/")["Location"] == f"{HISTORY}2/"


@pytest.mark.parametrize(
    "end",
    ["0/", "4/", "1..4/", "0..1/", "x/", "-1/", f"{9**40}/", f"1..{9**40}/", f"{'9' * 5000}/"],
)
def test_numbers_of_no_revision_are_not_found(client: Client, article: Article, end: str) -> None:
    assert client.get(f"{HISTORY}{end}").status_code == 404


# Who sees what ------------------------------------------------------------------------------------


def test_no_page_shows_a_word_that_was_never_public(client: Client) -> None:
    article = make_article(title="Draft secret", slug="stone-bridges", publish=False)
    revise(article, title="Public one", summary="Took the secret out")
    publishing.publish(article=article)
    publishing.withdraw(article=article)
    revise(article, title="Withdrawn secret")
    revise(article, title="Public two", summary="Took another secret out")
    publishing.publish(article=article)
    copy = publishing.start_working_copy(article=Article.objects.get(pk=article.pk), author=None)
    revise(copy, title="Copied secret")

    body = client.get(HISTORY).content.decode()
    assert "secret" not in body
    assert "2 revisions" in body
    for end, status in {"1/": 404, "2/": 200, "3/": 404, "4/": 200, "5/": 404}.items():
        response = client.get(f"{HISTORY}{end}")
        assert (end, response.status_code) == (end, status)
        assert b"secret" not in response.content
    assert b"secret" not in client.get(f"{HISTORY}2..4/").content
    for end in ("1..2/", "2..3/", "3..4/"):
        assert client.get(f"{HISTORY}{end}").status_code == 404


@pytest.mark.parametrize("end", ["", "1/", "1..3/"])
def test_the_history_goes_and_comes_with_its_article(
    client: Client, article: Article, end: str
) -> None:
    Article.objects.update(status=Article.Status.WITHDRAWN)
    assert client.get(f"{HISTORY}{end}").status_code == 410
    client.force_login(make_editor())
    assert client.get(f"{HISTORY}{end}").status_code == 410


@pytest.mark.parametrize("end", ["", "1/", "1..3/", "?page=2"])
def test_an_old_slug_leads_to_the_new_one(client: Client, article: Article, end: str) -> None:
    publishing.rename(article=article, slug="bridges")

    response = client.get(f"{HISTORY}{end}")

    assert (response.status_code, response["Location"]) == (301, f"/articles/bridges/history/{end}")


# Cost ---------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(client: Client, article: Article) -> None:
    long = make_article(document=make_long_document(parts=40, milestones=120, slug="long"))
    for number in range(12):
        revise(long, title=f"Title {number}")

    # The article, how many, a page of them, site settings.
    assert queries(client, HISTORY) == queries(client, "/articles/long/history/") == 4
    # The article, the revision, the one before, the newest, site settings, two for links.
    assert queries(client, f"{HISTORY}2/") == queries(client, "/articles/long/history/9/") == 7
    # The article, both revisions, site settings.
    assert (
        queries(client, f"{HISTORY}1..3/") == queries(client, "/articles/long/history/1..9/") == 3
    )


def test_a_revision_is_sent_anew_when_what_stands_around_it_changed(client: Client) -> None:
    make_article()
    address = "/articles/stone-bridges/history/1/"
    first = client.get(address)
    later = "Fri, 31 Dec 2100 23:59:59 GMT"
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304

    SiteSettings.objects.update_or_create(pk=SiteSettings.current().pk, defaults={"name": "Ponts"})

    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": later}):
        assert client.get(address, headers=headers).status_code == 200
