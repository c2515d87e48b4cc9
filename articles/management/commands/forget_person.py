"""`manage.py forget_person`: take out of the site who somebody was."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from articles.management.plain import PlainCommand
from articles.privacy import forgetting, persons
from articles.privacy.person_tasks import described
from articles.privacy.persons import Found

EXCERPT = 60
ONLY_OWNER = "This is the only owner: make another one first."


class Command(PlainCommand):
    """Shows what it found; changes it only with --yes."""

    help = (
        "Take a person's name, addresses, account and mail out of the site. Comments stay without "
        "a name, articles without an author; with --texts the comments go too. Older backups "
        "still hold the person until they are rotated away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, how much, and whether it is meant."""
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument(
            "person",
            nargs="*",
            default=[],
            help=(
                "an address of e-mail, a user name or a public name; several are of one person, "
                "who was called otherwise before, say"
            ),
        )
        whom.add_argument(
            "--comment",
            type=int,
            metavar="N",
            help="the number of a comment: only what the browser left that wrote it",
        )
        parser.add_argument("--texts", action="store_true", help="delete the comments as well")
        meant = parser.add_mutually_exclusive_group(required=True)
        meant.add_argument("--dry-run", action="store_true", help="show what would be taken away")
        meant.add_argument("--yes", action="store_true", help="take it away")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when there is nothing, or for the only owner."""
        number = options["comment"]
        found = persons.find(*options["person"]) if number is None else persons.find_browser(number)
        if not found:
            raise CommandError("Nothing is kept under this address, name or number.")
        self._show(found)
        if options["dry_run"]:
            if forgetting.would_refuse(found):
                self.stderr.write(f"{ONLY_OWNER} With --yes this is refused.")
            self.stdout.write("Nothing was changed.")
            return
        try:
            left = forgetting.forget(found, texts=options["texts"])
        except forgetting.LastOwner as error:
            raise CommandError(f"{ONLY_OWNER} Nothing was changed.") from error
        if left:
            self.stderr.write(
                f"{left} mails are being sent at this moment: run the command again in a minute."
            )
        self.stdout.write(
            "Forgotten. Backups made until now still hold it, until they are rotated away."
        )

    def _show(self, found: Found) -> None:
        """A line for each thing, and a warning where it may be of more than one person."""
        browsers = found.browsers
        for user in found.users:
            self.stdout.write(f"account {user.pk}: {user.username} ({user.public_name or '–'})")
        for comment in found.comments:
            text = " ".join(comment.body.split())[:EXCERPT]
            browser = f", browser {browsers.index(comment.person) + 1}" if comment.person else ""
            self.stdout.write(
                f"comment {comment.pk} of {comment.created_at:%Y-%m-%d} on "
                f"“{comment.article.title}” by {comment.writer or '–'}{browser}: {text}"
            )
        if found.revisions:
            names = persons.author_names(found)
            each = ", ".join(f"{count} × “{name}”" for name, count in names.items())
            self.stdout.write(f"author of {len(found.revisions)} revisions: {each}")
        if found.entries:
            self.stdout.write(f"named in {len(found.entries)} lines of the log of editing")
        for task in (*found.tasks, *found.past_tasks):
            self.stdout.write(described(task))
        for name, count in persons.mentions(found).items():
            self.stdout.write(f"stays: {count} × in {name}, which you may want to edit")
        for name in persons.unknown_authors(found):
            self.stdout.write(
                f"stays: revisions of these articles name “{name}”, whom nobody here is called. "
                "If that is a former name of this person, give it as well."
            )
        if len(found.users) > 1:
            self.stderr.write(
                f"Take care: these are {len(found.users)} accounts, which may be of several people "
                "with one name. For one of them give their address."
            )
        if len(browsers) > 1:
            self.stderr.write(
                f"Take care: these comments come from {len(browsers)} different browsers, so they "
                "may be of several people with one name. For one of them give the number of a "
                "comment: --comment N."
            )
