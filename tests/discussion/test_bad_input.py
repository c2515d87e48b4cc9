"""Whatever a form brings: a clear message, 4xx, and nothing typed lost."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from articles.discussion.models import Comment
from articles.models import Article, SiteSettings
from tests.articles.bridges import make_article
from tests.discussion.talk import (
    HTMX,
    MINUTE,
    fields,
    only_comment,
    open_form,
    problems,
    send,
)
from tests.factories import make_comment
from tests.html import parse

ADDRESS = "/articles/stone-bridges/discussion/new/"
TEXT = 'My text, with <b>markup</b> & "quotes".\n\n> and lines'


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def refused(response: Any, *sentences: str, status: int = 422) -> dict[str, str]:
    """Assert that the form came back with these sentences; return its fields."""
    assert (response.status_code, problems(response)) == (status, list(sentences))
    summary = parse(response.content).one("div", class_="problems")
    assert (summary["tabindex"], "autofocus" in summary.attributes) == ("-1", True)
    return fields(parse(response.content))


@pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
def test_errors_come_back_with_the_text_tied_to_their_fields(
    client: Client, article: Article, headers: Any
) -> None:
    response = send(
        client, article, body=TEXT, name=" \u200b ", email="no address", headers=headers
    )

    data = refused(
        response,
        "Give a name that others can call you by.",
        "Leave it empty, or give a whole e-mail address.",
    )
    assert (data["body"], data["email"]) == (TEXT, "no address")
    form = parse(response.content).one("form", class_="comment-form")
    links = [a["href"] for a in form.one("div", class_="problems").all("a")]
    assert links == [f"#{form.one('input', name=name)['id']}" for name in ("name", "email")]
    for name in ("name", "email"):
        field = form.one("input", name=name)
        assert field["aria-invalid"] == "true"
        described = [form.by_id(id).text for id in field["aria-describedby"].split()]
        assert described[-1] in problems(response)
    assert ("<!doctype" in response.content.decode()) is (headers is None)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "  \n ", "\u200b\u2060", "&#8203;", "\u3164", "> ", "```\n```", "\x00\x1b"]
)
def test_a_comment_of_which_nothing_can_be_seen_is_refused(
    client: Client, article: Article, body: str
) -> None:
    refused(send(client, article, body=body), "Write your comment.")


def test_a_comment_of_100_kb_comes_back_whole(client: Client, article: Article) -> None:
    body = "wörter " * 14_000

    data = refused(
        send(client, article, body=body),
        f"Shorten your comment by {len(body) - 5000:d} characters; it may have 5000.",
    )

    assert data["body"] == body


def test_a_request_beyond_all_measure_is_not_read(client: Client, article: Article) -> None:
    data = open_form(client, article) | {"name": "Ana"}

    response = send(client, article, data, body="x" * 1_000_001)
    in_place = send(client, article, data, body="x" * 1_000_001, headers=HTMX)

    assert response.status_code == 413
    assert parse(response.content).one("h1").text == "Too much for a comment"
    # HTMX puts the sentence into the form, which stays with its text.
    assert (in_place.status_code, in_place["HX-Retarget"], in_place["HX-Reswap"]) == (
        422, "find .problems-slot", "innerHTML",
    )  # fmt: skip
    assert parse(in_place.content).one("div", class_="problems").text == (
        "This is far too much for a comment. Shorten it and send it again."
    )


def test_a_name_may_have_80_characters(client: Client, article: Article) -> None:
    data = refused(
        send(client, article, name="n" * 81, body=TEXT), "Take a name of at most 80 characters."
    )
    assert data["name"] == "n" * 81

    send(client, article, name="n" * 80)
    assert only_comment().name == "n" * 80


# Time ---------------------------------------------------------------------------------------------


def test_a_form_that_comes_too_quickly_is_asked_for_again_and_then_taken(
    client: Client, article: Article
) -> None:
    data = open_form(client, article) | {"name": "Ana", "body": TEXT}

    again = refused(
        send(client, article, data, after=datetime.timedelta(seconds=1)),
        "That was very quick. Please read your comment once more and send it again.",
    )
    token = {"csrfmiddlewaretoken": data["csrfmiddlewaretoken"]}
    assert again | token == data
    assert send(client, article, again).status_code == 302


@pytest.mark.parametrize("hours", [24.1, 24 * 400], ids=["a day", "a year"])
def test_a_form_that_was_open_for_too_long_comes_back_fresh(
    client: Client, article: Article, hours: float
) -> None:
    data = open_form(client, article) | {"name": "Ana", "body": TEXT}
    later = datetime.timedelta(hours=hours)

    again = refused(
        send(client, article, data, after=later),
        "This form was open for too long. Your text is still here: please send it again.",
    )

    assert again["body"] == TEXT
    assert again["submission"] != data["submission"]
    assert send(client, article, again, after=later + MINUTE).status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"opened": ""},
        {"opened": "nonsense"},
        {"opened": "a:b:c"},
        {"opened": "\u00e9:\x00"},
        {"opened": "x" * 5000},
        {"submission": ""},
        {"submission": "nonsense"},
        {"submission": "5c0e9a62-5a3b-4ed5-8b63-2f1a5a1e1c11"},
    ],
    ids=str,
)
def test_a_form_that_this_site_did_not_make_comes_back_fresh(
    client: Client, article: Article, change: dict[str, str]
) -> None:
    data = open_form(client, article) | {"name": "Ana", "body": TEXT}

    again = refused(
        send(client, article, data | change),
        "This form was open for too long. Your text is still here: please send it again.",
    )

    assert again["body"] == TEXT
    assert send(client, article, again, after=2 * MINUTE).status_code == 302


def test_a_form_of_another_article_is_none_of_this_one(client: Client, article: Article) -> None:
    other = open_form(client, make_article(title="Other", slug="other"))

    refused(
        send(client, article, other | {"name": "Ana", "body": TEXT}),
        "This form was open for too long. Your text is still here: please send it again.",
    )


# Parents and parts --------------------------------------------------------------------------------

GONE = "The comment that you answer was removed. Send yours again to begin a new thread with it."


@pytest.mark.parametrize("status", ["held", "rejected", "spam", "deleted"])
def test_a_parent_that_cannot_be_read_cannot_be_answered(
    client: Client, article: Article, status: str
) -> None:
    first = make_comment(article)
    data = open_form(client, article, parent=first.pk) | {"name": "Ana", "body": TEXT}
    values = {"status": status} | (
        {"name": "", "body": "", "html": ""} if status == "deleted" else {}
    )
    Comment.objects.update(**values)

    again = refused(send(client, article, data), GONE)

    assert (again["parent"], again["body"]) == ("", TEXT)
    assert send(client, article, again).status_code == 302
    assert Comment.objects.get(body=TEXT).parent is None


@pytest.mark.parametrize(
    "key", ["0", "-1", "abc", "9" * 19, "9" * 20, "²", "٣", "1.5", "1 OR 1", "\x001"]
)
def test_a_parent_that_is_none_is_refused(client: Client, article: Article, key: str) -> None:
    response = send(client, article, parent=key, body=TEXT)

    assert response.status_code == 422
    assert fields(parse(response.content))["body"] == TEXT


def test_a_comment_on_another_article_cannot_be_answered_here(
    client: Client, article: Article
) -> None:
    other = make_comment(make_article(title="Other", slug="other"))

    refused(send(client, article, parent=str(other.pk), body=TEXT), GONE)


@pytest.mark.parametrize(
    "anchor", ["fact-none", "milestone-none", "short-answer", "x" * 299, "<script>", "milestone-"]
)
def test_a_part_that_the_article_has_not_is_refused_and_offered_again(
    client: Client, article: Article, anchor: str
) -> None:
    response = send(client, article, about=anchor, body=TEXT)

    again = refused(
        response, "The article has no such part any more. Choose what your comment is about."
    )
    assert (again["about"], again["body"]) == ("", TEXT)
    assert "fact-oldest" in {option["value"] for option in parse(response.content).all("option")}


def test_an_address_that_names_what_is_gone_says_so_before_anything_is_typed(
    client: Client, article: Article
) -> None:
    for query, note in (
        ("parent=9999", GONE),
        (
            "about=fact-none",
            "The article has no such part any more. Choose what your comment is about.",
        ),
    ):
        response = client.get(f"{ADDRESS}?{query}")
        tree = parse(response.content)
        assert (response.status_code, tree.one("p", class_="notice").text) == (200, note)
        assert not fields(tree)["about"]


@pytest.mark.parametrize(
    "query", ["about=%00", "about=%FF", "about=" + "x" * 9000, "parent=" + "9" * 9000, "parent=%00"]
)
def test_no_address_of_the_form_breaks_it(client: Client, article: Article, query: str) -> None:
    assert client.get(f"{ADDRESS}?{query}").status_code == 200


# Programs -----------------------------------------------------------------------------------------


def test_a_program_that_fills_in_everything_is_spam_and_is_told_nothing(
    client: Client, article: Article
) -> None:
    response = send(client, article, website="https://spam.example")

    assert only_comment().status == "spam"
    page = parse(client.get(response["Location"]).content)
    assert page.one(role="status").text == (
        "Your comment is held for review: a moderator reads it before it appears."
    )


def test_a_form_without_its_cookie_comes_back_with_its_text(article: Article) -> None:
    strict = Client(enforce_csrf_checks=True)
    data = open_form(strict, article) | {"name": "Ana", "body": TEXT}
    strict.cookies.clear()

    again = refused(
        send(strict, article, data),
        "Your browser kept no cookie of this form. Please send it again.",
    )

    assert again["body"] == TEXT
    assert send(strict, article, again, after=2 * MINUTE).status_code == 302


def test_a_form_from_another_site_is_refused(article: Article) -> None:
    strict = Client(enforce_csrf_checks=True)
    data = open_form(strict, article) | {"name": "Ana", "body": TEXT}

    response = send(strict, article, data, headers={"Origin": "https://evil.example"})

    assert response.status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"body=x"),
        ("application/json", b"{}"),
        ("", b"\xff\x00"),
    ],
)
def test_a_request_that_is_no_form_is_refused_plainly(
    client: Client, article: Article, content_type: str, body: bytes
) -> None:
    response = client.generic("POST", ADDRESS, body, content_type=content_type)

    assert 400 <= response.status_code < 500


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_allowed(client: Client, article: Article, method: str) -> None:
    assert getattr(client, method)(ADDRESS).status_code == 405


# Closed -------------------------------------------------------------------------------------------


def test_a_closed_discussion_has_a_sentence_in_place_of_the_form(
    client: Client, article: Article
) -> None:
    data = open_form(client, article) | {"name": "Ana", "body": TEXT}
    make_comment(article)
    SiteSettings.objects.create(pk=1, discussion_open=False)

    listed = parse(client.get("/articles/stone-bridges/discussion/").content)
    form = client.get(ADDRESS)

    assert listed.one("p", class_="discussion-note").text == "Comments are closed."
    assert [a for a in listed.all("a") if "discussion/new" in (a.get("href") or "")] == []
    assert "Comments are closed." in form.content.decode()
    assert send(client, article, data).status_code == 403
    assert Comment.objects.count() == 1
