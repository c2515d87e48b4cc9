"""A guest says something: with and without HTMX, about the article, a part, or in reply."""

from __future__ import annotations

import contextlib
import threading
import uuid

import pytest
from django.db import connections
from django.test import Client, TransactionTestCase

from articles import store
from articles.discussion import moderation
from articles.discussion.guests import Writer
from articles.discussion.models import Comment
from articles.discussion.moderation import Content
from articles.models import Article, SiteSettings, User
from tests.articles.bridges import make_article
from tests.discussion.talk import HTMX, fields, only_comment, open_form, problems, send
from tests.factories import make_comment, make_user
from tests.html import parse

HELD = "Your comment is held for review: a moderator reads it before it appears."


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def test_a_guests_first_comment_is_held_and_the_writer_is_told_so(
    client: Client, article: Article
) -> None:
    response = send(client, article, body="Where is **the** source?", email="ana@example.org")

    comment = only_comment()
    assert response.status_code == 302
    assert response["Location"].startswith("/comments/manage/")
    assert (comment.status, comment.name, comment.email, comment.body, comment.html) == (
        "held", "Ana", "ana@example.org", "Where is **the** source?",
        "<p>Where is <strong>the</strong> source?</p>",
    )  # fmt: skip
    page = parse(client.get(response["Location"]).content)
    assert page.one(role="status").text == HELD
    assert page.one("div", class_="comment-body").text == "Where is the source?"


def test_htmx_gets_the_same_told_in_place(client: Client, article: Article) -> None:
    response = send(client, article, headers=HTMX)

    assert response.status_code == 200
    piece = parse(response.content)
    (posted,) = [child for child in piece.children if not isinstance(child, str)]
    assert (posted["role"], posted["tabindex"], "autofocus" in posted.attributes) == (
        "status", "-1", True,
    )  # fmt: skip
    told, kept = posted.all("p", class_="notice")
    assert told.text == HELD
    assert kept.text.endswith("only you have it.")
    address = posted.one("a")["href"]
    assert parse(client.get(address).content).one(role="status").text == HELD
    assert only_comment().status == "held"


def test_a_guest_whose_comment_was_approved_is_not_held_again(
    client: Client, article: Article
) -> None:
    send(client, article)
    moderation.decide(comments=[only_comment().pk], status="approved")
    data = open_form(client, article) | {"name": "Ana", "body": "Thank you."}

    response = send(client, article, data)

    second = Comment.objects.get(body="Thank you.")
    assert second.status == "approved"
    assert response["Location"] == f"/articles/stone-bridges/#comment-{second.pk}"


def test_another_guest_of_the_same_name_is_held(client: Client, article: Article) -> None:
    make_comment(article, name="Ana", person="a" * 32)

    send(client, article)

    assert Comment.objects.get(body="Where is the source?").status == "held"


def test_a_cookie_that_was_not_made_here_makes_nobody_known(
    client: Client, article: Article
) -> None:
    make_comment(article, person="a" * 32)
    client.cookies["milepost_guest"] = "a" * 32

    send(client, article)

    assert Comment.objects.get(body="Where is the source?").status == "held"


@pytest.mark.parametrize(
    ("policy", "known", "status"),
    [
        ("first", False, "held"),
        ("first", True, "approved"),
        ("every", True, "held"),
        ("none", False, "approved"),
    ],
)
def test_the_site_decides_which_comments_wait(
    client: Client, article: Article, policy: str, known: bool, status: str
) -> None:
    if known:
        send(client, article, body="First.")
        moderation.decide(comments=[only_comment().pk], status="approved")
    SiteSettings.objects.update_or_create(pk=1, defaults={"hold_comments": policy})
    data = open_form(client, article) | {"name": "Ana", "body": "Now."}

    send(client, article, data)

    assert Comment.objects.get(body="Now.").status == status


def test_an_approved_comment_comes_back_in_place_through_htmx(
    client: Client, article: Article
) -> None:
    SiteSettings.objects.create(pk=1, hold_comments="none")

    piece = parse(send(client, article, headers=HTMX).content)

    comment = piece.one("article", class_="comment")
    assert (comment["id"], comment["data-comment"]) == (
        f"comment-{only_comment().pk}", str(only_comment().pk),
    )  # fmt: skip
    assert piece.one("p", class_="notice").text == "Your comment is published."


def test_the_cookie_of_a_guest_is_set_by_sending_only(client: Client, article: Article) -> None:
    data = open_form(client, article)
    assert set(client.cookies) == {"csrftoken"}

    send(client, article, data, name="", body="")
    assert set(client.cookies) == {"csrftoken"}

    send(client, article, data, name="Ana", body="Text.")
    cookie = client.cookies["milepost_guest"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True, "Lax", "/articles/", 365 * 24 * 3600,
    )  # fmt: skip
    assert cookie.value.split(":")[0] == only_comment().person


def test_a_comment_about_a_part_keeps_what_the_part_said(client: Client, article: Article) -> None:
    data = open_form(client, article, about="fact-oldest")
    assert data["about"] == "fact-oldest"

    send(client, article, data | {"name": "Ana", "body": "Which one?"})
    document = store.load(article)
    store.save(document.__class__(title=document.title, slug=document.slug), article=article)

    comment = only_comment()
    assert (comment.about, comment.about_name, comment.about_text, comment.revision) == (
        "fact-oldest",
        "Fact: Oldest in use",
        "One bridge near Izmir has stood for 2,800 years.",
        1,
    )


@pytest.mark.parametrize(
    ("anchor", "name", "text"),
    [
        ("infobox-row-span", "Infobox: Span", "Span: Up to 90 metres"),
        (
            "section-centring",
            "Section: Centring",
            "A frame of wood holds the stones until the keystone is set.",
        ),
        (
            "milestone-alcantara",
            "Milestone: Alcántara bridge finished",
            "AD 106: Alcántara bridge finished\nBuilt for Trajan.",
        ),
        ("related-term-thrust", "Related term: Thrust", "Thrust"),
        (
            "question-why-do-they-last",
            "Question: Why do they last?",
            "Why do they last?\nStone hardly ever comes near its strength there.",
        ),
        (
            "reference-heyman1995",
            "Reference: 1. Heyman 1995",
            "Heyman 1995. The Stone Skeleton",
        ),
    ],
)
def test_every_kind_of_part_can_be_talked_about(
    client: Client, article: Article, anchor: str, name: str, text: str
) -> None:
    data = open_form(client, article, about=anchor)

    send(client, article, data | {"name": "Ana", "body": "Text."})

    comment = only_comment()
    assert (comment.about, comment.about_name, comment.about_text) == (anchor, name, text)


def test_a_reply_is_about_what_its_thread_is_about(client: Client, article: Article) -> None:
    first = make_comment(article, about="fact-mortar", about_name="Fact: Mortar")
    data = open_form(client, article, parent=first.pk)
    assert data["parent"] == str(first.pk)
    assert "about" not in data

    send(client, article, data, name="Ben", body="Yes.", about="fact-oldest")

    reply = Comment.objects.get(body="Yes.")
    assert (reply.parent, reply.root, reply.depth) == (first, first, 1)
    assert (reply.about, reply.about_text) == ("fact-mortar", "Many stand without any mortar.")


def test_the_form_shows_what_is_answered_and_what_is_talked_about(
    client: Client, article: Article
) -> None:
    first = make_comment(article, name="Ana", body="A question.")
    address = "/articles/stone-bridges/discussion/new/"

    reply = parse(client.get(f"{address}?parent={first.pk}").content)
    part = parse(client.get(f"{address}?about=section-centring").content)

    assert reply.one("blockquote", class_="answered").text == "Ana A question."
    assert reply.one("form", class_="comment-form").one("h2").text == "Reply to Ana"
    assert part.one("blockquote", class_="about-text").text == (
        "Section: Centring A frame of wood holds the stones until the keystone is set."
    )


def test_htmx_gets_the_form_alone_with_the_cursor_in_it(client: Client, article: Article) -> None:
    response = client.get("/articles/stone-bridges/discussion/new/", headers=HTMX)

    piece = parse(response.content)
    (form,) = [child for child in piece.children if not isinstance(child, str)]
    assert (form.tag, form["data-hx-post"], form["data-hx-target"], form["data-hx-swap"]) == (
        "form", "/articles/stone-bridges/discussion/new/", "this", "outerHTML",
    )  # fmt: skip
    assert "autofocus" in form.one("textarea").attributes
    assert {name.strip() for name in response["Vary"].split(",")} >= {"HX-Request", "Cookie"}


def test_the_form_is_never_cached_and_not_indexed(client: Client, article: Article) -> None:
    response = client.get("/articles/stone-bridges/discussion/new/")

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


# The same form twice ------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_makes_one_comment_and_gets_the_same_answer(
    client: Client, article: Article
) -> None:
    data = open_form(client, article) | {"name": "Ana", "body": "Once."}

    first = send(client, article, data)
    second = send(client, article, data | {"body": "Twice."})
    elsewhere = send(Client(), article, data)

    assert [response["Location"] for response in (second, elsewhere)] == [first["Location"]] * 2
    assert only_comment().body == "Once."


def test_a_submission_without_its_signature_tells_nothing_of_the_comment_it_made(
    client: Client, article: Article
) -> None:
    data = open_form(client, article) | {"name": "Ana", "body": "Once."}
    send(client, article, data)
    stranger = open_form(Client(), article) | {"name": "Eve", "body": "Mine?"}

    response = send(Client(), article, stranger | {"submission": data["submission"]})

    assert response.status_code == 422
    assert Comment.objects.count() == 1


def test_two_requests_of_one_submission_at_once_make_one_comment(article: Article) -> None:
    """The loser of a race finds what the winner wrote; here the winner is there already."""
    site, writer = SiteSettings(pk=1), Writer(None, "a" * 32, "n" * 32)
    content = Content(submission=uuid.uuid4(), name="Ana", body="Once.")

    made = [
        moderation.post(article=article, writer=writer, site=site, content=content)
        for _ in range(2)
    ]

    assert made[0].pk == made[1].pk == only_comment().pk


class TestRace(TransactionTestCase):
    """With real transactions, in threads of their own."""

    def test_eight_threads_with_one_submission_make_one_comment(self) -> None:
        article = make_article()
        content = Content(submission=uuid.uuid4(), name="Ana", body="Once.")
        site, found, failed = SiteSettings(pk=1), [], []
        start = threading.Barrier(8)

        def run() -> None:
            try:
                start.wait(timeout=20)
                writer = Writer(None, "a" * 32, "n" * 32)
                made = moderation.post(article=article, writer=writer, site=site, content=content)
                found.append(made.pk)
            except Exception as error:  # noqa: BLE001 - shown by the assertion
                failed.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert failed == []
        assert found == [only_comment().pk] * 8

    def test_whoever_comes_first_a_reply_and_a_deletion_do_not_lose_each_other(self) -> None:
        article = make_article()
        site, writer = SiteSettings(pk=1, hold_comments="none"), Writer(None, "a" * 32, "n" * 32)
        for _ in range(10):
            first = make_comment(article)
            failed: list[Exception] = []
            start = threading.Barrier(2)

            def reply(first=first, start=start) -> None:
                content = Content(submission=uuid.uuid4(), name="Ana", body="Yes.", parent=first)
                start.wait(timeout=20)
                with contextlib.suppress(moderation.ParentGone):
                    moderation.post(article=article, writer=writer, site=site, content=content)

            def delete(first=first, start=start) -> None:
                start.wait(timeout=20)
                moderation.delete(comments=[first.pk])

            def run(act, failed=failed) -> None:
                try:
                    act()
                except Exception as error:  # noqa: BLE001 - shown by the assertion
                    failed.append(error)
                finally:
                    connections.close_all()

            threads = [threading.Thread(target=run, args=[act]) for act in (reply, delete)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)

            assert failed == []
            left = Comment.objects.filter(pk=first.pk).first()
            replies = Comment.objects.filter(parent=first.pk).count()
            assert (left.status, left.answered) == ("deleted", True) if replies else left is None


# People who sign in -------------------------------------------------------------------------------


def test_who_is_signed_in_writes_under_the_public_name_and_is_not_held(
    client: Client, article: Article
) -> None:
    person = make_user(public_name="Nora Stern")
    client.force_login(person)
    data = open_form(client, article)
    assert not {"name", "email"} & data.keys()

    send(client, article, data, body="I see.", name="Somebody else")

    comment = only_comment()
    assert (comment.status, comment.user, comment.writer, comment.person) == (
        "approved", person, "Nora Stern", "",
    )  # fmt: skip
    assert "milepost_guest" not in client.cookies


def test_who_is_signed_in_without_a_public_name_is_asked_for_one(
    client: Client, article: Article
) -> None:
    client.force_login(make_user(username="secret-login", public_name=""))
    data = open_form(client, article)

    send(client, article, data, body="I see.", name="Nora")

    assert only_comment().writer == "Nora"
    page = client.get("/articles/stone-bridges/discussion/").content.decode()
    assert "secret-login" not in page


@pytest.mark.parametrize(
    ("role", "is_author", "word"),
    [
        ("Editor", False, "editor"),
        ("Editor", True, "author of this article"),
        ("", True, "author of this article"),
        ("", False, None),
    ],
)
def test_who_wrote_or_edits_the_article_is_marked(
    client: Client, article: Article, role: str, is_author: bool, word: str | None
) -> None:
    person = make_user(role)
    if is_author:
        Article.objects.update(author=person)
    make_comment(article, user=person)

    tree = parse(client.get("/articles/stone-bridges/discussion/").content)

    assert [span.text for span in tree.all("span", class_="role")] == ([word] if word else [])


def test_a_guest_cannot_take_the_name_of_somebody_who_signs_in(
    client: Client, article: Article
) -> None:
    make_user("Editor", public_name="Ines Marchetti")

    response = send(client, article, name="ines  marchetti")

    assert response.status_code == 422
    assert problems(response) == [
        "Somebody who writes here has this name. Sign in, or take another one."
    ]


def test_the_name_of_somebody_who_was_deleted_stays_with_what_they_said(
    client: Client, article: Article
) -> None:
    person = make_user(public_name="Nora Stern")
    client.force_login(person)
    send(client, article, open_form(client, article), body="I see.")

    User.objects.filter(pk=person.pk).delete()

    assert only_comment().writer == "Nora Stern"


# What the form wants ------------------------------------------------------------------------------


def test_the_labels_of_the_form_belong_to_its_fields(client: Client, article: Article) -> None:
    tree = parse(client.get("/articles/stone-bridges/discussion/new/").content)

    form = tree.one("form", class_="comment-form")
    labels = {label["for"]: label.text for label in form.all("label")}
    named = {
        labels[element["id"]]: element["name"]
        for element in form.walk()
        if element.tag in {"input", "textarea", "select"} and element.get("type") != "hidden"
    }
    assert named == {
        "About": "about",
        "Your comment": "body",
        "Name": "name",
        "E-mail (optional)": "email",
        "Leave this empty": "website",
    }
    trap = form.one("div", aria_hidden="true").one("input", name="website")
    assert (trap["autocomplete"], trap["tabindex"]) == ("off", "-1")


def test_the_parts_are_offered_by_kind(client: Client, article: Article) -> None:
    tree = parse(client.get("/articles/stone-bridges/discussion/new/").content)

    select = tree.one("select")
    assert [group["label"] for group in select.all("optgroup")] == [
        "Infobox", "Section", "Fact", "Related term", "Question", "Reference", "Milestone",
    ]  # fmt: skip
    assert select.all("option")[0].text == "The article as a whole"
    assert {option["value"] for option in select.all("option")} >= {
        "", "infobox-row-span", "fact-mortar", "milestone-hooke", "reference-heyman1995",
    }  # fmt: skip


def test_a_form_that_was_sent_back_can_be_sent_again(client: Client, article: Article) -> None:
    data = open_form(client, article, about="fact-oldest") | {"name": "", "body": "My text."}

    again = fields(parse(send(client, article, data).content))
    assert (again["body"], again["about"]) == ("My text.", "fact-oldest")
    response = send(client, article, again | {"name": "Ana"})

    assert response.status_code == 302
    assert (only_comment().body, only_comment().about) == ("My text.", "fact-oldest")
