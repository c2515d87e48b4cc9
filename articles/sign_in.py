"""One-time sign-in links: who has one may sign in as the person it names, once, within an hour.

A link holds the person and the time of their last sign-in, signed with the site's secret key. As
signing in changes that time, a link that was used, or made before another sign-in, is over. Nothing
is stored.
"""

from __future__ import annotations

import datetime

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from articles.models import User

SALT = "articles.sign_in"
LIFETIME = datetime.timedelta(hours=1)


class LinkError(Exception):
    """A link that signs nobody in."""


class UnknownLink(LinkError):
    """It was not made by this site, or was cut on the way."""


class SpentLink(LinkError):
    """It was used, is too old, or its person may not sign in any more."""


def sign_in_link(user: User, site_url: str) -> str:
    """The whole address that signs this person in; `site_url` has no final slash."""
    token = signing.dumps([user.pk, _last_login(user)], salt=SALT)
    return f"{site_url}{reverse('articles:sign_in', args=[token])}"


def person_of(token: str) -> User:
    """The person whom the link would sign in. Raises UnknownLink or SpentLink; changes nothing."""
    try:
        pk, last_login = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.SignatureExpired as error:
        raise SpentLink from error
    except signing.BadSignature as error:
        raise UnknownLink from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or _last_login(user) != last_login:
        raise SpentLink
    return user


def claim(user: User) -> None:
    """End every link to this person that was made so far; `user` comes from `person_of`.

    Raises SpentLink when another request came first since then: of several at the same moment one
    gets through, as the row changes for one only.
    """
    same = User.objects.filter(pk=user.pk, is_active=True, last_login=user.last_login)
    user.last_login = timezone.now()
    if not same.update(last_login=user.last_login):
        raise SpentLink


def _last_login(user: User) -> str:
    return user.last_login.isoformat() if user.last_login else ""
