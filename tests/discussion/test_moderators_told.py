"""Moderators are written to when comments wait: at the first one, then once an hour at most."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django_tasks_db.models import DBTaskResult

from articles.discussion.models import Comment, ModeratorNotice
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
    rows = DBTaskResult.objects.order_by("enqueued_at")
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
    assert {mail["to"] for mail in found} == {
        "moderator@example.org", "editor@example.org", "owner@example.org",
    }  # fmt: skip
    assert found[0]["subject"] == "A comment waits: Stone bridges"
    assert found[0]["body"].startswith("Ana commented on “Stone bridges”:\n\nIs that so?\n\n")
    assert "/admin/discussion/comment/?status__exact=held" in found[0]["body"]


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
