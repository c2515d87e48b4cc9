"""A search finds, counts and suggests nothing that readers may not see."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import publishing, store
from articles.models import Article, Category, Term
from tests.articles.bridges import make_article, make_document, make_editor
from tests.search.site import bare, fact, find, titles

pytestmark = pytest.mark.django_db

# A word that stands in hidden texts only, and one letter away from what a reader types.
WORD = "xylophonist"
TYPO = "xylophonisd"


def hidden(**changes: Any) -> Article:
    values = {
        "title": f"About the {WORD}",
        "short_answer": f"A {WORD} plays.",
        "category": f"{WORD} category",
        "facts": (fact(f"{WORD} fact", "x"),),
        "publish": False,
    } | changes
    article: Article = make_article(**values)
    return article


@pytest.fixture(autouse=True, scope="module")
def everything_hidden(module_rows: None) -> None:
    """A draft, a withdrawn article, a scheduled one, a working copy, and terms of theirs."""
    hidden()
    withdrawn = hidden(title=f"{WORD} withdrawn", publish=True)
    publishing.withdraw(article=withdrawn)
    later = timezone.now() + datetime.timedelta(days=2)
    scheduled = hidden(title=f"{WORD} scheduled")
    publishing.publish(article=scheduled, at=later)
    live = bare("Music", "It is played.")
    copy = publishing.start_working_copy(article=live, author=None)
    store.save(make_document(title=f"Music of the {WORD}", slug=live.slug), article=copy)
    term = Term.objects.create(name=f"{WORD} term")
    draft = Article.objects.get(title=f"About the {WORD}")
    draft.relatedterms.create(term=term, anchor="related-term-x", position=9)


ADDRESSES = [
    f"/search/?q={WORD}",
    f"/search/?q={WORD}&kind=fact",
    f"/search/?q={WORD}&kind=term",
    "/search/?q=xylo",
    f"/search/?q={TYPO}",
    f"/search/?q=played+{WORD}",
    f"/search/?q=played&category={WORD}-category",
    "/search/?q=about+the&language=en",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("as_editor", [False, True], ids=["reader", "editor"])
def test_nothing_hidden_is_told(client: Client, address: str, as_editor: bool) -> None:
    if as_editor:
        client.force_login(make_editor())
    # What was typed stands in the field and in the sentence.
    typed = next((word for word in (WORD, TYPO) if word in address), "")

    for headers in ({}, {"hx-request": "true"}):
        body = client.get(address, headers=headers).content.decode()
        for secret in (WORD, "About the", "withdrawn", "scheduled", "plays", "fact-xylo"):
            assert secret not in (body.replace(typed, "") if typed else body)


def test_nothing_hidden_is_counted() -> None:
    for typed in (WORD, "xylo", f"{WORD} fact"):
        found = find(typed)
        assert (found.ranked, found.total.number, found.unfiltered) == ([], 0, False)
        assert not any(found.counts.kinds.values())
        assert not found.counts.categories


def test_nothing_hidden_is_counted_where_there_is_too_much_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("articles.search.finding.MOST", 2)
    for number in range(4):
        bare(f"Played {number}", "They plays.")
    found = find("plays")

    assert found.total.is_more
    assert {row.title_words.split()[0] for row in found.ranked} == {"played"}
    assert found.counts.kinds["fact"].number == 0
    assert not found.counts.categories


def test_a_word_of_a_draft_is_never_suggested(client: Client) -> None:
    body = client.get(f"/search/?q={TYPO}").content.decode()
    assert "Did you mean" not in body
    assert WORD not in body

    publishing.publish(article=Article.objects.get(title=f"About the {WORD}"))
    assert WORD in client.get(f"/search/?q={TYPO}").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        f"/{WORD}/",
        f"/articles/{WORD}/",
        f"/articles/about-the-{TYPO}/",
        f"/articles/about-the-{WORD}/",
        f"/{WORD}-term/",
    ],
)
def test_an_address_without_a_page_suggests_nothing_hidden(client: Client, path: str) -> None:
    body = client.get(path).content.decode()
    assert "You may have looked for" not in body
    assert f"About the {WORD}" not in body


def test_a_scheduled_article_is_found_from_its_time_on() -> None:
    # The moment is asked anew each time, though the statement is written once.
    assert titles(WORD) == []
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        assert f"{WORD} scheduled" in titles(WORD)
    assert titles(WORD) == []


def test_a_withdrawn_article_is_found_no_more_and_a_published_one_at_once() -> None:
    article = bare("Bridges", "Granite.")
    publishing.withdraw(article=article)
    assert titles("granite") == []
    publishing.publish(article=article)
    assert titles("granite") == ["Bridges"]


def test_the_name_of_a_category_without_live_articles_stays_unknown(client: Client) -> None:
    bare("Bridges", "Granite.")
    Category.objects.create(name="Secret plans", slug="secret-plans")

    body = client.get("/search/?q=granite&category=secret-plans").content.decode()

    assert "Secret" not in body
    assert 'href="/articles/bridges/"' in body
