"""`manage.py worker`: the task worker by itself, where `serve --no-worker` runs without one."""

from __future__ import annotations

import os
from typing import Any

from articles.management import first_start, task_worker
from articles.management.plain import PlainCommand


class Command(PlainCommand):
    """Runs what waits in the database, on one host of several or under a supervisor of its own."""

    help = (
        "Send mail, render what an older version rendered, and forget what is kept for a while, as "
        "`serve` does beside the site; until SIGTERM or Ctrl-C."
    )
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until told to stop; a task that was begun is finished.

        Where no site is served beside it, nobody else finishes a restore that was killed.
        """
        with first_start.plain_failure():
            first_start.finish_restore(self.say)
        self.say("Milepost's task worker is ready (Ctrl-C stops it)")
        task_worker.work(os.getppid())

    def say(self, line: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()
