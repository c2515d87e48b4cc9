"""A page as the page cache keeps it: compressed bytes, and the headers for each way to ask."""

from __future__ import annotations

import hashlib
import threading
import time

import brotli

from articles.stamp import Stamp
from config.compression import COMPRESSIBLE, SHORTEST, choose_encoding, compress, weaken

type Headers = list[tuple[str, str]]

# An answer that was kept has no id of a request, and its date is the server's to give.
NOT_KEPT = {"content-length", "content-encoding", "etag", "date", "x-request-id"}
# RFC 9110, section 15.4.5: what says nothing without the content.
OF_CONTENT = {"content-type", "content-length", "content-encoding", "content-language"}
# Beside the bytes: headers, key and objects.
OVERHEAD = 4000

_encodings: dict[str, str] = {}


def encoding_for(header: str) -> str:
    """What `choose_encoding` says, remembered: there are few browsers."""
    found = _encodings.get(header)
    if found is None:
        if len(_encodings) > 200:
            _encodings.clear()
        found = _encodings[header] = choose_encoding(header)
    return found


class KeptPage:
    """An answer 200 to everybody. Right while the stamp is `stamp` and the clock before `until`.

    `until` and `made` are times of `time.monotonic`. `aged` says that `until` is only the age at
    which it is made anew, and no moment at which it becomes wrong.
    """

    def __init__(
        self, headers: Headers, content: bytes, *, stamp: Stamp, until: float, aged: bool
    ) -> None:
        self.stamp, self.until, self.aged = stamp, until, aged
        self.made = time.monotonic()
        # Whether it is shown beyond its time, because no newer one can be made.
        self.outlived = False
        named = {name.lower(): value for name, value in headers}
        self.tag = named.get("etag") or f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        self.opaque = self.tag.removeprefix("W/")
        self._headers = [pair for pair in headers if pair[0].lower() not in NOT_KEPT]
        self._length = len(content)
        self._lock = threading.Lock()
        self._packed = b""
        if len(content) >= SHORTEST and COMPRESSIBLE.match(named.get("content-type", "")):
            # No better than for a page that is sent once: of 168 KB, quality 5 makes 25.7 KB in
            # 2.3 ms, 7 saves 2 % of that for 1.7 ms more, and 10 saves 12 % for 46 ms. That is too
            # long, after each write, for every page that is asked for again.
            packed = compress(content, "br")
            self._packed = packed if len(packed) < len(content) else b""
        # By encoding; those that few ask for are made when one does, from the packed bytes.
        self._forms: dict[str, tuple[Headers, bytes]] = {}
        best = "br" if self._packed else ""
        self._forms[best] = self._form(best, self._packed or content)
        shown = [pair for pair in self._headers if pair[0].lower() not in OF_CONTENT]
        # As it is, and compressed.
        self._unchanged: tuple[Headers, ...] = tuple(
            [*shown, ("ETag", tag)] for tag in (self.tag, weaken(self.tag))
        )
        # Room for the other forms, too: gzip is an eighth longer, and plain text is not kept.
        self.size = OVERHEAD + (len(self._packed) * 9 // 4 if self._packed else len(content))

    def form(self, accepted: str) -> tuple[Headers, bytes]:
        """Headers and bytes for an Accept-Encoding header."""
        encoding = encoding_for(accepted) if self._packed else ""
        found = self._forms.get(encoding)
        if found is None:
            with self._lock:
                found = self._forms.get(encoding) or self._unpacked(encoding)
        return found

    def unchanged(self, if_none_match: str, accepted: str) -> Headers | None:
        """Headers of 304, when an If-None-Match header names this page; tags are compared weakly.

        They have the tag that 200 has for the Accept-Encoding header (RFC 9110, section 15.4.5).
        """
        if self.opaque in if_none_match or if_none_match.strip() == "*":
            return self._unchanged[1 if self._packed and encoding_for(accepted) else 0]
        return None

    def _unpacked(self, encoding: str) -> tuple[Headers, bytes]:
        made = self._form(encoding, compress(brotli.decompress(self._packed), encoding))
        if encoding:
            self._forms[encoding] = made
        return made

    def _form(self, encoding: str, body: bytes) -> tuple[Headers, bytes]:
        headers = [*self._headers, ("Content-Length", str(len(body)))]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("ETag", weaken(self.tag) if encoding else self.tag))
        return headers, body
