"""`manage.py unload_samples`: take the sample articles out again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from articles.management.plain import PlainCommand
from articles.management.samples import unload_samples


class Command(PlainCommand):
    """Removes every trace of the samples; what people wrote stays unless told otherwise."""

    help = (
        "Remove the sample articles with their comments, revisions, and the terms, tracks, tags, "
        "categories and sources that nothing else uses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do with samples that somebody edited or discussed."""
        parser.add_argument(
            "--with-edited",
            action="store_true",
            help="also remove samples that were edited or discussed on this site",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them, and say what stayed."""
        removed, kept = unload_samples(with_edited=options["with_edited"])
        self.stdout.write(f"Sample articles removed: {removed}")
        for title in kept:
            reason = "Kept, because people worked on it here"
            self.stdout.write(f"{reason}: {title} (see --with-edited)")
