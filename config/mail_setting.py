"""EMAIL_URL: what sends mail, and from whom it comes."""

from __future__ import annotations

import ipaddress
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from config.environment import stop

MAIL_BACKENDS = "django.core.mail.backends"
MAIL_OPTIONS = {
    "smtp": {"tls", "from"},
    "smtps": {"from"},
    "console": {"from"},
    "file": {"from"},
}


def read_mail(url: str, site_host: str) -> tuple[dict[str, dict[str, Any]], str]:
    """Django's MAILERS from EMAIL_URL, and the address that mail comes from.

    No mailer at all for an empty one: who would send mail is told that there is none. Stops with a
    sentence for a URL that makes no sense or would send a password readable over the network.
    """
    sender = f"milepost@{_mail_domain(site_host)}"
    if not url:
        return {}, sender
    try:
        parts = urlsplit(url)
        _ = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        parts, options = urlsplit(""), {}
    known = MAIL_OPTIONS.get(parts.scheme)
    if known is None or parts.fragment:
        # The URL holds a secret, and is not shown.
        stop(
            "EMAIL_URL cannot be read; it should look like smtp://user:secret@host:587?tls=starttls"
            " (with @ : / ? # % in a secret written as %40 and so on), smtps://…, file:///folder"
            " or console:."
        )
    if unknown := sorted(options.keys() - known):
        stop(f"EMAIL_URL has “{unknown[0]}”; known for {parts.scheme}: {', '.join(sorted(known))}.")
    if "from" in options:
        sender = _read_sender(options["from"])
    if parts.scheme in {"smtp", "smtps"}:
        mailer = _read_smtp(parts, options.get("tls", ""))
    elif parts.scheme == "file":
        mailer = _read_mail_folder(parts)
    else:
        mailer = {"BACKEND": f"{MAIL_BACKENDS}.console.EmailBackend"}
    return {"default": mailer}, sender


def _mail_domain(host: str) -> str:
    """What stands behind the @ of an address at this host; a bare number must be in brackets."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_loopback:
        return "localhost"
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def _read_sender(text: str) -> str:
    _name, address = parseaddr(text)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not text.isprintable():
        stop("EMAIL_URL has a “from” that is no address; a plus sign in it is written %2B.")
    return text


def _read_smtp(parts: SplitResult, tls: str) -> dict[str, Any]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    host = parts.hostname or ""
    if not host or parts.path.strip("/"):
        stop("EMAIL_URL names no mail server; it should look like smtp://user:secret@host:587.")
    if bool(user) != bool(password):
        stop("EMAIL_URL needs both a user and a password, or neither.")
    if tls not in {"", "starttls", "none"}:
        stop(f"EMAIL_URL has “tls={tls}”; it is starttls or none, and smtps:// is TLS throughout.")
    local = host == "localhost" or _mail_domain(host) == "localhost"
    if password and parts.scheme == "smtp" and not tls and not local:
        stop(
            "EMAIL_URL would send its password readable over the network; add ?tls=starttls, "
            "or ?tls=none if that is meant."
        )
    options = {
        "host": host,
        "port": parts.port,
        "username": user,
        "password": password,
        "use_tls": tls == "starttls",
        "use_ssl": parts.scheme == "smtps",
        # For each step of the talk with the server; Django's default is to wait for ever.
        "timeout": 15,
    }
    return {"BACKEND": f"{MAIL_BACKENDS}.smtp.EmailBackend", "OPTIONS": options}


def _read_mail_folder(parts: SplitResult) -> dict[str, Any]:
    folder = Path(unquote(parts.path))
    if parts.netloc or not parts.path.strip("/"):
        stop("EMAIL_URL names no folder; it should look like file:///var/mail/milepost.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(f"EMAIL_URL names the folder {folder}, which cannot be made ({error.strerror}).")
    return {
        "BACKEND": f"{MAIL_BACKENDS}.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(folder)},
    }
