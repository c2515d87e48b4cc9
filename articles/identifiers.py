"""Identifiers of sources: DOI, ISBN and URL in one normal form each, and the identity they give."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from django.utils.translation import gettext as _

DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
DOI_PREFIX = re.compile(
    r"^\s*(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi\s*:?\s*)", re.IGNORECASE
)
# Parameters that say how somebody came to a page, never which page it is.
TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_cid|mc_eid|ref_src)$", re.IGNORECASE)


def normalise_doi(text: str) -> str:
    """A DOI as `10.…/…` in lower case, from `doi:…`, a doi.org address or the bare form.

    DOIs are case-insensitive (DOI Handbook, 2.4). Raises ValueError when it is none.
    """
    bare = DOI_PREFIX.sub("", text.strip())
    if bare != text.strip():
        bare = unquote(bare)
    bare = bare.rstrip(".,;")
    if not DOI.fullmatch(bare):
        raise ValueError(_("This is not a DOI: it should look like 10.1038/nature14539."))
    return bare.lower()


def normalise_isbn(text: str) -> str:
    """An ISBN as the 13 digits of ISBN-13, from either length with or without hyphens.

    Raises ValueError for another length or a wrong check digit (ISO 2108).
    """
    digits = re.sub(r"(?i)^\s*isbn(?:-1[03])?\s*:?", "", text)
    digits = re.sub(r"[\s\u2010-\u2013-]", "", digits).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values = [10 if char == "X" else int(char) for char in digits]
        if sum((10 - index) * value for index, value in enumerate(values)) % 11:
            raise ValueError(
                _("The check digit of this ISBN does not fit; compare it with the book.")
            )
        stem = "978" + digits[:9]
        return stem + _isbn13_check(stem)
    if re.fullmatch(r"97[89][0-9]{10}", digits):
        if digits[12] != _isbn13_check(digits[:12]):
            raise ValueError(
                _("The check digit of this ISBN does not fit; compare it with the book.")
            )
        return digits
    raise ValueError(_("An ISBN has 10 digits, or 13 that begin with 978 or 979."))


def _isbn13_check(stem: str) -> str:
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(stem))
    return str(-total % 10)


def normalise_url(text: str) -> str:
    """A web address as it identifies a page: https for http, no fragment, no tracking parameters.

    Only for comparing; links show what the editor typed. Raises ValueError unless it is http(s).
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise ValueError(_("This is not a web address.")) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(_("A web address begins with https:// or http://."))
    host = parts.hostname.removeprefix("www.")
    if ":" in host:
        host = f"[{host}]"
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    pairs = [pair for pair in parts.query.split("&") if pair]
    query = "&".join(pair for pair in pairs if not TRACKING.match(pair.partition("=")[0]))
    return urlunsplit(("https", host, parts.path.rstrip("/") or "/", query, ""))


def source_identity(*, doi: str, isbn: str, url: str) -> str:
    """The site-wide identity of a source, such as `doi:10.1038/nature14539`; '' when it has none.

    The most exact one counts: DOI before ISBN before URL. Invalid values count as absent.
    """
    for name, value, normalise in (
        ("doi", doi, normalise_doi),
        ("isbn", isbn, normalise_isbn),
        ("url", url, normalise_url),
    ):
        if value:
            try:
                return f"{name}:{normalise(value)}"
            except ValueError:
                continue
    return ""
