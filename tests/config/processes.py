"""What stands for the processes of a site: each has its own page cache and sees only the stamp."""

from __future__ import annotations

import gzip
import time
from dataclasses import dataclass
from typing import Any

import brotli
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import RequestFactory

from articles.file_stamp import FileStamp
from articles.public import PUBLIC
from articles.stamp import SiteStamp, site_stamp
from config.pagecache import PageCache


@dataclass(frozen=True)
class Answer:
    """What a browser got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page, however it was compressed."""
        unpack: dict[str, Any] = {"br": brotli.decompress, "gzip": gzip.decompress}
        packed = unpack.get(self.headers.get("content-encoding", ""), bytes)(self.body)
        return str(packed.decode())


def ask(application: Any, path: str, *, method: str = "GET", **headers: str) -> Answer:
    """What a WSGI application answers; `headers` are written `if_none_match`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request: Any = RequestFactory().generic(method, path, headers={"host": "testserver", **named})
    said: list[Any] = []
    result = application(request.environ, lambda *args: said.extend(args))
    body = b"".join(result)
    if hasattr(result, "close"):
        result.close()
    return Answer(int(said[0].split()[0]), {name.lower(): value for name, value in said[1]}, body)


class Process:
    """A process that serves the site."""

    def __init__(self, shared: Any = None, application: Any = None) -> None:
        self.stamp = SiteStamp(FileStamp(site_stamp.file.path), shared)
        self.site = application or WSGIHandler()
        # The paths that Django was asked for, in order.
        self.made: list[str] = []
        self.cache = PageCache(self._count, self.stamp)

    def _count(self, environ: Any, start_response: Any) -> Any:
        self.made.append(environ["PATH_INFO"])
        return self.site(environ, start_response)

    def get(self, path: str, **more: Any) -> Answer:
        """What a browser gets, which reads Brotli unless told otherwise."""
        return ask(self.cache, path, **{"accept_encoding": "gzip, br", **more})

    def keeps(self, path: str) -> bool:
        """Whether it would answer without Django now."""
        before = len(self.made)
        self.get(path)
        return len(self.made) == before


class Plain:
    """A site of one page, without a database, whose answers the test decides about."""

    def __init__(self, **headers: str) -> None:
        self.status = 200
        self.headers = {"Cache-Control": PUBLIC, "Content-Type": "text/html", **headers}
        self.content = b"A stone bridge stands by its own weight. " * 20
        self.cookies: dict[str, str] = {}
        self.seen: list[dict[str, Any]] = []
        self.pause = 0.0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.seen.append(dict(environ))
        time.sleep(self.pause)
        response = HttpResponse(self.content, status=self.status, headers=self.headers)
        response.headers.setdefault("Content-Length", str(len(self.content)))
        for name, value in self.cookies.items():
            response.set_cookie(name, value)
        pairs = [
            *response.items(),
            *(("Set-Cookie", c.OutputString()) for c in response.cookies.values()),
        ]
        start_response(f"{response.status_code} {response.reason_phrase}", pairs)
        return response
