"""`manage.py export_site`: the public site as files that any file server gives."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError

from articles.exporting.addresses import Addresses
from articles.exporting.folder import ExportError
from articles.exporting.site import Counts, Exported, export
from articles.management.first_start import collect_static_files
from articles.management.plain import PlainCommand

SECONDS_BETWEEN_LINES = 10
MOST_NAMED = 20


class Command(PlainCommand):
    """Says how far it is every ten seconds, and at the end what there is; status 1 on an error."""

    help = (
        "Write every public page, feed and file of the site into a folder, as anybody may read "
        "them, so that any file server can give them. Run it again to renew the folder: only what "
        "changed is written. Searching, filtering, comments and signing in are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, under which address, and how much."""
        parser.add_argument(
            "folder", metavar="DIR", type=Path, help="the folder; made when it is not there"
        )
        parser.add_argument(
            "--base-url",
            metavar="URL",
            default=settings.SITE_URL,
            help="the address that the copy will have, perhaps with a path; SITE_URL unless given",
        )
        parser.add_argument(
            "--history", action="store_true", help="also all revisions and what they changed"
        )
        parser.add_argument(
            "--relative",
            action="store_true",
            help="links that lead from file to file, to read the copy without a file server",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with one sentence; then the folder is as it was."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            url = read_base_url(options["base_url"])
            addresses = Addresses(url, history=options["history"], relative=options["relative"])
            collect_static_files()
            with without_request_lines():
                made = export(options["folder"], addresses, self._progress(options["verbosity"]))
        except ExportError as error:
            raise CommandError(str(error)) from error
        self._say_what(made, options["folder"])

    def _progress(self, verbosity: int) -> Callable[[Counts, Callable[[], int]], None]:
        last = time.monotonic()

        def progress(counts: Counts, waiting: Callable[[], int]) -> None:
            nonlocal last
            if verbosity and time.monotonic() - last >= SECONDS_BETWEEN_LINES:
                last = time.monotonic()
                self.stdout.write(f"{counts.total} read, {waiting()} known and waiting")
                self.stdout.flush()

        return progress

    def _say_what(self, made: Exported, folder: Path) -> None:
        counts = made.counts
        for address, page in made.missing[:MOST_NAMED]:
            self.stderr.write(
                f"{page} leads to {address}, where nothing is: the link was taken out"
            )
        if len(made.missing) > MOST_NAMED:
            self.stderr.write(f"… and {len(made.missing) - MOST_NAMED} more of these")
        self.stdout.write(
            f"{folder}: {counts.pages} pages, {counts.files} other files, {counts.redirects} "
            f"redirects; {counts.written} written, {counts.unchanged} unchanged, "
            f"{counts.removed} removed; {counts.links_taken_out} links to what needs a server "
            f"taken out; {counts.seconds:.0f} s"
        )


@contextmanager
def without_request_lines() -> Iterator[None]:
    """Log no line for each page that is read."""
    logger = logging.getLogger("config.request_log")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def read_base_url(text: str) -> str:
    """The address of a copy without a slash at its end. Raises ExportError for what is none."""
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or parts.query or parts.fragment or "@" in parts.netloc:
        raise ExportError(f"--base-url is “{text}”; it is like https://example.org or …/path.")
    return text.rstrip("/")
