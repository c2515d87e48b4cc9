"""Moderators are written to when comments wait: at the first one, then once an hour at most."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django_tasks_db.models import DBTaskResult

from articles import mail
from articles.discussion.models import Comment, ModeratorNotice
from articles.discussion.notices import quoted
from articles.models import Article
from tests.articles.bridges import make_article
from tests.discussion.talk import open_form, send
from tests.factories import make_user

NOON = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def article(db: None, settings: Any) -> Article:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    with time_machine.travel(NOON - datetime.timedelta(days=1)):
        return make_article()


def say(article: Article, minute: int, **changes: Any) -> None:
    with time_machine.travel(NOON + datetime.timedelta(minutes=minute), tick=False):
        client = Client()
        data = open_form(client, article) | {"name": "Ana", "body": "Is that so?"}
        assert send(client, article, data, **changes).status_code == 302


def mails() -> list[dict[str, Any]]:
    rows = DBTaskResult.objects.filter(task_path=mail.send.module_path).order_by("enqueued_at")
    return [row.args_kwargs["kwargs"] for row in rows]


def test_the_first_comment_that_waits_is_told_to_everybody_who_may_decide(
    article: Article,
) -> None:
    for role in ("Moderator", "Editor", "owner", "Writer", ""):
        make_user(role, email=f"{role or 'reader'}@example.org".lower())
    make_user("Moderator", email="closed@example.org", is_active=False)
    make_user("Moderator", email="guest@example.org", is_staff=False)
    make_user("Moderator", email="")

    say(article, 0)

    found = mails()
    assert {letter["to"] for letter in found} == {
        "moderator@example.org", "editor@example.org", "owner@example.org",
    }  # fmt: skip
    assert found[0]["subject"] == "A comment waits: Stone bridges (Milepost)"
    body = found[0]["body"]
    assert body.startswith("Ana commented on “Stone bridges”:\n\n> Is that so?\n\n")
    assert f"/admin/discussion/comment/{Comment.objects.get().pk}/change/\n" in body
    assert "/admin/discussion/comment/?status__exact=held\n" in body
    assert body.endswith(f"\n-- \nMilepost\n{settings.SITE_URL}")


def test_a_long_text_is_quoted_in_short_lines_and_cut_between_words() -> None:
    text = quoted("Is that so? " * 90 + "\n\nAnd this comes later.")
    lines = text.split("\n")
    assert max(map(len, lines)) <= 72
    assert all(line.startswith(">") for line in lines)
    assert "later" not in text
    assert lines[-1] == "> …"
    assert {word for line in lines[:-1] for word in line[2:].split()} == {"Is", "that", "so?"}


def test_paragraphs_and_long_words_of_a_comment_stay_whole_in_its_quotation() -> None:
    address = "https://example.org/" + "a" * 80
    assert quoted(f"First.\n\n{address}\n") == f"> First.\n>\n> {address}"


def test_while_comments_wait_a_mail_comes_once_an_hour(article: Article) -> None:
    make_user("Moderator", email="mo@example.org")

    counts = []
    for minute in (0, 10, 50, 61, 70):
        say(article, minute)
        counts.append(len(mails()))

    assert counts == [1, 1, 1, 2, 2]


def test_when_the_queue_was_empty_the_next_comment_is_told_at_once(article: Article) -> None:
    make_user("Moderator", email="mo@example.org")
    say(article, 0)
    Comment.objects.update(status="approved")

    say(article, 5)

    assert len(mails()) == 2


def test_spam_and_what_is_published_at_once_are_not_told(article: Article, client: Client) -> None:
    make_user("Moderator", email="mo@example.org")
    say(article, 0, website="https://spam.example")

    assert mails() == []


def test_a_site_that_cannot_send_mail_keeps_the_comment_and_claims_nothing(
    article: Article, settings: Any
) -> None:
    settings.MAILERS = {}
    make_user("Moderator", email="mo@example.org")

    say(article, 0)

    assert Comment.objects.get().status == "held"
    assert not ModeratorNotice.objects.exists()


def test_who_has_the_permission_without_the_role_is_told(article: Article) -> None:
    person = make_user("", is_staff=True, email="alone@example.org")
    person.user_permissions.add(Permission.objects.get(codename="moderate_comment"))

    say(article, 0)

    assert [mail["to"] for mail in mails()] == ["alone@example.org"]
