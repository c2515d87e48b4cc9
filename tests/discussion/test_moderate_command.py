"""`manage.py moderate`: the queue for people who live in a terminal."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.discussion.models import Comment
from articles.models import Article
from tests.articles.bridges import make_article
from tests.factories import make_comment

WHEN = datetime.datetime(2026, 11, 20, 8, 30, tzinfo=datetime.UTC)


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def moderate(*arguments: object) -> str:
    out = StringIO()
    call_command("moderate", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_list_has_every_comment_that_waits_with_its_whole_text(article: Article) -> None:
    first = make_comment(
        article, status="held", name="Ana", body="One.\n\nTwo.", about_name="Fact: Mortar",
        created_at=WHEN,
    )  # fmt: skip
    reply = make_comment(article, status="held", name="", body="Three.", parent=first)
    make_comment(article)

    assert moderate("--list").splitlines() == [
        f"{first.pk}  2026-11-20 08:30  Ana  Stone bridges | Fact: Mortar",
        "    One.",
        "",
        "    Two.",
        "",
        (
            f"{reply.pk}  {reply.created_at:%Y-%m-%d %H:%M}  (no name)  "
            f"Stone bridges | in reply to {first.pk}"
        ),
        "    Three.",
        "",
        "2 comments waiting. Approve with: manage.py moderate --approve ID…",
    ]


def test_an_empty_queue_says_so(article: Article) -> None:
    assert moderate("--list") == "No comments wait.\n"


def test_comments_are_approved_and_rejected_by_number(article: Article) -> None:
    comments = [make_comment(article, status="held") for _ in range(4)]
    keys = [comment.pk for comment in comments]

    approved = moderate("--approve", *keys[:2])
    assert moderate("--reject", keys[2]) == "1 comment rejected.\n"

    assert approved.splitlines() == [
        "2 comments approved.",
        *(f"  http://127.0.0.1:8000/comments/{key}/" for key in keys[:2]),
    ]
    statuses = dict(Comment.objects.values_list("pk", "status"))
    assert [statuses[key] for key in keys] == ["approved", "approved", "rejected", "held"]


def test_approving_again_changes_nothing_and_says_so(article: Article) -> None:
    comment = make_comment(article)

    assert moderate("--approve", comment.pk).splitlines()[:2] == [
        "0 comments approved.",
        "1 comment approved already.",
    ]


def test_everything_that_waits_is_approved_at_once(article: Article) -> None:
    held = [make_comment(article, status="held").pk for _ in range(2)]
    rejected = make_comment(article, status="rejected")

    assert moderate("--approve-all").startswith("2 comments approved.\n")

    assert set(Comment.objects.approved().values_list("pk", flat=True)) == set(held)
    rejected.refresh_from_db()
    assert rejected.status == "rejected"


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "²", "9" * 30, ""])
def test_what_is_no_number_is_refused_before_anything_is_written(
    article: Article, number: str
) -> None:
    comment = make_comment(article, status="held")

    with pytest.raises(CommandError):
        call_command("moderate", approve=[str(comment.pk), number])

    comment.refresh_from_db()
    assert comment.status == "held"


def test_a_number_that_no_comment_has_is_refused_before_anything_is_written(
    article: Article,
) -> None:
    comment = make_comment(article, status="held")

    with pytest.raises(CommandError, match=r"There is no comment 987654\. Nothing was changed\."):
        moderate("--approve", comment.pk, 987654)

    comment.refresh_from_db()
    assert comment.status == "held"


@pytest.mark.parametrize("arguments", [[], ["--list", "--approve-all"], ["--approve"]])
def test_exactly_one_thing_is_done(article: Article, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        moderate(*arguments)
