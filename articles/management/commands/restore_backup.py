"""`manage.py restore_backup FILE`: what a backup holds in the place of the site, or only said."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from articles.management.plain import PlainCommand
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.comparing import describe
from articles.upkeep.backup.locks import alone
from articles.upkeep.backup.restoring import Restored, opened, restore

_SECRETS = {
    "same": "The secret key is the one the site has.",
    "kept": "The secret key of this site was kept: links that were sent from the other are dead.",
    "former": (
        "The secret key in the backup is a former one of this site and still accepted; the "
        "present one stays."
    ),
    "restored": "The secret key was restored.",
    "elsewhere": (
        "The secret key in the backup is another than SECRET_KEY or SECRET_KEY_FILE gives this "
        "site, and was not restored: links that were sent to guests are dead unless you set it. "
        "It is the file “secret_key” in the backup."
    ),
}


class Command(PlainCommand):
    """Status 1 and one sentence when nothing was restored."""

    help = (
        "Restore a backup, of SQLite or PostgreSQL into either. --dry-run says what would change; "
        "--yes does it, after a backup of what is there. Everybody has to sign in again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and whether to do it."""
        parser.add_argument("file", type=Path, metavar="FILE", help="the backup")
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--dry-run", action="store_true", help="only say what would change")
        wanted.add_argument("--yes", action="store_true", help="restore it")
        parser.add_argument(
            "--keep-secret", action="store_true", help="keep the secret key that the site has"
        )
        parser.add_argument(
            "--no-safety-backup",
            action="store_true",
            help="make no backup of what is there; a SQLite file is renamed instead. For a "
            "database that cannot be read any more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with one sentence."""
        listen()
        path = options["file"].absolute()
        try:
            if options["dry_run"]:
                with alone(self.say), opened(path) as backup:
                    for line in describe(backup.manifest, backup.folder):
                        self.say(line)
                return
            done = restore(
                path,
                keep_secret=options["keep_secret"],
                safety=not options["no_safety_backup"],
                say=self.say,
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.report(done)

    def report(self, done: Restored) -> None:
        """What was done, and what is left to do."""
        self.say(f"Restored: {done.rows} rows and {done.files} files; counted again, all there")
        if done.deleted:
            self.say(f"Files that the backup does not have, deleted: {done.deleted}")
        self.say(_SECRETS[done.secret])
        if done.safety:
            self.say(f"To go back: manage.py restore_backup {done.safety.path} --yes")
        self.say(f"Now restart the site if it runs ({settings.SITE_URL}), and sign in again.")

    def say(self, line: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()


ENDING = (signal.SIGTERM, signal.SIGHUP)


def listen() -> None:
    """Undo what is half done also when the system asks to end, or when the terminal is lost."""
    for number in ENDING:
        # `nohup` means it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


def end(*_signal: Any) -> None:
    """Raises KeyboardInterrupt, once: a lost terminal is told by the system and by the shell."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
