"""What a request looks like when it arrives: asked by `doctor` of the running site, from outside.

Only whoever knows the secret key may ask, by a header that is signed and holds for a minute.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest

HEADER = "X-Milepost-Doctor"
SECONDS = 60
SALT = "articles.upkeep.checks.echo"
FORWARDED = ("X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-For", "X-Request-ID")


def question() -> str:
    """The value of the header, good for a minute."""
    return signing.dumps("echo", salt=SALT)


def may_ask(request: HttpRequest) -> bool:
    """Whether the request carries the header, rightly signed."""
    try:
        signing.loads(request.headers.get(HEADER, ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return False
    return True


def echo(request: HttpRequest) -> dict[str, str | bool]:
    """What the site was told about this request, and what it makes of it."""
    return {
        "host": request.headers.get("host", ""),
        "secure": request.is_secure(),
        **{name: request.headers[name] for name in FORWARDED if name in request.headers},
    }
