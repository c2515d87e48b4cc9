"""`manage.py backup`: one file with everything a site has, checked after it was written."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.template.defaultfilters import filesizeformat

from articles.management.plain import PlainCommand
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import Made, default_folder, make_backup, record
from articles.upkeep.backup.rotation import Keep
from articles.upkeep.backup.thinning import rotate

_SPANS = {"daily": "days", "weekly": "weeks", "monthly": "months"}


class Command(PlainCommand):
    """Says one line for each step; status 1 and one sentence when it could not be made."""

    help = (
        "Write database, uploads and secret key into one file, read it again to be sure, and thin "
        "out older ones. The site may run meanwhile. Whoever has the file has the site: it holds "
        "the secret key and everybody's password hashes."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and how many older ones are kept."""
        usual = Keep()
        parser.add_argument(
            "--to",
            type=Path,
            metavar="DIR",
            help="folder for the file, best on another disk; DATA_DIR/backups unless given",
        )
        for span, spans in _SPANS.items():
            parser.add_argument(
                f"--keep-{span}",
                type=int,
                metavar="N",
                default=getattr(usual, span),
                help=f"keep the last one of each of N {spans} that "
                f"have one; {getattr(usual, span)} unless given",
            )
        parser.add_argument("--keep-all", action="store_true", help="delete no older ones")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with one sentence."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        keep = Keep(options["keep_daily"], options["keep_weekly"], options["keep_monthly"])
        if min(keep.daily, keep.weekly, keep.monthly) < 0:
            raise CommandError("--keep-daily, --keep-weekly and --keep-monthly are 0 or more.")
        folder = options["to"] or default_folder()
        try:
            made = make_backup(folder)
            # Said first: it is there, whatever becomes of the rest.
            self.say(made)
            record(made)
            gone = [] if options["keep_all"] else rotate(folder, keep, self.stderr.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        for path in gone:
            self.stdout.write(f"{path}: old, deleted")

    def say(self, made: Made) -> None:
        """Which file it is, and what is in it."""
        files = len(made.manifest.media)
        self.stdout.write(
            f"{made.path}: {filesizeformat(made.size)}, {sum(made.manifest.rows.values())} rows "
            f"and {files} {'file' if files == 1 else 'files'}, read again and found whole"
        )
