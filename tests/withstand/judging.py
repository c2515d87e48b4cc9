"""What no answer may be, whatever was asked: a 5xx, something alive, a missing header, a file that
programs cannot read. Each check gives sentences about what is wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from tests.withstand.requests import Answer, Request
from tests.withstand.values import MARK

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "",
    "content-security-policy": "default-src 'none'",
    "permissions-policy": "",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "",
    "x-frame-options": "DENY",
}
COOKIES = {
    "sessionid",
    "csrftoken",
    "messages",
    "milepost_browser",
    "milepost_guest",
    "milepost_read",
}
FORBIDDEN = {
    "base",
    "embed",
    "frame",
    "iframe",
    "object",
    "style",
    "foreignobject",
    "animate",
    "set",
}
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "poster",
    "data",
    "ping",
    "cite",
    "data-hx-get",
    "data-hx-post",
    "srcset",
    "background",
    "manifest",
}
LOADED = {"script", "img", "source", "video", "audio", "use", "image"}
# Scripts that a page carries are data.
DATA_SCRIPTS = {"application/ld+json", "application/json", "importmap"}
OWN_HOST = re.compile(r"127\.0\.0\.1:\d+")
NUMBER = re.compile(r"[+-]?\d[\d.,]*|-")


def judge(request: Request, answer: Answer) -> list[str]:
    """Everything that is wrong with the answer; [] when it is as it should be."""
    wrong = [*_status(answer), *_headers(request, answer)]
    text = answer.body.decode("utf-8", "replace")
    if "Traceback (most recent call last)" in text:
        wrong.append("a traceback is shown")
    if request.method == "HEAD" or not answer.body:
        return wrong
    readers = {
        "text/html": _html,
        "application/json": _json,
        "application/ld+json": _json,
        "application/manifest+json": _json,
        "text/csv": _csv,
        "text/calendar": _calendar,
    }
    if reader := readers.get(answer.kind):
        wrong += reader(text)
    elif answer.kind.endswith("xml"):
        wrong += _xml(answer.body)
    return wrong


def _status(answer: Answer) -> Iterator[str]:
    if answer.status >= 500:
        yield f"status {answer.status}"


def _headers(request: Request, answer: Answer) -> Iterator[str]:
    # The server refuses what is no HTTP by itself, with a bare line and no type.
    if answer.status and (answer.kind or answer.status != 400):
        for name, start in HEADERS.items():
            if not answer.header(name).startswith(start) or not answer.header(name):
                yield f"header {name} is {answer.header(name)!r}"
    for name, text in answer.headers:
        if MARK in name.lower() or (name.lower() == "set-cookie" and not _is_ours(text)):
            yield f"header {name}: {text!r}"
    where = answer.header("location")
    if where and (urlsplit(where).netloc or where.startswith("/\\")):
        host = urlsplit(where).netloc
        if not OWN_HOST.fullmatch(host):
            yield f"leads to another host: {where!r}"


def _is_ours(cookie: str) -> bool:
    return cookie.partition("=")[0].removeprefix("__Host-") in COOKIES


def _json(text: str) -> Iterator[str]:
    try:
        json.loads(text)
    except ValueError as error:
        yield f"no JSON: {error}"


def _xml(body: bytes) -> Iterator[str]:
    try:
        root = ET.fromstring(body)
    except ET.ParseError as error:
        yield f"no XML: {error}"
        return
    for element in root.iter():
        if MARK in element.tag or any(MARK in name for name in element.attrib):
            yield f"an element of a payload: {element.tag}"


def _csv(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        for cell in row:
            if cell[:1] in "=+-@\t\r" and cell and not NUMBER.match(cell):
                yield f"a spreadsheet would compute {cell[:60]!r}"


def _calendar(text: str) -> Iterator[str]:
    for line in text.split("\r\n"):
        if len(line.encode()) > 75:
            yield f"a line of {len(line.encode())} bytes: {line[:60]!r}"
        name = re.split("[:;]", line, maxsplit=1)[0]
        if not line.startswith(" ") and (name in {"ATTENDEE", "BEGIN:VALARM"} or "\n" in line):
            yield f"a property of a payload: {line[:60]!r}"


def _html(text: str) -> list[str]:
    page = _Page()
    page.feed(text)
    page.close()
    return page.wrong


class _Page(HTMLParser):
    """Reads a page as browsers do and notes what in it is no work of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: text or "" for name, text in attrs}
        if tag in FORBIDDEN or MARK in tag:
            self.wrong.append(f"<{tag}> {given}")
        if tag == "meta" and given.get("http-equiv", "").lower() not in {"", "x-ua-compatible"}:
            self.wrong.append(f"<meta> {given}")
        for name, text in given.items():
            if name.startswith("on") or name in {"style", "srcdoc"} or MARK in name:
                self.wrong.append(f"<{tag} {name}={text[:80]!r}>")
            elif name in ADDRESSES:
                self.judge_address(tag, name, text)
        if tag == "script":
            self.script = given.get("type", "")

    handle_startendtag = handle_starttag

    def judge_address(self, tag: str, name: str, text: str) -> None:
        """Only the web and mail, and nothing loaded or sent from or to anywhere else."""
        squeezed = re.sub(r"[\x00-\x20]", "", text).lower()
        scheme = re.match(r"[a-z][a-z0-9+.-]*:", squeezed)
        if scheme and scheme[0] not in {"http:", "https:", "mailto:"}:
            self.wrong.append(f"<{tag} {name}={text[:80]!r}>")
        elsewhere = squeezed.startswith(("//", "/\\", "http:", "https:"))
        own = OWN_HOST.match(squeezed.partition("//")[2])
        if elsewhere and not own and (tag in LOADED or "action" in name or tag == "link"):
            allowed = tag == "link" and "evil.example" not in squeezed
            if not allowed:
                self.wrong.append(f"<{tag} {name}={text[:80]!r}>")
        if squeezed.startswith(("//", "/\\")):
            self.wrong.append(f"<{tag} {name}={text[:80]!r}> leads to another host")

    def handle_data(self, data: str) -> None:
        if self.script is None or not data.strip():
            return
        if self.script not in DATA_SCRIPTS:
            self.wrong.append(f"a script in the page: {data[:80]!r}")
            return
        self.wrong += list(_json(data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.script = None

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.wrong.append(f"a comment of a payload: {data[:80]!r}")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"an instruction of a payload: {data[:80]!r}")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"a declaration of a payload: {data[:80]!r}")
