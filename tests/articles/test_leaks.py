"""What is not live reaches no reader by any way."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing, store
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
from articles.models import Article, Term, User
from articles.search.suggestions import words_of
from tests.articles.addresses import addresses, make_site
from tests.articles.bridges import make_article, make_document, make_editor
from tests.html import parse

pytestmark = pytest.mark.django_db

# Every word of a hidden article begins like this.
WORD = "zyxw"
HIDDEN = ["draft", "scheduled", "withdrawn", "copy"]


def secret(kind: str) -> Document:
    """An article whose every text and name has a word that nothing else has."""
    word = f"{WORD}{kind}"
    return Document(
        title=f"{word} title",
        slug=f"{word}-slug",
        short_answer=f"{word} answer with [[Thrust]] and [[{word} term]] [@{word}-key].",
        category=f"{word} category",
        tags=(f"{word} tag", "Masonry"),
        author=f"{word} author",
        infobox=(InfoboxRow(label=f"{word} label", value=f"{word} value"),),
        sections=(Section(heading=f"{word} heading", body=f"{word} body, on [[Stone bridges]]"),),
        facts=(Fact(label=f"{word} label", statement=f"{word} statement"),),
        timeline=(Milestone(date="1900", title=f"{word} event", tracks=(f"{word} track",)),),
        related_terms=(
            RelatedTerm(term="Thrust"),
            RelatedTerm(term=f"{word} term", definition=f"{word} definition"),
        ),
        questions=(Question(question=f"{word} question", answer=f"{word} answer"),),
        references=(Reference(key=f"{word}-key", url=f"https://{word}.example/"),),
    )


def hidden_addresses(kind: str) -> list[str]:
    word = f"{WORD}{kind}"
    return [
        f"/articles/{word}-slug/",
        f"/articles/{word}-slug.json",
        f"/articles/{word}-slug.md",
        f"/articles/{word}-old/",
        f"/articles/{word}-old.json",
        f"/categories/{word}-category/",
        f"/tags/{word}-tag/",
        f"/authors/{word}-author/",
        f"/terms/{word}-term/",
    ]


@pytest.fixture(autouse=True, scope="module")
def site(module_rows: None) -> None:
    """One live article that names all hidden ones, and one hidden article of each kind."""
    links = " ".join(f"[[{WORD}{kind} title|…]]" for kind in HIDDEN)
    live = make_site(
        document=replace(make_document(), sections=(Section(heading="Links", body=f"See {links}"),))
    )
    soon = timezone.now() + datetime.timedelta(hours=1)
    before = timezone.now() - datetime.timedelta(hours=1)
    for kind in HIDDEN:
        article = store.save(replace(secret(kind), slug=f"{WORD}{kind}-old")).article
        assert article is not None
        store.rename(article, f"{WORD}{kind}-slug")
        changes = {
            "draft": {},
            "scheduled": {"status": "published", "published_at": soon},
            "withdrawn": {"status": "withdrawn", "published_at": before},
            "copy": {"copy_of": live},
        }[kind]
        Article.objects.filter(pk=article.pk).update(**changes)
        # Readers know this term; that an article about it is being written they do not.
        Term.objects.create(name=f"About {kind}", definition="Known to all.", article=article)


def crawl(client: Client) -> dict[str, str]:
    """Every page that a visitor can reach from the public addresses: address -> body."""
    waiting = [*addresses(), "/articles/?page=2", "/terms/?page=2"]
    pages: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = client.get(address)
        if response.status_code == 301:
            waiting.append(response["Location"])
            continue
        assert response.status_code == 200, address
        if response["Content-Type"].startswith("image/"):
            continue
        pages[address] = body = response.content.decode()
        if response["Content-Type"].startswith("text/html"):
            links = [a["href"].partition("#")[0] for a in parse(body).all("a") if a.get("href")]
            waiting += [
                link
                for link in links
                if link.startswith("/") and not link.startswith(("/admin/", "/accounts/"))
            ]
    return pages


def without_the_authors_own_words(body: str) -> str:
    """The twins for machines hold the text of the live article as it was typed, links included."""
    return re.sub(rf"\[\[{WORD}\w+ title\|…\]\]", "", body)


def test_no_public_page_holds_a_word_of_what_is_hidden(client: Client) -> None:
    pages = crawl(client)

    assert "/articles/stone-bridges/" in pages
    assert "/terms/about-draft/" in pages
    found = {
        address: re.findall(rf".{{20}}{WORD}.{{20}}", without_the_authors_own_words(body))
        for address, body in pages.items()
    }
    assert {address: words for address, words in found.items() if words} == {}


def test_the_page_of_a_live_article_links_to_nothing_hidden(client: Client) -> None:
    section = parse(client.get("/articles/stone-bridges/").content).one(
        "section", data_part="section"
    )

    assert section.all("a", class_="term") == []


def assert_nothing_said(response: Any, address: str) -> None:
    """The answer holds no word of what is hidden, and no cache keeps it."""
    # The field of the search holds the words of the address: what the visitor brought along.
    body = response.content.decode().replace(f'value="{" ".join(words_of(address))}"', "")
    assert WORD not in body
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", HIDDEN)
def test_every_address_of_what_is_hidden_is_not_found(client: Client, kind: str) -> None:
    for address in hidden_addresses(kind):
        response = client.get(address)
        assert (address, response.status_code) == (address, 404)
        assert_nothing_said(response, address)


ENDS = [
    "/", ".md", ".json", "/cite/", "/cite.bib", "/history/", "/history/1/", "/history/1..2/",
    "/links/", "/since/", "/timeline/", "/timeline.csv", "/discussion/", "/discussion/new/",
    "/feed.atom",
]  # fmt: skip


@pytest.mark.parametrize("slug", [f"{WORD}read-slug", f"{WORD}read-old"])
def test_what_readers_read_before_it_was_withdrawn_is_gone_and_nothing_is_said_of_it(
    client: Client, slug: str
) -> None:
    article = store.save(replace(secret("read"), slug=f"{WORD}read-old"), publish=True).article
    assert article is not None
    store.rename(article, f"{WORD}read-slug")
    publishing.withdraw(article=article)

    for address in [f"/articles/{slug}{end}" for end in ENDS]:
        response = client.get(address)
        assert (address, response.status_code) == (address, 410)
        assert_nothing_said(response, address)
    tree = parse(client.get(f"/articles/{slug}/").content)
    assert tree.one("h1").text == "This article was withdrawn"
    assert tree.one("meta", name="robots")["content"] == "noindex"
    assert len(tree.one("main").all("form", role="search")) == 1
    publishing.publish(article=article)
    assert client.get(f"/articles/{WORD}read-slug/").status_code == 200


def test_what_was_withdrawn_before_its_day_came_was_never_there(client: Client) -> None:
    article = make_article(publish=False, title="Too early")
    publishing.publish(article=article, at=timezone.now() + datetime.timedelta(days=1))
    publishing.withdraw(article=article)

    assert client.get("/articles/too-early/").status_code == 404


def test_figures_and_counts_are_those_of_live_articles(client: Client) -> None:
    front = parse(client.get("/").content)

    figures = front.one("dl", class_="figures")
    assert [dd.text for dd in figures.all("dd")] == ["1", "7", "4"]
    subjects, wanted = front.all("ul", class_="register")
    assert [li.text for li in subjects.all("li")] == ["Building 1"]
    assert [li.text for li in wanted.all("li")] == ["Stone bridges 3 of 7 without a source"]
    assert f"{len(make_document().timeline)} dated milestones." in front.text
    for address, title in (("/articles/", "1 article"), ("/tags/masonry/", "1 article")):
        tree = parse(client.get(address).content).one("main")
        assert tree.all("h2")[0].text == title
        assert [a["href"] for a in tree.one("ul", class_="entries").all("a")] == [
            "/articles/stone-bridges/"
        ]
    used = parse(client.get("/terms/thrust/").content).one("section", aria_labelledby="used-in")
    assert [h3.text for h3 in used.all("h3")] == ["Stone bridges"]


def test_a_term_leads_to_its_article_only_while_that_is_live(client: Client) -> None:
    Term.objects.create(name="Arch", definition="A curve.", article=Article.objects.live().get())

    glossary = parse(client.get("/terms/").content)

    terms = {a.text: a["href"] for a in glossary.all("a", class_="term")}
    assert terms["About draft"] == "/terms/about-draft/"
    about = parse(client.get("/terms/about-draft/").content)
    assert about.all("p", class_="more") == []
    assert parse(client.get("/terms/arch/").content).one("p", class_="more").text == (
        "Read the article “Stone bridges”"
    )


def test_a_term_is_public_as_soon_as_a_live_article_names_or_links_to_it(client: Client) -> None:
    related = (RelatedTerm(term=f"{WORD}draft term"),)
    make_article(title="Names it", related_terms=related)
    make_article(title="Links", short_answer=f"See [[{WORD}copy term]].")

    for kind in ("draft", "copy"):
        body = client.get(f"/terms/{WORD}{kind}-term/").content.decode()
        assert f"{WORD}{kind} definition" in body
        assert f"{WORD}{kind} title" not in body
        assert f"{WORD}{kind} definition" in client.get("/terms/").content.decode()


def test_a_category_tag_author_and_term_appear_when_their_article_does(client: Client) -> None:
    article = Article.objects.get(slug=f"{WORD}draft-slug")
    store.save(store.load(article), article=article, publish=True)

    for address in hidden_addresses("draft"):
        assert client.get(address).status_code in {200, 301}, address
    assert f"{WORD}draft definition" in client.get("/terms/").content.decode()


def test_a_scheduled_article_is_there_when_its_time_has_come(client: Client) -> None:
    articles = Article.objects.filter(slug=f"{WORD}scheduled-slug")
    assert client.get(f"/articles/{WORD}scheduled-slug/").status_code == 404

    articles.update(published_at=timezone.now())

    assert client.get(f"/articles/{WORD}scheduled-slug/").status_code == 200


# Who is looking -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("draft", "Draft. Only editors see this page."),
        ("scheduled", "Scheduled for "),
        ("withdrawn", "Withdrawn. Only editors see this page."),
    ],
)
def test_an_editor_sees_what_is_hidden_and_is_told_so(client: Client, kind: str, note: str) -> None:
    client.force_login(make_editor())

    for address in hidden_addresses(kind):
        response = client.get(address)
        if response.status_code == 301:
            assert response["Location"].startswith(f"/articles/{WORD}{kind}-slug")
        else:
            assert (address, response.status_code) == (address, 200)
        assert response["Cache-Control"] == "private, no-store"
    tree = parse(client.get(f"/articles/{WORD}{kind}-slug/").content)
    assert tree.one("p", class_="draft-note").text.startswith(note)


def test_a_working_copy_has_no_public_address_even_for_editors(client: Client) -> None:
    client.force_login(make_editor())

    for ending in ("/", ".json", ".md"):
        assert client.get(f"/articles/{WORD}copy-slug{ending}").status_code == 404


@pytest.mark.parametrize("staff", [False, True], ids=["no staff", "staff without permission"])
@pytest.mark.parametrize("kind", HIDDEN)
def test_nobody_else_who_is_signed_in_sees_it(client: Client, kind: str, staff: bool) -> None:
    person = User.objects.create_user("somebody", is_staff=staff)
    client.force_login(person)

    for address in hidden_addresses(kind):
        assert (address, client.get(address).status_code) == (address, 404)
    assert WORD not in client.get("/").content.decode()


def test_a_permission_without_staff_shows_nothing(client: Client) -> None:
    client.force_login(make_editor(is_staff=False))

    assert client.get(f"/articles/{WORD}draft-slug/").status_code == 404


def test_somebody_whose_account_was_closed_sees_nothing(client: Client) -> None:
    editor = make_editor()
    client.force_login(editor)
    editor.is_active = False
    editor.save()

    assert client.get(f"/articles/{WORD}draft-slug/").status_code == 404


def test_lists_are_the_same_for_editors(client: Client) -> None:
    client.force_login(make_editor())

    for address in ("/", "/articles/", "/terms/", "/tags/masonry/", "/categories/building/"):
        assert WORD not in client.get(address).content.decode()
