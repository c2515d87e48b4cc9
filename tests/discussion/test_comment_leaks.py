"""What is not approved, and what is never shown, reaches no reader by any way."""

from __future__ import annotations

import pytest
from django.test import Client

from articles import publishing, store
from articles.discussion.views import manage_address
from articles.models import Article
from tests.articles.addresses import addresses, make_site
from tests.articles.bridges import make_article
from tests.discussion.talk import HTMX
from tests.factories import make_comment, make_user

WORD = "zyxw"
SECRETS = {
    "email": f"{WORD}@example.org",
    "person": f"{WORD}person",
    "network": f"{WORD}network",
}
LIVE = "/articles/stone-bridges/discussion/"


@pytest.fixture
def article(db: None) -> Article:
    """An article with an approved comment, and a hidden one of each kind on it and in reply."""
    article = make_site()
    shown = make_comment(article, name="Shown", body="Can be read.", **SECRETS)
    for status in ("held", "rejected", "spam"):
        for parent in (None, shown):
            make_comment(
                article, parent=parent, status=status, name=f"{WORD}{status}",
                body=f"{WORD}{status} text", about="fact-oldest", about_name=f"{WORD} part",
                about_text=f"{WORD} part text", **SECRETS,
            )  # fmt: skip
    return article


def pages(client: Client) -> dict[str, str]:
    """Everything a visitor can open, as pages and as HTMX asks for it."""
    forms = [f"{LIVE}new/", f"{LIVE}new/?about=fact-oldest"]
    found = {}
    for headers in ({}, HTMX):
        for address in [*addresses(), *forms]:
            response = client.get(address, headers=headers)
            assert response.status_code == 200, address
            # A picture is no text that could be read here; its letters are those of the article.
            is_picture = response["Content-Type"].startswith("image/")
            body = "" if is_picture else response.content.decode()
            found[f"{address} {headers}"] = body + str(response.headers)
    return found


def test_no_page_holds_a_word_of_what_is_hidden(client: Client, article: Article) -> None:
    found = pages(client)

    assert "Can be read." in found[f"{LIVE} {{}}"]
    assert [address for address, body in found.items() if WORD in body] == []


def test_the_answer_to_a_hidden_comment_is_not_counted(client: Client, article: Article) -> None:
    assert "1 comment<" in client.get(LIVE).content.decode()


def test_who_is_signed_in_or_edits_sees_no_more_of_the_discussion(
    client: Client, article: Article
) -> None:
    for role in ("", "Writer", "Moderator"):
        client.force_login(make_user(role))
        assert WORD not in client.get(LIVE).content.decode()


@pytest.mark.parametrize("kind", ["draft", "withdrawn", "copy"])
def test_the_discussion_of_what_is_not_live_is_not_there(
    client: Client, db: None, kind: str
) -> None:
    if kind == "copy":
        live = make_article()
        article = publishing.start_working_copy(article=live, author=None)
        Article.objects.filter(pk=article.pk).update(slug="hidden")
        article.refresh_from_db()
    else:
        article = make_article(title="Hidden", slug="hidden", publish=False)
        Article.objects.filter(pk=article.pk).update(status=kind)
        article.refresh_from_db()
    comment = make_comment(article, body=f"{WORD} text")

    for address in (
        "/articles/hidden/discussion/",
        "/articles/hidden/discussion/new/",
        f"/comments/{comment.pk}/",
    ):
        response = client.get(address)
        assert (address, response.status_code) == (address, 404)
        assert WORD not in response.content.decode()
    assert client.post("/articles/hidden/discussion/new/", {"body": "x"}).status_code == 404


def test_an_editor_reads_the_discussion_of_a_draft_as_theirs_alone(
    client: Client, db: None
) -> None:
    article = make_article(publish=False)
    make_comment(article, body="From before.")
    client.force_login(make_user("Writer"))

    response = client.get(LIVE)

    assert "From before." in response.content.decode()
    assert "The discussion opens when the article is published." in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_the_document_and_its_revisions_hold_nothing_of_the_discussion(
    client: Client, article: Article
) -> None:
    assert "Can be read." not in client.get("/articles/stone-bridges.json").content.decode()
    before = article.revisions.count()
    store.save(store.load(article), article=article)
    assert article.revisions.count() == before


def test_the_page_of_ones_own_comment_shows_neither_address_nor_hash(
    client: Client, article: Article
) -> None:
    comment = make_comment(article, status="held", **SECRETS)

    response = client.get(manage_address(comment))

    assert response.status_code == 200
    assert WORD not in response.content.decode()
