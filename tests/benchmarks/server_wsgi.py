"""The site's WSGI application, and beside it what it is compared with, on the same server.

`/bare-wsgi/<name>/` answers the bytes of a file and does nothing else. A request with the header
`X-Count-Queries` is answered with `X-Queries`, their number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from config.wsgi import application as site

BARE = "/bare-wsgi/"


@cache
def stored(name: str) -> bytes:
    """The bytes that are to be answered; the benchmark puts them there."""
    return (Path(os.environ["DATA_DIR"]) / "benchmark" / name).read_bytes()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer: as a bare function, with a number of queries, or as the site does."""
    path = environ["PATH_INFO"]
    if path.startswith(BARE):
        return bare(environ, start_response, path.removeprefix(BARE).strip("/"))
    if "HTTP_X_COUNT_QUERIES" in environ:
        return counted(environ, start_response)
    return site(environ, start_response)


def bare(environ: dict[str, Any], start_response: Callable[..., Any], name: str) -> Iterable[bytes]:
    """The least a WSGI function can do: stored bytes, or that they are unchanged."""
    if "HTTP_IF_NONE_MATCH" in environ:
        start_response("304 Not Modified", [("ETag", environ["HTTP_IF_NONE_MATCH"])])
        return []
    body = stored(name)
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Encoding", "br"),
        ("Content-Length", str(len(body))),
    ]
    start_response("200 OK", headers)
    return [body]


def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site's answer, with the number of its queries."""
    from django.db import connection

    number = 0
    begun: list[Any] = []

    def count(execute: Any, *args: Any) -> Any:
        nonlocal number
        number += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        response: Any = site(environ, lambda *args: begun.extend(args))
        body = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    start_response(begun[0], [*begun[1], ("X-Queries", str(number))])
    return [body]
