"""The comments of an imported page wait for a moderator, each once."""

from __future__ import annotations

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.discussion import moderation
from articles.discussion.models import Comment

pytestmark = pytest.mark.django_db

PAGE = """# Stone bridges

A stone bridge carries its load by thrust.

## Overview

An arch stands when a line of thrust fits inside it.

## Comments

Ana (12 March 2021): Where is **Izmir** in this?

Ben (2 days ago): <script>alert(1)</script> I do not know.
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "stone-bridges.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def run(source: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_articles", str(source), *options, stdout=out)
    return out.getvalue()


def test_the_comments_of_a_page_are_held(source: Path) -> None:
    printed = run(source, "--publish")

    assert ", 2 comments held" in printed
    ana, ben = Comment.objects.order_by("name")
    assert (ana.name, ana.body, ana.status, ana.imported) == (
        "Ana", "Where is **Izmir** in this?", "held", True,
    )  # fmt: skip
    assert ana.html == "<p>Where is <strong>Izmir</strong> in this?</p>"
    assert ana.created_at == datetime.datetime(2021, 3, 12, 12, tzinfo=datetime.UTC)
    assert ben.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt; I do not know.</p>"
    # A date that is none is the day of the import.
    assert (datetime.datetime.now(datetime.UTC) - ben.created_at).total_seconds() < 60


def test_the_same_file_brings_no_comment_twice(source: Path) -> None:
    run(source)

    assert "held" not in run(source)
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("fate", ["approved", "rejected", "spam", "deleted"])
def test_a_comment_that_was_decided_about_does_not_come_back(source: Path, fate: str) -> None:
    run(source)
    keys = list(Comment.objects.values_list("pk", flat=True))
    if fate == "deleted":
        moderation.delete(comments=keys)
    else:
        moderation.decide(comments=keys, status=fate)

    assert "held" not in run(source)

    assert {comment.status for comment in Comment.objects.all()} == {fate}


def test_a_new_comment_of_a_known_page_is_held_alone(source: Path) -> None:
    run(source)
    source.write_text(f"{PAGE}\nCleo (3 May 2022): Near the river.\n", encoding="utf-8")

    assert ", 1 comment held" in run(source)
    assert Comment.objects.count() == 3


def test_a_dry_run_says_how_many_and_writes_nothing(source: Path) -> None:
    assert "In the discussion: 2 comments would wait for a moderator" in run(source, "--dry-run")
    assert not Comment.objects.exists()

    run(source)
    assert "In the discussion: no new comments" in run(source, "--dry-run")


def test_a_page_without_comments_says_nothing_of_any(source: Path) -> None:
    source.write_text(PAGE.partition("## Comments")[0], encoding="utf-8")

    assert "held" not in run(source)
    assert not Comment.objects.exists()
