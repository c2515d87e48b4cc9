"""What a reader has read, remembered in their browser alone and only after they asked for it.

A signed cookie holds the revision last read of the latest articles. The site keeps nothing, and a
reader without the cookie is never given one by reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from articles.differences import Changes, compare
from articles.document import DocumentError
from articles.models import Article, Revision

COOKIE = "milepost_read"
COOKIE_SALT = "articles.remembered"
COOKIE_PATH = "/articles/"
YEAR = 365 * 24 * 3600
# So many articles are about 1 KB of the 4 KB that a cookie can hold.
MOST_ARTICLES = 60

# Key of an article -> number of the revision last read, the latest read first.
type Seen = dict[int, int]


def read_seen(request: HttpRequest) -> Seen | None:
    """What the reader's browser remembers; None when they never asked for that."""
    text = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE_SALT, max_age=YEAR)
    if text is None:
        return None
    pairs = (entry.split(":") for entry in text.split(".") if entry)
    return {int(key): int(number) for key, number in pairs}


def with_read(seen: Seen, article: Article, number: int) -> Seen:
    """The same with this article read at this revision; the ones read longest ago are dropped."""
    others = {key: value for key, value in seen.items() if key != article.pk}
    return dict(islice({article.pk: number, **others}.items(), MOST_ARTICLES))


def remember(response: HttpResponse, seen: Seen) -> None:
    """Let the browser remember this."""
    response.set_signed_cookie(
        COOKIE,
        ".".join(f"{key}:{number}" for key, number in seen.items()),
        salt=COOKIE_SALT,
        max_age=YEAR,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    """Let the browser forget all of it."""
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")


@dataclass(frozen=True, slots=True)
class Since:
    """An article since somebody read it: the revision they read, the newest one, what differs.

    `before` and `changes` are None when they have not read it, or when what they read cannot be
    shown any more.
    """

    newest: Revision | None
    before: Revision | None = None
    changes: Changes | None = None


def since(article: Article, number: int | None) -> Since:
    """What changed in a live article since revision `number`. Costs one or two queries."""
    revisions = Revision.objects.public().filter(article=article)
    newest = revisions.order_by("-number").first()
    if newest is None or number is None:
        return Since(newest)
    before = newest if number == newest.number else revisions.filter(number=number).first()
    if before is None:
        return Since(newest)
    try:
        return Since(newest, before, compare(before.read(), newest.read(), for_readers=True))
    except DocumentError:
        return Since(newest)
