"""Reading an exported copy of a site as a file server gives it: what its links lead to."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

_URL = re.compile(r"""url\(\s*["']?([^"')\s]+)""")
_LOC = re.compile(r"<loc>([^<]+)</loc>|href=\"([^\"]+)\"|href=&quot;(.+?)&quot;")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids |= {value for name in ("id", "name") if (value := known.get(name))}
        self.links += [
            value for name in ("href", "src", "action", "poster") if (value := known.get(name))
        ]
        self.links += [value or "" for name, value in attrs if name.startswith("data-hx-")]
        if known.get("http-equiv") == "refresh":
            self.links.append((known["content"] or "").partition("url=")[2])
        if known.get("property") in {"og:url", "og:image"}:
            self.links.append(known["content"] or "")


@contextmanager
def one_connection() -> Iterator[None]:
    """As Django's own client: a request must not close the connection of a test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@dataclass
class Walk:
    """What following every link from the front page found."""

    # Path below the folder -> the ids on it.
    seen: dict[str, set[str]] = field(default_factory=dict)
    broken: list[tuple[str, str]] = field(default_factory=list)
    without_place: list[tuple[str, str]] = field(default_factory=list)
    links: int = 0


def file_at(folder: Path, path: str) -> str | None:
    """What a plain file server gives for a path: the file, or the index of the folder."""
    name = unquote(path).lstrip("/")
    there = folder / name
    if not name or name.endswith("/"):
        there, name = there / "index.html", f"{name}index.html"
    return name if there.is_file() else None


def walk(folder: Path, base: str = "http://127.0.0.1:8000") -> Walk:
    """Follow every link of the copy that is served at `base`, from the front page on."""
    found, ahead = Walk(), deque(["index.html", "404.html", "sitemap.xml", "robots.txt"])
    pairs: list[tuple[str, str, str]] = []
    while ahead:
        name = ahead.popleft()
        if name in found.seen:
            continue
        found.seen[name] = set()
        address = f"{base}/{name.removesuffix('index.html')}"
        for link in links_of(folder / name, found.seen[name]):
            url = urlsplit(urljoin(address, link))
            whole = f"{url.scheme}://{url.netloc}{url.path}"
            if whole != base and not whole.startswith(f"{base}/"):
                # A root-relative link that leaves the folder of the copy leads nowhere.
                if f"{url.scheme}://{url.netloc}" == "/".join(base.split("/")[:3]):
                    found.broken.append((name, link))
                continue
            found.links += 1
            target = None if url.query else file_at(folder, whole[len(base) :])
            if target is None:
                found.broken.append((name, link))
                continue
            ahead.append(target)
            if url.fragment:
                pairs.append((name, target, unquote(url.fragment)))
    found.without_place = [
        (name, f"{target}#{fragment}")
        for name, target, fragment in pairs
        if target.endswith(".html") and fragment not in found.seen[target]
    ]
    return found


def links_of(path: Path, ids: set[str]) -> list[str]:
    """The links of a file; the ids on a page are added to `ids`."""
    if path.suffix == ".html":
        page = _Links()
        page.feed(path.read_text(encoding="utf-8"))
        ids |= page.ids
        return page.links
    if path.suffix == ".css":
        return _URL.findall(path.read_text(encoding="utf-8"))
    if path.suffix in {".xml", ".atom"}:
        text = path.read_text(encoding="utf-8")
        return [link for groups in _LOC.findall(text) for link in groups if link]
    return []
