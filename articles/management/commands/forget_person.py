"""`manage.py forget_person`: take out of the site who somebody was."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.privacy import persons

EXCERPT = 60


class Command(BaseCommand):
    """Shows what it found; changes it only with --yes."""

    help = (
        "Take a person's name, addresses, account and mail out of the site. Comments stay without "
        "a name, articles without an author; with --texts the comments go too. Older backups "
        "still hold the person until they are rotated away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, how much, and whether it is meant."""
        parser.add_argument("person", help="an address of e-mail, a user name or a public name")
        parser.add_argument("--texts", action="store_true", help="delete the comments as well")
        meant = parser.add_mutually_exclusive_group(required=True)
        meant.add_argument("--dry-run", action="store_true", help="show what would be taken away")
        meant.add_argument("--yes", action="store_true", help="take it away")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when there is nothing, or for the only owner."""
        found = persons.find(options["person"])
        if not found:
            raise CommandError("Nothing is kept under this address or name.")
        for user in found.users:
            self.stdout.write(f"account {user.pk}: {user.username} ({user.public_name or '–'})")
        for comment in found.comments:
            text = " ".join(comment.body.split())[:EXCERPT]
            self.stdout.write(f"comment {comment.pk} by {comment.writer or '–'}: {text}")
        for task in found.mails:
            self.stdout.write(f"mail {task.pk}: {task.args_kwargs['kwargs'].get('subject', '')}")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed.")
            return
        try:
            persons.forget(found, texts=options["texts"])
        except persons.LastOwner as error:
            message = "This is the only owner: make another one first. Nothing was changed."
            raise CommandError(message) from error
        self.stdout.write("Forgotten.")
