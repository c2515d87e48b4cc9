"""Static files of a real site: hashed names, compressed once, one stylesheet and one script.

The stylesheets are written as one file a component and named in order, with their cascade layers,
by the `@import` rules of `css/site.css` (CSS Cascading and Inheritance Level 5, section 2.1). A
browser reads them so in development; `collectstatic` joins them, so that a page asks for one file.
Scripts are named in order by `SITE_SCRIPTS` of the settings and joined in the same way.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The stylesheets whose imports are joined.
JOINED = ("css/site.css",)
# What the scripts of `SITE_SCRIPTS` become together.
SCRIPT = "js/site.js"

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


def join_scripts(names: Iterable[str], read: Callable[[str], str]) -> str:
    """Classic scripts one after the other, without the lines that only hold a comment.

    Each is a block of its own (`{ … }`), so that what one declares is unknown to the others. `read`
    gives the text of a script by its name among the static files.
    """
    texts = []
    for name in names:
        lines = (line.rstrip() for line in read(name).splitlines())
        kept = [line for line in lines if line and not line.lstrip().startswith("//")]
        texts.append("{\n" + "\n".join(kept) + "\n}\n")
    return "".join(texts)


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

            def read(wanted: str) -> str:
                storage, path = paths[wanted]
                with storage.open(path) as file:
                    content: bytes = file.read()
                return content.decode()

            joined = {name: join_imports(name, read) for name in JOINED if name in paths}
            if all(name in paths for name in settings.SITE_SCRIPTS):
                joined[SCRIPT] = join_scripts(settings.SITE_SCRIPTS, read)
            paths = {**paths, **{name: self._written(name, joined[name]) for name in joined}}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _written(self, name: str, content: str) -> tuple[JoiningStorage, str]:
        """Write a joined file over what was collected under its name; where it lies now."""
        self.delete(name)
        self._save(name, ContentFile(content.encode()))
        return self, name

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """The compressor that `collectstatic` uses."""
        return QuickCompressor(**kwargs)

    def compress_files(self, paths: set[str]) -> Iterator[Any]:
        """Compress the files under their hashed names: nothing links to the others."""
        return super().compress_files(paths & set(self.hashed_files.values()))
