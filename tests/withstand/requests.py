"""A request as one value, and sending it: over a socket as it is, or to the application."""

from __future__ import annotations

import contextlib
import io
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

from tests.withstand.values import Value, as_bytes

type Pairs = list[tuple[str, Value]]

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: the target as it stands in the first line, headers as they are written.

    `slow` sends the body in so many pieces with pauses; `lies` sends another length than there is.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    actor: str = ""
    about: str = ""
    slow: int = 0
    lies: int | None = None

    def raw(self, host: str) -> tuple[bytes, bytes]:
        """Head and body as bytes; headers may hold what no header should."""
        given = {name.lower() for name, _value in self.headers}
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"Host: {host}"] if "host" not in given else []
        lines += [f"{name}: {text}" for name, text in self.headers]
        if "content-length" not in given and (self.body or self.method in {"POST", "PUT"}):
            lines.append(f"Content-Length: {len(self.body) if self.lies is None else self.lies}")
        lines.append("Connection: close")
        head = "\r\n".join(lines) + "\r\n\r\n"
        return head.encode("utf-8", "surrogatepass"), self.body

    def describe(self, host: str) -> str:
        """The request for somebody who has to send it again."""
        head, body = self.raw(host)
        return f"{self.about} as {self.actor or 'nobody'}\n{head!r}\n{body[:2000]!r}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 when the server closed the connection without a word."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    seconds: float = 0.0

    def header(self, name: str) -> str:
        """The first header of this name, or ''."""
        return next((text for key, text in self.headers if key.lower() == name.lower()), "")

    @property
    def kind(self) -> str:
        """The media type without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()


def encode(pairs: Iterable[tuple[str, Value]]) -> bytes:
    """A form or query string."""
    return "&".join(
        f"{quote_plus(as_bytes(name))}={quote_plus(as_bytes(text))}" for name, text in pairs
    ).encode()


def over_socket(request: Request, port: int, patience: float) -> Answer:
    """Send it to a server on this machine. Raises OSError when nothing is answered in time."""
    head, body = request.raw(f"127.0.0.1:{port}")
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        try:
            connection.sendall(head)
            step = max(1, -(-len(body) // request.slow)) if request.slow else max(1, len(body))
            for start in range(0, len(body), step):
                connection.sendall(body[start : start + step])
                time.sleep(0.3 if request.slow else 0)
        except (BrokenPipeError, ConnectionResetError):
            # The server has answered before it read everything, which is its right.
            pass
        if request.lies is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
        response = HTTPResponse(connection, method=request.method)
        try:
            response.begin()
            content = response.read()
        except (HTTPException, ConnectionResetError):
            return Answer(0, seconds=time.monotonic() - began)
        seconds = time.monotonic() - began
        return Answer(response.status, response.getheaders(), content, seconds)


def to_application(application: Any, request: Request) -> Answer:
    """Hand it to a WSGI application, as a server would that lets everything through."""
    path, _, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(request.body) if request.lies is None else request.lies),
    }
    for name, text in request.headers:
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = text.encode("utf-8", "surrogatepass").decode("latin-1")
    given: list[Any] = []
    began = time.monotonic()
    response = application(environ, lambda *start: given.extend(start))
    try:
        content = b"".join(response)
    finally:
        response.close()
    return Answer(int(given[0].split()[0]), given[1], content, time.monotonic() - began)
