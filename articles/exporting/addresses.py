"""Where each address of the site lies in a copy of files, and which addresses a copy cannot have.

An address here is a path and perhaps a query, as people read them (`/articles/café/?page=2`). A
page `/articles/x/` becomes `articles/x/index.html`, which every file server gives under the same
address. Only a page of a list, which is named by a query, gets an address of its own. Knows no
database.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

INDEX = "index.html"
# What file systems allow in a name.
_LONGEST_NAME = 255

# What needs a server: forms, searches, people's own pages.
_SERVER = re.compile(
    r"/(?:admin|accounts|search|comments/manage)/|/healthz$|/readyz$|/opensearch\.xml$"
    r"|/articles/[^/]+/(?:since|discussion/new)/"
    # An icon in a form that its name does not say, as only a server can.
    r"|/favicon\.ico$"
)
_HISTORY = re.compile(r"/articles/[^/]+/history/")
_PREVIEW = re.compile(r"/(?:articles|terms)/[^/]+/preview/$")
# The queries that name a page of a list, by the paths that know them.
_PAGED = re.compile(
    r"/(?:articles|terms|sources)/$|/(?:categories|tags|authors|terms|sources)/[^/]+/$"
    r"|/articles/[^/]+/(?:discussion|history|links)/$"
)
_STEPPED = re.compile(r"/timeline/$|/articles/[^/]+/(?:timeline/)?$")
_SITEMAP = re.compile(r"/sitemap-[a-z]+\.xml$")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_STEP = re.compile(r"[-\w]{1,200}")


class Kind(Enum):
    """What a link leads to."""

    PAGE = "page"
    # A page that only a server can make.
    LEFT_OUT = "left out"
    # Another site, or a place on the same page.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to: the address of a page of the site, and the place on it.

    `absolute` says that the link names the site's host.
    """

    kind: Kind
    address: str = ""
    fragment: str = ""
    absolute: bool = False


OTHER = Target(Kind.OTHER)
LEFT_OUT = Target(Kind.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Addresses:
    """How a copy is addressed: at `url`, the address of its front page without the slash.

    `history` takes revisions in. With `relative` its pages lead to each other's files, so that it
    can also be read without a file server.
    """

    url: str
    history: bool = False
    relative: bool = False

    @property
    def prefix(self) -> str:
        """The path below which the copy lies, '' at the root of its host."""
        return urlsplit(self.url).path

    def read(self, link: str, page: str) -> Target:
        """What a link on the page of this address leads to."""
        absolute = link == self.url or link.startswith((f"{self.url}/", f"{self.url}?"))
        try:
            inner = link[len(self.url) :] if absolute else link
            parts = urlsplit(inner)
            if parts.scheme or parts.netloc or inner.startswith("#"):
                return OTHER
            parts = urlsplit(urljoin(quote(page, safe="/?=&"), inner or "/"))
            path, query = unquote(parts.path, errors="strict"), parts.query
        except ValueError:
            return OTHER
        if not path.startswith("/"):
            return OTHER
        if "." not in path.rpartition("/")[2] and not path.endswith("/"):
            # The site itself leads to the address with a slash.
            path += "/"
        if not self._is_kept(path) or (step := page_of(path, query)) is None:
            return LEFT_OUT
        return Target(Kind.PAGE, path + step, parts.fragment, absolute)

    def _is_kept(self, path: str) -> bool:
        if {"", ".", ".."} & set(path.strip("/").split("/")) - ({""} if path == "/" else set()):
            return False
        if "\0" in path or _SERVER.match(path):
            return False
        if not self.history and _HISTORY.match(path):
            return False
        return not (self.relative and _PREVIEW.match(path))

    def write(self, target: Target, page: str) -> str:
        """The link that leads to a page of the copy from the page of this address."""
        fragment = f"#{target.fragment}" if target.fragment else ""
        there = path_of(target.address)
        if target.absolute:
            return f"{self.url}{quote(there)}{fragment}"
        if not self.relative:
            return f"{self.prefix}{quote(there)}{fragment}"
        here = posixpath.dirname(f"/{file_of(page)}")
        return f"{quote(posixpath.relpath(f'/{file_of(target.address)}', here))}{fragment}"


def page_of(path: str, query: str) -> str | None:
    """The query that names a page of a list at this path, '' for the first; None for any other."""
    try:
        said = [(name, value) for name, value in parse_qsl(query, max_num_fields=5) if value]
    except ValueError:
        return None
    if not said:
        return ""
    if len(said) > 1:
        return None
    ((name, value),) = said
    if name == "page" and _PAGED.match(path) and _NUMBER.fullmatch(value):
        return f"?page={value}" if value != "1" else ""
    if name == "at" and _STEPPED.match(path) and _STEP.fullmatch(value):
        return f"?at={value}"
    if name == "p" and _SITEMAP.match(path) and _NUMBER.fullmatch(value):
        return f"?p={value}" if value != "1" else ""
    return None


def path_of(address: str) -> str:
    """The path of an address in the copy, which has no queries.

    >>> path_of("/articles/?page=2"), path_of("/sitemap-terms.xml?p=2")
    ('/articles/page/2/', '/sitemap-terms-2.xml')
    """
    path, _mark, query = address.partition("?")
    path = "/".join(map(_name, path.split("/")))
    if not query:
        return path
    name, _equals, value = query.partition("=")
    if path.endswith("/"):
        return f"{path}{name}/{_name(value)}/"
    stem, dot, ending = path.rpartition(".")
    return f"{stem}-{value}{dot}{ending}"


def file_of(address: str) -> str:
    """The file of an address, as a path below the folder of the copy.

    >>> file_of("/"), file_of("/articles/x/"), file_of("/articles/x.md")
    ('index.html', 'articles/x/index.html', 'articles/x.md')
    """
    path = path_of(address).lstrip("/")
    return path + INDEX if not path or path.endswith("/") else path


def _name(name: str) -> str:
    """A part of a path that file systems can hold: a slug may be longer."""
    encoded = name.encode()
    if len(encoded) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    kept = stem.encode()[: 200 - len(ending)].decode(errors="ignore")
    return f"{kept}-{hashlib.sha256(encoded).hexdigest()[:12]}{dot}{ending}"
