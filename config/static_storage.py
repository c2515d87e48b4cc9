"""Static files of a real site: hashed names, compressed once, and one stylesheet instead of thirty.

The stylesheets are written as one file a component and named in order, with their cascade layers,
by the `@import` rules of `css/site.css` (CSS Cascading and Inheritance Level 5, section 2.1). A
browser reads them so in development; `collectstatic` joins them, so that a page asks for one file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import brotli
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The stylesheets whose imports are joined.
JOINED = ("css/site.css",)

_STRING = r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"""
_COMMENT = re.compile(rf"({_STRING})|/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(
    rf"""@import\s+(?:url\(\s*)?(?P<address>{_STRING}|[^\s"'();]+)\s*\)?"""
    r"""\s*(?:layer\(\s*(?P<layer>[\w.-]+)\s*\)|(?P<unnamed>layer\b))?\s*(?P<media>[^;]*);""",
    re.IGNORECASE,
)
_URL = re.compile(rf"""url\(\s*(?P<address>{_STRING}|[^\s"'()]+)\s*\)""", re.IGNORECASE)


class CannotJoin(ValueError):
    """A stylesheet whose imports cannot be joined; the message says which and why."""


def join_imports(name: str, read: Callable[[str], str]) -> str:
    """The stylesheet `name` with the content of what it imports, in place of its `@import` rules.

    `read` gives the text of a stylesheet by its name among the static files, and raises OSError or
    KeyError when there is none. Layers and media become blocks around the content, relative
    addresses are rewritten for the folder of `name`, comments are left out. Raises CannotJoin for
    an import that is missing, of another host, under a condition, or part of a circle.
    """
    return _join(name, posixpath.dirname(name), read, ())


def _join(name: str, folder: str, read: Callable[[str], str], above: tuple[str, ...]) -> str:
    if name in above:
        raise CannotJoin(f"{name} imports itself by way of {above[-1]}.")
    try:
        text = read(name)
    except (OSError, KeyError) as error:
        raise CannotJoin(
            f"{above[-1] if above else name} needs {name}, which is missing."
        ) from error
    here = posixpath.dirname(name)

    def content(match: re.Match[str]) -> str:
        address = match["address"].strip("\"'")
        media = match["media"].strip()
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or address.startswith("/"):
            raise CannotJoin(f"{name} imports {address}; only files beside it can be joined.")
        if media.lower().startswith("supports("):
            raise CannotJoin(f"{name} imports {address} under a condition ({media}).")
        inner = _join(
            posixpath.normpath(posixpath.join(here, address)), folder, read, (*above, name)
        )
        if match["layer"] or match["unnamed"]:
            layer = f"@layer {match['layer']}" if match["layer"] else "@layer"
            inner = f"{layer} {{\n{inner}}}\n"
        return f"@media {media} {{\n{inner}}}\n" if media else inner

    pieces = []
    end = 0
    text = strip_comments(text)
    for match in _IMPORT.finditer(text):
        pieces += [_moved(text[end : match.start()], here, folder), content(match)]
        end = match.end()
    pieces.append(_moved(text[end:], here, folder))
    lines = (line.rstrip() for line in "".join(pieces).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def strip_comments(text: str) -> str:
    """A stylesheet without its comments; what looks like one inside a string stays."""
    return _COMMENT.sub(lambda match: match[1] or " ", text)


def _moved(text: str, here: str, folder: str) -> str:
    """Rules of a stylesheet in folder `here` as they must read in one in `folder`."""
    if here == folder:
        return text

    def rewritten(match: re.Match[str]) -> str:
        address = match["address"].strip("\"'")
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or address.startswith(("/", "#")):
            return match[0]
        return f'url("{posixpath.relpath(posixpath.join("/", here, address), f"/{folder}")}")'

    return _URL.sub(rewritten, text)


class QuickCompressor(Compressor):
    """Compresses what every page needs as well as it can be, and the admin's big scripts quickly.

    Brotli's best quality takes ten times as long as the next and saves a tenth of the bytes. For
    files over 64 KiB, which no public page uses, that would be seconds of a first start.
    """

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """The data in Brotli's format (RFC 7932)."""
        compressed: bytes = brotli.compress(data, quality=11 if len(data) <= 64 * 1024 else 9)
        return compressed


class JoiningStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with joined stylesheets, and compressing only what pages link to."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Join the stylesheets, then hash and compress as WhiteNoise does; see `collectstatic`."""
        if not dry_run:
            paths = {
                **paths,
                **{name: self._joined(name, paths) for name in JOINED if name in paths},
            }
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _joined(self, name: str, paths: dict[str, Any]) -> tuple[JoiningStorage, str]:
        """Write the joined stylesheet over the collected one; where it lies now."""

        def read(wanted: str) -> str:
            storage, path = paths[wanted]
            with storage.open(path) as file:
                content: bytes = file.read()
            return content.decode()

        content = join_imports(name, read)
        self.delete(name)
        self._save(name, ContentFile(content.encode()))
        return self, name

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """The compressor that `collectstatic` uses."""
        return QuickCompressor(**kwargs)

    def compress_files(self, paths: set[str]) -> Iterator[Any]:
        """Compress the files under their hashed names: nothing links to the others."""
        return super().compress_files(paths & set(self.hashed_files.values()))
