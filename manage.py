#!/usr/bin/env python
"""Milepost's command line: `uv run manage.py serve` starts the site, `help` lists the rest."""

import os
import sys


def main() -> None:
    """Run a management command; a database that is not ready yet is said in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["serve"]:
        from config.environment import set_default
        from config.site_setting import served_url

        if url := served_url(sys.argv[2:]):
            set_default("SITE_URL", url, "where this command listens")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        if sentence := explain(error):
            sys.exit(sentence)
        raise
    except KeyboardInterrupt:
        # 128 + SIGINT, as a shell says it.
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
    if missing:
        return "The database is not ready: run “uv run manage.py migrate” first."
    return ""


if __name__ == "__main__":
    main()
