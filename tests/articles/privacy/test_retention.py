"""What is kept about people goes when its days are over, and nothing else does."""

from __future__ import annotations

import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from articles import cards
from articles.accounts.models import Allowance
from articles.discussion.models import Comment
from articles.management import task_worker
from articles.models import Article, SiteSettings
from articles.privacy import retention
from tests.factories import CommentFactory, make_article, make_user

pytestmark = pytest.mark.django_db

DAYS = {"email": 180, "network": 1, "refused": 30, "log": 365}


def days_ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def article() -> Article:
    return make_article()


def comment(article: Article, days: float, **values: Any) -> Comment:
    """A guest's comment of so many days ago, with everything that a guest leaves."""
    values = {"status": "approved", "email": "ana@example.org", "network": "n", **values}
    made: Comment = CommentFactory(
        article=article, name="Ana", person="p", created_at=days_ago(days), **values
    )
    return made


def test_the_days_are_those_of_the_settings() -> None:
    site = SiteSettings.current()
    assert {name: getattr(site, f"keep_{name}_days") for name in DAYS} == DAYS


@pytest.mark.parametrize(("field", "days"), [("email", 180), ("network", 1)])
def test_a_guests_field_is_emptied_after_its_days_and_the_comment_stays(
    article: Article, field: str, days: int
) -> None:
    young, old = comment(article, days - 0.1), comment(article, days + 0.1)
    retention.forget_due()
    young.refresh_from_db()
    old.refresh_from_db()
    assert (getattr(young, field) != "", getattr(old, field)) == (True, "")
    assert (old.status, old.name, old.person) == ("approved", "Ana", "p")
    assert old.body


@pytest.mark.parametrize("status", ["rejected", "spam"])
def test_what_was_refused_is_deleted_its_days_after_the_decision(
    article: Article, status: str
) -> None:
    comment(article, 100, status=status, decided_at=days_ago(29.9), body="Decided late.")
    comment(article, 100, status=status, decided_at=days_ago(30.1), body="Gone.")
    comment(article, 31, status=status, body="Nobody decided: a trap did.")
    retention.forget_due()
    assert [row.body for row in Comment.objects.all()] == ["Decided late."]


def test_what_was_refused_but_answered_leaves_a_bare_row_for_its_answers(article: Article) -> None:
    parent = comment(article, 50)
    reply = comment(article, 49, parent=parent, email="", network="")
    Comment.objects.filter(pk=parent.pk).update(status="rejected", decided_at=days_ago(40))
    retention.forget_due()
    parent.refresh_from_db()
    assert (parent.status, parent.name, parent.body) == ("deleted", "", "")
    assert Comment.objects.visible().count() == 2
    assert Comment.objects.get(pk=reply.pk).parent_id == parent.pk


@pytest.mark.parametrize("status", ["held", "approved"])
def test_what_is_on_the_site_or_waits_is_never_deleted(article: Article, status: str) -> None:
    comment(article, 5000, status=status, decided_at=days_ago(4000))
    retention.forget_due()
    assert Comment.objects.get().status == status


def test_what_a_moderator_approves_meanwhile_is_not_deleted(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = comment(article, 100, status="spam", decided_at=days_ago(90))
    step = next(step for step in retention.STEPS if step.name == "rejected comments and spam")
    Comment.objects.filter(pk=row.pk).update(status="approved")
    step.forget([row.pk])
    row.refresh_from_db()
    assert row.body


def test_sessions_that_ended_and_old_entries_of_the_log_go() -> None:
    for key, days in (("over", 0.1), ("runs", -0.1)):
        Session.objects.create(session_key=key, session_data="", expire_date=days_ago(days))
    kind, user = ContentType.objects.get_for_model(Article), make_user()
    for days in (364.9, 365.1):
        entry = LogEntry.objects.create(user=user, content_type=kind, action_flag=CHANGE)
        LogEntry.objects.filter(pk=entry.pk).update(action_time=days_ago(days))
    retention.forget_due()
    assert [session.session_key for session in Session.objects.all()] == ["runs"]
    assert LogEntry.objects.get().action_time > days_ago(365)


def test_the_command_counts_without_deleting_and_then_deletes_the_same(article: Article) -> None:
    comment(article, 200)
    comment(article, 60, status="spam")
    for key, days in (("old", 1.1), ("young", 0.9)):
        Allowance.objects.create(kind="network", key=key, at=days_ago(days))

    def run(*arguments: str) -> dict[str, int]:
        out = StringIO()
        call_command("retention", *arguments, stdout=out)
        rows = [line.split(maxsplit=1) for line in out.getvalue().splitlines()[:-1]]
        return {name: int(count) for count, name in rows}

    counted = run("--dry-run")
    assert Comment.objects.exclude(email="").count() == 2
    assert (
        counted
        == run()
        == {
            "e-mail addresses of guests": 1,
            "hashes of networks": 2,
            "rejected comments and spam": 1,
            "sessions that have ended": 0,
            "counts of wrong guesses": 1,
            "entries of the log of editing": 0,
            "mails and other tasks that are over": 0,
        }
    )
    assert set(run().values()) == {0}
    assert list(Comment.objects.values_list("email", "network")) == [("", "")]
    assert [row.key for row in Allowance.objects.all()] == ["young"]


def test_the_task_worker_forgets_by_itself_and_takes_pictures_of_nothing_away(
    article: Article, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "cards").mkdir()
    orphan = tmp_path / "cards" / f"{'0' * 32}.png"
    orphan.write_bytes(b"x")
    row = comment(article, 200)
    task_worker.forget()
    row.refresh_from_db()
    assert row.email == ""
    assert not orphan.exists()


def test_a_store_of_files_that_is_away_stops_no_task(
    article: Article, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> int:
        raise ConnectionError("no store")

    monkeypatch.setattr(cards, "sweep", away)
    row = comment(article, 200)
    task_worker.forget()
    row.refresh_from_db()
    assert row.email == ""
    assert "could not be deleted" in caplog.text
