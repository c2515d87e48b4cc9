"""`manage.py retention`: delete what is kept about people for a while and has got old."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from articles.management.plain import PlainCommand
from articles.privacy import retention


class Command(PlainCommand):
    """Does at once what the task worker does every hour."""

    help = (
        "Delete what is older than the site's settings allow: e-mail addresses and network hashes "
        "of guests, rejected comments and spam, ended sessions, the log of editing, mails and "
        "tasks that are over. The task worker does the same every hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to change anything."""
        parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how much of each kind was, or would be, deleted."""
        dry = options["dry_run"]
        counts = retention.count_due() if dry else retention.forget_due()
        for name, count in counts.items():
            self.stdout.write(f"{count:>8}  {name}")
        self.stdout.write("Nothing was deleted." if dry else "Deleted.")
