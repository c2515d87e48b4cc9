"""`manage.py upgrade`: bring the database to the version of the code, or leave it as it was."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import CommandError

from articles.management import first_start
from articles.management.plain import PlainCommand
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.upgrading import upgrade


class Command(PlainCommand):
    """Prints each step; status 1 and one sentence when everything was undone."""

    help = (
        "After new code was installed: make a backup, migrate, check the site, and undo all of it "
        "when something is wrong. Does nothing when nothing is to be done. Stop the site first, or "
        "accept that who writes meanwhile has to wait."
    )
    # They run inside, where what they find undoes the upgrade.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with one sentence."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            if first_start.collect_static_files():
                self.say("Static files collected")
            done = upgrade(self.say)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if count := first_start.renew_later():
            self.say(f"Articles that the task worker will render anew: {count}")
        if not done.migrations:
            self.say("The database was up to date already; nothing was changed.")
        elif done.backup:
            self.say(f"To go back, with the old code: restore_backup {done.backup.path} --yes")
        self.say("Done. Now start the site again.")

    def say(self, line: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()
