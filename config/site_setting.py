"""SITE_URL: what the site is called, and what it is called when nobody says."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from config.environment import stop


def split_site_url(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of SITE_URL. Stops when it is not a plain address without a path."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.path.strip("/") or parts.query:
        stop(f"SITE_URL is “{url}”; it should look like https://example.org, without a path.")
    return parts.scheme, host, port


def served_url(arguments: Sequence[str]) -> str:
    """What a site without SITE_URL is called: the address that `serve` with these arguments has.

    One that listens on every address calls itself localhost; to readers elsewhere it must be told
    what it is called. An address that makes no sense gives '': the command will refuse it.
    """
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    try:
        known, _rest = parser.parse_known_args(arguments)
        # A name is no address, and stands for itself.
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(known.host)
            known.host = f"[{known.host}]" if address.version == 6 else known.host
            known.host = "localhost" if address.is_unspecified else known.host
        url = f"http://{known.host}" if known.port == 80 else f"http://{known.host}:{known.port}"
        parts = urlsplit(url)
        return url if parts.hostname and parts.port != 0 and "/" not in known.host else ""
    except (argparse.ArgumentError, ValueError):
        return ""
