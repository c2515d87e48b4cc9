"""The whole public site as files that any file server gives, read as anybody may read it.

Everything comes from the site's own answers to a reader without cookies, so nothing can be in a
copy that is not public; the database is only asked for names to begin with.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.exporting import rewriting
from articles.exporting.addresses import Addresses, Kind, file_of
from articles.exporting.folder import ExportError, Folder
from articles.exporting.reading import Answer, Reader, site_at
from articles.exporting.rewriting import Notes, Rewritten
from articles.models import OldSlug, Page

logger = logging.getLogger(__name__)

# What readers or programs find without a link.
ENTRANCES = ("/", "/sitemap.xml", "/robots.txt", "/llms.txt", "/apple-touch-icon.png")
NOT_FOUND = "404.html"
# An address that nothing has: what is said there is said of all such.
_NOWHERE = "/nothing/is/here/"
_TEXTS = {"application/xml", "text/xml", "application/atom+xml", "application/rss+xml"}
_MOVED = {301, 302, 303, 307, 308}
_GONE = {403, 404, 410}
_MOST_STEPS = 5


@dataclass(slots=True)
class Counts:
    """What an export did."""

    pages: int = 0
    redirects: int = 0
    files: int = 0
    links_taken_out: int = 0
    written: int = 0
    removed: int = 0
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """All files of the copy."""
        return self.pages + self.redirects + self.files

    @property
    def unchanged(self) -> int:
        """Those that were right already."""
        return self.total - self.written


@dataclass(frozen=True, slots=True)
class Exported:
    """A copy that was made, and the addresses that pages lead to and nothing is at."""

    counts: Counts
    missing: list[tuple[str, str]]


type Progress = Callable[[Counts, Callable[[], int]], None]


def export(
    path: Path, addresses: Addresses, progress: Progress = lambda _counts, _waiting: None
) -> Exported:
    """Make or renew a copy of the public site in a folder.

    `progress` is called after each address, with the counts so far and what says how many are
    waiting. Raises ExportError with a sentence, and then the folder is as it was.
    """
    began = time.monotonic()
    try:
        with Folder(path) as folder, site_at(addresses.url):
            work = _Export(folder, addresses, Reader(), progress)
            work.run()
            work.counts.written, work.counts.removed = folder.finish()
            work.counts.seconds = time.monotonic() - began
            return Exported(work.counts, folder.frontier.missing())
    except (OSError, sqlite3.Error) as error:
        # Its own notes stand on the same disk as the copy.
        raise ExportError(f"{path} cannot be written: {error}.") from error


class _Export:
    """One making of a copy."""

    def __init__(
        self, folder: Folder, addresses: Addresses, reader: Reader, progress: Progress
    ) -> None:
        self.folder, self.addresses, self.reader = folder, addresses, reader
        self.progress = progress
        self.frontier = folder.frontier
        self.counts = Counts()
        self.missing: frozenset[str] = frozenset()
        self.notes = Notes(
            foot=_(
                "This is a copy of the site as files: searching, filtering, commenting and signing "
                "in are not part of it."
            ),
            filter=_("In this copy of the site the timeline cannot be filtered."),
            comment=_("In this copy of the site no comments can be written."),
        )

    def run(self) -> None:
        """Read everything that can be reached, then what led to nothing once more."""
        for names in batched(self._entrances(), 200, strict=False):
            self.frontier.add(names)
        for number, address in self.frontier.waiting():
            found = self._copy(address, number)
            if address == "/" and not found:
                # A copy of nothing would take the place of one that is good.
                raise ExportError("The front page cannot be read. The copy was not changed.")
            self.frontier.note(number, found=found)
            self.progress(self.counts, self.frontier.count_waiting)
        # Pages that lead to what is not there are made again without these links.
        self.missing = frozenset(address for address, _page in self.frontier.missing())
        for _number, address in self.frontier.leading_nowhere() if self.missing else []:
            answer = self.reader.get(address)
            if answer.status == 200:
                self._write(address, self._rewritten(address, answer) or answer.content)
        self._copy_not_found()

    def _entrances(self) -> Iterator[str]:
        yield from ENTRANCES
        yield from (reverse(f"articles:{name}_feed") for name in ("articles", "comments"))
        # Names alone: whether there is anything to see at them, the site says.
        for slug in Page.objects.values_list("slug", flat=True).iterator():
            yield f"/pages/{slug}/"
        for slug in OldSlug.objects.order_by("pk").values_list("slug", flat=True).iterator():
            yield f"/articles/{slug}/"

    def _copy(self, address: str, number: int) -> bool:
        """Bring what is at an address into the copy; whether there is anything."""
        answer = self.reader.get(address)
        if answer.status in _MOVED:
            return self._copy_redirect(address, answer, number)
        if not self._is_there(address, answer):
            return False
        rewritten = self._rewritten(address, answer)
        if rewritten is None:
            self.counts.files += 1
            self._write(address, answer.content)
            return True
        is_page = answer.content_type == "text/html"
        self.counts.pages += is_page
        self.counts.files += not is_page
        self.counts.links_taken_out += rewritten.taken_out
        self._write(address, rewritten)
        found = {target.address for target in rewritten.targets} - {address}
        self.frontier.add(sorted(found), number)
        if is_page:
            self.frontier.add(self._beside(address, rewritten.text))
        return True

    def _is_there(self, address: str, answer: Answer) -> bool:
        """Whether an answer that is no redirect is a page; ExportError for what should not be."""
        if answer.status not in {200, *_GONE}:
            raise ExportError(
                f"{address} answers {answer.status}; the log says why. The copy was not changed."
            )
        return answer.status == 200

    def _beside(self, address: str, text: str) -> Iterator[str]:
        """The addresses beside a page that scripts ask for, or that stand in no link."""
        match address.strip("/").split("/"):
            case ["articles", _slug] if "?" not in address:
                yield f"{address}discussion/"
                if 'id="timeline"' in text:
                    yield f"{address}timeline/"
                if not self.addresses.relative:
                    yield f"{address}preview/"
            case ["terms", _slug] if "?" not in address and not self.addresses.relative:
                yield f"{address}preview/"

    def _rewritten(self, address: str, answer: Answer) -> Rewritten | None:
        """The answer as it stands in the copy; None for one that stands there as it is."""
        kind = answer.content_type
        if kind == "text/html":
            text = answer.content.decode()
            return rewriting.rewrite_page(text, address, self.addresses, self.missing, self.notes)
        if kind == "text/css":
            return rewriting.rewrite_stylesheet(answer.content.decode(), address, self.addresses)
        if kind in _TEXTS:
            return rewriting.rewrite_text(answer.content.decode(), address, self.addresses)
        return None

    def _write(self, address: str, content: Rewritten | bytes) -> None:
        data = content if isinstance(content, bytes) else content.text.encode()
        try:
            self.folder.write(file_of(address), data)
        except OSError as error:
            raise ExportError(
                f"{file_of(address)} cannot be written: {error.strerror}. The copy was not changed."
            ) from error

    def _copy_redirect(self, address: str, answer: Answer, number: int) -> bool:
        """A page that leads on at once, to where the site leads."""
        target = self.addresses.read(answer.location, address)
        if target.kind is not Kind.PAGE or not file_of(address).endswith(".html"):
            return False
        if not self._leads_somewhere(target.address):
            return False
        page = rewriting.redirect_page(
            self.addresses.write(target, address), settings.SITE_URL, _("Go there")
        )
        self.counts.redirects += 1
        self._write(address, page.encode())
        self.frontier.add([target.address], number)
        return True

    def _leads_somewhere(self, address: str) -> bool:
        """Whether there is something at the end of the redirects that begin here."""
        for _step in range(_MOST_STEPS):
            # Mostly a page that leads to the first of them was the one at the end.
            if (was_there := self.frontier.was_there(address)) is not None:
                return was_there
            answer = self.reader.get(address)
            if answer.status not in _MOVED:
                return self._is_there(address, answer)
            target = self.addresses.read(answer.location, address)
            if target.kind is not Kind.PAGE:
                return False
            address = target.address
        return False

    def _copy_not_found(self) -> None:
        """What file servers give for an address that is not there, at any depth."""
        answer = self.reader.get(_NOWHERE)
        # Its links must be right wherever it is shown.
        addresses = Addresses(self.addresses.url, self.addresses.history)
        page = rewriting.rewrite_page(
            answer.content.decode(), _NOWHERE, addresses, self.missing, self.notes
        )
        self.counts.pages += 1
        self._write(NOT_FOUND, page)
