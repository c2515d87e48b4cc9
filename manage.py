#!/usr/bin/env python
"""Milepost's command line: `uv run manage.py serve` starts the site, `help` lists the rest."""

import os
import signal
import sys
from typing import Any


def end_at_once(*_signal: Any) -> None:
    """Ctrl-C while code is loaded: nothing is begun, and an exception might be swallowed there."""
    # 128 + SIGINT, as a shell says it.
    os._exit(130)


# A process whose starter had it ignore Ctrl-C goes on doing that.
if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, end_at_once)


def main() -> None:
    """Run a management command; one whose reader has gone, as behind `| head`, ends quietly."""
    try:
        try:
            run()
        finally:
            # Here and not when Python ends, which would complain of it.
            if sys.stdout:
                sys.stdout.flush()
    except BrokenPipeError:
        from articles.management.closed_pipe import end_quietly, is_unread

        if not is_unread():
            raise
        end_quietly()


def run() -> None:
    """Run a management command; a database that is not ready yet is said in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["serve"]:
        from config.environment import set_default
        from config.site_setting import served_url

        if url := served_url(sys.argv[2:]):
            set_default("SITE_URL", url, "where this command listens")
    from django.core.management import BaseCommand, ManagementUtility
    from django.db import OperationalError, ProgrammingError

    class Commands(ManagementUtility):
        def fetch_command(self, subcommand: str) -> BaseCommand:
            command = super().fetch_command(subcommand)
            # All is loaded. From here on a command may have something to put back.
            if signal.getsignal(signal.SIGINT) is end_at_once:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            return command

    try:
        Commands(sys.argv).execute()
    except (OperationalError, ProgrammingError) as error:
        if sentence := explain(error):
            sys.exit(sentence)
        raise
    except KeyboardInterrupt:
        sys.exit(130)


def explain(error: Exception) -> str:
    """One sentence for a database that is out of reach or not migrated; '' for anything else."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from articles.upkeep.lost_database import lost

    if sentence := lost():
        return sentence
    try:
        connection.close()
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return f"The database cannot be reached: {' '.join(str(error).split())}"
    # What stopped the very command that is named here has to be said as it is.
    if missing and sys.argv[1:2] != ["migrate"]:
        return "The database is not ready: run “uv run manage.py migrate” first."
    return ""


if __name__ == "__main__":
    main()
