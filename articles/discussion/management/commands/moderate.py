"""`manage.py moderate`: read and decide about comments that wait, for people who live here."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.discussion import moderation
from articles.discussion.models import Comment

MOST_DIGITS = 18


class Command(BaseCommand):
    """One thing at a time: list, approve, reject."""

    help = "List the comments that wait for a moderator, and approve or reject them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do; exactly one thing."""
        todo = parser.add_mutually_exclusive_group(required=True)
        todo.add_argument("--list", action="store_true", help="show every comment that waits")
        todo.add_argument("--approve", metavar="ID", nargs="+", help="publish these comments")
        todo.add_argument("--reject", metavar="ID", nargs="+", help="keep these off the site")
        todo.add_argument(
            "--approve-all", action="store_true", help="publish every comment that waits"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, before anything is written, for a number that is no comment."""
        if options["list"]:
            self.list_held()
        elif options["approve_all"]:
            waiting = list(Comment.objects.held().values_list("pk", flat=True))
            self.decide(waiting, Comment.Status.APPROVED)
        else:
            status = Comment.Status.APPROVED if options["approve"] else Comment.Status.REJECTED
            self.decide(self.find(options["approve"] or options["reject"]), status)

    def list_held(self) -> None:
        """Every comment that waits, the oldest first, with its whole text."""
        rows = Comment.objects.held().select_related("article", "user").order_by("created_at", "pk")
        count = 0
        for comment in rows.iterator(chunk_size=200):
            count += 1
            where = comment.article.title
            if comment.about_name:
                where += f" | {comment.about_name}"
            if comment.parent_id:
                where += f" | in reply to {comment.parent_id}"
            name = comment.writer or "(no name)"
            self.stdout.write(f"{comment.pk}  {comment.created_at:%Y-%m-%d %H:%M}  {name}  {where}")
            for line in comment.body.split("\n"):
                self.stdout.write(f"    {line}".rstrip())
            self.stdout.write("")
        if count:
            self.stdout.write(
                f"{_counted(count)} waiting. Approve with: manage.py moderate --approve ID…"
            )
        else:
            self.stdout.write("No comments wait.")

    def find(self, texts: list[str]) -> list[int]:
        """The numbers, each of a comment that is not deleted. Raises CommandError."""
        wrong = [text for text in texts if not _is_number(text)]
        if wrong:
            raise CommandError(f"Not the number of a comment: {', '.join(wrong)}")
        keys = list(dict.fromkeys(map(int, texts)))
        rows = Comment.objects.filter(pk__in=keys).exclude(status=Comment.Status.DELETED)
        missing = set(keys) - set(rows.values_list("pk", flat=True))
        if missing:
            names = ", ".join(map(str, sorted(missing)))
            raise CommandError(f"There is no comment {names}. Nothing was changed.")
        return keys

    def decide(self, keys: list[int], status: Comment.Status) -> None:
        """Give the comments the status and say how many changed, with the address of each."""
        changed = moderation.decide(comments=keys, status=status)
        self.stdout.write(f"{_counted(changed)} {status.value}.")
        if left := len(keys) - changed:
            self.stdout.write(f"{_counted(left)} {status.value} already.")
        if status == Comment.Status.APPROVED:
            for comment in Comment.objects.approved().filter(pk__in=keys).order_by("pk"):
                self.stdout.write(f"  {settings.SITE_URL}{comment.get_absolute_url()}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _counted(number: int) -> str:
    return f"{number} comment{'' if number == 1 else 's'}"
