"""Browsers that signed in to an account before: a signed cookie that only the server can read.

A browser in which somebody chose a new password by a mailed link is known too, but only where
passwords are tried: a mailbox is not the second factor, and who reads it could make themselves a
hundred such browsers, each with codes to guess.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from articles.accounts.allowances import Bucket
from articles.accounts.sealing import site_keys
from articles.networks import client_address, network_hash

COOKIE = "milepost_browser"
COOKIE_SALT = "articles.accounts.browser"
COOKIE_PATH = "/accounts/"
KEPT = 365 * 24 * 3600
# A family's browser; whoever signs in first is forgotten first.
MOST_ACCOUNTS = 8


def password_buckets(request: HttpRequest, username: str) -> list[Bucket]:
    """What a password that is tried for this name counts against, known or not."""
    account = fold(username)
    if browser := _known_as(request, account) or _known_as(request, _by_mail(account)):
        return [Bucket("browser", f"{account}\n{browser}")]
    return [Bucket("account", account), _network_bucket(request)]


def code_buckets(request: HttpRequest, username: str) -> list[Bucket]:
    """What a code of the second factor counts against."""
    account = fold(username)
    if browser := _known_as(request, account):
        return [Bucket("code browser", f"{account}\n{browser}")]
    if _known_as(request, _by_mail(account)):
        # What others of its network do is not its matter.
        return [Bucket("code", account)]
    return [Bucket("code", account), _network_bucket(request)]


def confirmation_buckets(request: HttpRequest) -> list[Bucket]:
    """What a password or code counts against that somebody gives who is signed in.

    By session: a thief of one cannot use up the allowance of the owner's own.
    """
    return [Bucket("confirmation", request.session.session_key or "")]


def reset_bucket(email: str) -> Bucket:
    """What counts the mails to this address."""
    return Bucket("reset", fold(email))


def reset_network_bucket(request: HttpRequest) -> Bucket:
    """What asking for a mail, to whatever address, counts against."""
    return Bucket("reset network", network_hash(client_address(request)))


def remember(
    request: HttpRequest, response: HttpResponse, username: str, *, by_mail: bool = False
) -> None:
    """Let the browser be known to the account that it has just signed in to.

    With `by_mail` to the one whose password it has just replaced by a mailed link.
    """
    known = _read(request)
    account = fold(username)
    if by_mail and _known_as(request, account):
        return
    # A mark that a former secret key made is made anew.
    mark, *former = (_mark(_by_mail(account) if by_mail else account, key) for key in site_keys())
    accounts = [mark, *(other for other in known["accounts"] if other not in {mark, *former})]
    value = {"id": known["id"] or secrets.token_hex(16), "accounts": accounts[:MOST_ACCOUNTS]}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=COOKIE_SALT),
        max_age=KEPT,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known_as(request: HttpRequest, account: str) -> str:
    """The browser's id when it signed in to this account before, else ''."""
    known = _read(request)
    marks = {_mark(account, key) for key in site_keys()}
    return str(known["id"]) if marks & set(known["accounts"]) else ""


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE_SALT, max_age=KEPT)
    except signing.BadSignature:
        return {"id": "", "accounts": []}
    return {"id": value["id"], "accounts": value["accounts"]}


def _network_bucket(request: HttpRequest) -> Bucket:
    return Bucket("network", network_hash(client_address(request)))


def fold(name: str) -> str:
    """A name or an address as buckets and marks know it."""
    return name.strip().casefold()


def _by_mail(account: str) -> str:
    # No name has two lines.
    return f"{account}\nby mail"


def _mark(account: str, key: str | bytes) -> str:
    """The account in the cookie, which shall not tell its names to whoever finds it."""
    return salted_hmac(COOKIE_SALT, account, secret=key, algorithm="sha256").hexdigest()[:32]
