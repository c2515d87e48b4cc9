"""SITE_URL: what the site is called, and what it is called when nobody says."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.environment import read_number, read_text, set_default, stop


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """The address of a site in the form that browsers send: small ASCII letters, no usual port."""

    scheme: str
    host: str
    port: int | None

    @property
    def bracketed(self) -> str:
        """The host as it stands in an address: one of IPv6 is in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"{self.scheme}://{self.bracketed}{f':{self.port}' if self.port else ''}"

    @property
    def is_https(self) -> bool:
        """Whether readers come by https."""
        return self.scheme == "https"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in {"127.0.0.1", "localhost", "::1"}


USUAL_PORTS = {"http": 80, "https": 443}
USUAL_URL = "http://127.0.0.1:8000"


def read_site_url(served: Path) -> str:
    """SITE_URL, or what the site was called when `serve` last wrote that into the file `served`.

    So that a command beside a running site prints links that lead to it. What `serve` itself has
    from its arguments comes first; a file that makes no sense is passed over.
    """
    try:
        url = served.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        url = ""
    if url and _address(url):
        set_default("SITE_URL", url, "where serve last ran")
    return read_text("SITE_URL", USUAL_URL)


def read_site_address(url: str) -> SiteAddress:
    """What SITE_URL says. Stops when it is not a plain address without a path.

    A site has its host for itself: under a path it would share cookies and storage, and so its
    safety, with whatever else the host serves.
    """
    if (address := _address(url)) is None:
        stop(f"SITE_URL is “{url}”; it should look like https://example.org, without a path.")
    return address


def _address(url: str) -> SiteAddress | None:
    """The parts of an address; None for one that no site can have."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = None if parts.port == USUAL_PORTS.get(parts.scheme) else parts.port
    except (UnicodeError, ValueError):
        return None
    if not _is_host(host) or parts.netloc.endswith(":"):
        return None
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in USUAL_PORTS or parts.port == 0 or more:
        return None
    return SiteAddress(parts.scheme, host, port)


# A label of a host's name: RFC 952 as RFC 1123, section 2.1, has it, at most 63 characters.
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_NAME = 253


def _is_host(host: str) -> bool:
    """Whether that is an address of the internet or a name that DNS could have, in ASCII."""
    labels = host.split(".")
    # RFC 1123: what ends in a number is an address.
    if ":" in host or labels[-1].isdigit():
        try:
            return not getattr(ipaddress.ip_address(host), "scope_id", None)
        except ValueError:
            return False
    return len(host) <= LONGEST_NAME and all(map(_LABEL.fullmatch, labels))


# More than anybody has one behind the other; a larger number would believe what visitors say.
MOST_PROXIES = 10


def read_proxies(site: SiteAddress) -> int:
    """How many proxies stand in front. A site under https has one at least, which ends TLS.

    Stops for more than anybody has, and when it is said to have none: every request would come by
    http and be sent to https.
    """
    proxies = read_number("TRUSTED_PROXIES", 1 if site.is_https else 0)
    if proxies > MOST_PROXIES:
        stop(
            f"TRUSTED_PROXIES is {proxies}; it is the number of proxies that stand one behind the "
            f"other in front of the site, at most {MOST_PROXIES}."
        )
    if site.is_https and not proxies:
        stop(
            f"TRUSTED_PROXIES is 0 and SITE_URL is {site.url}; https needs a proxy in front, so "
            "TRUSTED_PROXIES is 1 or more."
        )
    return proxies


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
