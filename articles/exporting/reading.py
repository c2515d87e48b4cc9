"""Reading the site as anybody may: through its own handler, without cookies, in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answers: status, kind of content, where else it is, and the content."""

    status: int
    content_type: str
    location: str
    content: bytes


class Reader:
    """Somebody who reads the site under its address and is nobody."""

    def __init__(self) -> None:
        self.handler: Callable[..., Any] = WSGIHandler()
        url = urlsplit(settings.SITE_URL)
        port = url.port or (443 if url.scheme == "https" else 80)
        self.environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "SERVER_NAME": url.hostname,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": url.netloc,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": url.scheme,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if proxied := settings.SECURE_PROXY_SSL_HEADER:
            self.environ[proxied[0]] = proxied[1] if url.scheme == "https" else "http"

    def get(self, address: str) -> Answer:
        """The answer to a request for an address: a path and perhaps a query."""
        path, _mark, query = address.partition("?")
        said: list[Any] = []
        response = self.handler(
            {
                **self.environ,
                # PEP 3333: bytes, as text of Latin-1.
                "PATH_INFO": path.encode().decode("latin-1"),
                "QUERY_STRING": query,
                "wsgi.input": io.BytesIO(),
            },
            lambda status, headers, *_rest: said.extend([status, headers]),
        )
        try:
            content = b"".join(response)
        finally:
            response.close()
        named = {name.lower(): value for name, value in said[1]}
        return Answer(
            int(said[0].split()[0]),
            named.get("content-type", "").partition(";")[0].strip().lower(),
            named.get("location", ""),
            content,
        )


@contextmanager
def site_at(url: str) -> Iterator[None]:
    """Have the site believe that this is its address; for a process that serves nobody.

    Make a `Reader` inside. Whatever scheme the address has, nobody is sent to another.
    """
    host = urlsplit(url).hostname or ""
    there = {
        "SITE_URL": url,
        "ALLOWED_HOSTS": [f"[{host}]" if ":" in host else host],
        # Handlers read it once: to make one of them here is to read it as it is now.
        "SECURE_SSL_REDIRECT": False,
    }
    before = {name: getattr(settings, name) for name in there}
    try:
        for name, value in there.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
