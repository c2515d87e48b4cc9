"""The page cache: pages that are the same for everybody, answered without Django.

A WSGI application around the site's, which `config/wsgi.py` adds in one line and can leave out.
Each process keeps the compressed bytes of pages that say `Cache-Control: public`
(`articles.public`) for as long as the site's stamp is what it was before they were made
(`articles.stamp`), at most until the next scheduled article is due, the next midnight, and five
minutes.

A page that may be kept is made without the reader's cookies and credentials, so that nothing
personal can be in it, whatever a view does.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from articles.public import personal_cookies
from articles.stamp import SiteStamp, Stamp, site_stamp
from articles.upkeep.tallies import tallies
from config.compression import KEPT
from config.keepable import may_be_kept, next_due, shared_seconds, with_shared_seconds
from config.kept_page import KeptPage

logger = logging.getLogger(__name__)

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]
type Key = tuple[str, str, str]

# Of one process. A compressed page is 5 to 20 KB.
MOST_BYTES = 16 * 1024 * 1024
MOST_PAGES = 2000
SECONDS_TO_KEEP = 300
# How long others get the former page while it is made anew only because of its age.
SECONDS_OF_GRACE = 10
# How long others wait for one who makes the page that they want.
PATIENCE = 5
# Who looks at the figures of another process may find them so many hits too low.
HITS_TO_PUBLISH = 500
# While the site answers "not available" (503: its database is gone), a page that nothing changed
# since is shown for an hour beyond its time; and is tried again after so long.
SECONDS_WITHOUT_DATABASE = 3600
SECONDS_BEFORE_NEXT_TRY = 5

SAFE = {"GET", "HEAD"}
# Who sends these wants something else than the page as it is for everybody.
SPECIAL = (
    "HTTP_HX_REQUEST",
    "HTTP_AUTHORIZATION",
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
)
LEFT_OUT = ("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# Static files have better ways; the rest is nobody's but the asker's.
ELSEWHERE = ("/admin/", "/accounts/", "/healthz", "/readyz")


class Plan(NamedTuple):
    """What ends all pages that are made under a stamp, as it was asked for at a moment."""

    stamp: Stamp
    asked: datetime.datetime
    due: datetime.datetime | None
    shared_seconds: int

    def holds(self, stamp: Stamp | None, began: datetime.datetime) -> bool:
        """Whether it is true for a page of this stamp that was begun then."""
        return self.stamp == stamp and self.asked <= began and not (self.due and self.due <= began)


class Turn:
    """One thread makes a page, others wait for it; None when it is none that may be kept."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.page: KeptPage | None = None


class PageCache:
    """Answers from what is kept where it can, else has the application answer."""

    def __init__(self, application: Application, stamp: SiteStamp = site_stamp) -> None:
        self.application = application
        self.stamp = stamp
        self.pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()
        self.turns: dict[Key, Turn] = {}
        self.hosts: set[str] = set()
        self.port = str(urlsplit(settings.SITE_URL).port or "")
        self.personal = personal_cookies()
        self.elsewhere = (settings.STATIC_URL, *ELSEWHERE)
        # The next scheduled article and the owner's seconds for other caches, by the stamp.
        # And from which moment on that article is the next.
        self.plan: Plan | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        stamp = self.stamp.current()
        page = self._fresh(key, stamp)
        if page is None:
            tallies.misses += 1
            return self._make_or_wait(key, stamp, environ, start_response)
        tallies.hits += 1
        if not tallies.hits % HITS_TO_PUBLISH:
            tallies.publish()
        return answer(page, environ, start_response)

    def _key(self, environ: Environ) -> Key | None:
        """What the page is kept by; None for what is no plain request for a public page."""
        if environ["REQUEST_METHOD"] not in SAFE or environ["QUERY_STRING"]:
            return None
        for name in SPECIAL:
            if name in environ:
                return None
        path = environ["PATH_INFO"]
        if path.startswith(self.elsewhere):
            return None
        cookies = environ.get("HTTP_COOKIE")
        if cookies and self.personal.search(cookies):
            return None
        host = environ.get("HTTP_HOST", "")
        if host not in self.hosts and not self._is_own(host):
            return None
        scheme = environ["wsgi.url_scheme"]
        if proxied := settings.SECURE_PROXY_SSL_HEADER:
            # As HttpRequest.scheme believes it.
            said = environ.get(proxied[0])
            if said is not None:
                scheme = "https" if said.partition(",")[0].strip() == proxied[1] else "http"
        return scheme, host, path

    def _is_own(self, host: str) -> bool:
        """Whether the site has this name; another form of it is answered and not kept."""
        domain, port = split_domain_port(host)
        if (
            not domain
            or host != host.lower()
            or port not in {"", self.port}
            or not validate_host(domain, settings.ALLOWED_HOSTS)
        ):
            return False
        if len(self.hosts) < 50:
            self.hosts.add(host)
        return True

    def _fresh(self, key: Key, stamp: Stamp) -> KeptPage | None:
        page = self.pages.get(key)
        if page is None or page.stamp != stamp or time.monotonic() >= page.until:
            return None
        # One that was dropped just now is right all the same.
        with contextlib.suppress(KeyError):
            self.pages.move_to_end(key)
        return page

    def _make_or_wait(
        self, key: Key, stamp: Stamp, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """One asker makes the page; the others wait for it, within limits."""
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            with self.lock:
                turn = self.turns.get(key)
                if turn is None:
                    turn = self.turns[key] = Turn()
                    break
            if page := self._only_old(key, stamp):
                tallies.stale += 1
                return answer(page, environ, start_response)
            # What was begun under the stamp that this request found is right for it, also when the
            # stamp is another by now.
            if turn.over.wait(left) and turn.page and turn.page.stamp == stamp:
                return answer(turn.page, environ, start_response)
            if turn.page is None:
                return self.application(environ, start_response)
            if page := self._fresh(key, self.stamp.current()):
                return answer(page, environ, start_response)
        else:
            return self.application(environ, start_response)
        try:
            # Somebody may have made it between the look at what is kept and this turn.
            if page := self._fresh(key, self.stamp.current()):
                turn.page = page
                return answer(page, environ, start_response)
            return self._make(key, environ, start_response, turn)
        finally:
            with self.lock:
                del self.turns[key]
            turn.over.set()

    def _only_old(self, key: Key, stamp: Stamp) -> KeptPage | None:
        """The former page, when nothing but its age is against it."""
        page = self.pages.get(key)
        if page and page.aged and page.stamp == stamp:
            return page if time.monotonic() < page.until + SECONDS_OF_GRACE else None
        return None

    def _make(
        self, key: Key, environ: Environ, start_response: StartResponse, turn: Turn
    ) -> Iterable[bytes]:
        """Have the application answer, and keep the answer where it may be kept."""
        stamp = self.stamp.before_making()
        began = timezone.now()
        request = {name: value for name, value in environ.items() if name not in LEFT_OUT}
        request |= {"REQUEST_METHOD": "GET", KEPT: may_be_kept}
        said: list[Any] = []
        response: Any = self.application(request, lambda *args: said.extend(args[:2]))
        status, headers = said
        if status.startswith("503") and (page := self._outlived(key)):
            response.close()
            turn.page = page
            return answer(page, environ, start_response)
        if not may_be_kept(status, headers):
            start_response(status, headers)
            if environ["REQUEST_METHOD"] != "HEAD":
                return cast(Iterable[bytes], response)
            response.close()
            return []
        content = b"".join(response)
        seconds, aged, shared = self._seconds(stamp, began)
        response.close()
        page = KeptPage(
            with_shared_seconds(headers, shared),
            content,
            stamp=stamp or self.stamp.current(),
            until=time.monotonic() + seconds,
            aged=aged,
        )
        if stamp is not None and seconds > 0:
            self._keep(key, page)
            turn.page = page
        return answer(page, environ, start_response)

    def _seconds(self, stamp: Stamp | None, began: datetime.datetime) -> tuple[float, bool, int]:
        """For how many seconds what was made from `began` on is right; whether age alone ends it.

        And for how many the owner lets caches of others show it without asking.
        """
        plan = self.plan
        if plan is None or not plan.holds(stamp, began):
            try:
                plan = Plan(stamp or self.stamp.current(), began, next_due(began), shared_seconds())
            except DatabaseError:
                return 0, False, 0
            # One that took longer does not bring back what is over.
            former = self.plan
            if stamp and not (former and former.stamp == stamp and former.asked > began):
                self.plan = plan
        local = timezone.localtime(began, timezone.get_default_timezone())
        tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0)
        moments = [tomorrow + datetime.timedelta(days=1), *([plan.due] if plan.due else [])]
        left = (min(moments) - timezone.now()).total_seconds()
        return min(left, SECONDS_TO_KEEP), left > SECONDS_TO_KEEP, plan.shared_seconds

    def _keep(self, key: Key, page: KeptPage) -> None:
        with self.lock:
            former = self.pages.pop(key, None)
            self.size += page.size - (former.size if former else 0)
            self.pages[key] = page
            while self.size > MOST_BYTES or len(self.pages) > MOST_PAGES:
                _key, dropped = self.pages.popitem(last=False)
                self.size -= dropped.size
            tallies.pages, tallies.page_bytes = len(self.pages), self.size

    def _outlived(self, key: Key) -> KeptPage | None:
        """The page as it was last made, for a while in which no newer one can be.

        Only when nothing was written since: what was withdrawn does not come back.
        """
        page, now = self.pages.get(key), time.monotonic()
        if page is None or page.stamp != self.stamp.current():
            return None
        if now > page.made + SECONDS_TO_KEEP + SECONDS_WITHOUT_DATABASE:
            return None
        logger.warning(
            "%s cannot be made anew: it is shown as it was %d seconds ago.",
            key[2],
            now - page.made,
        )
        page.outlived = True
        tallies.stale += 1
        page.until = now + SECONDS_BEFORE_NEXT_TRY
        return page


def answer(page: KeptPage, environ: Environ, start_response: StartResponse) -> list[bytes]:
    """The page as this request wants it; 304 when it has it already."""
    known, accepted = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_ACCEPT_ENCODING", "")
    if known and (unchanged := page.unchanged(known, accepted)):
        start_response("304 Not Modified", unchanged)
        return []
    headers, body = page.form(accepted)
    if page.outlived:
        headers = [*headers, ("Age", str(int(time.monotonic() - page.made)))]
    start_response("200 OK", headers)
    return [body] if environ["REQUEST_METHOD"] == "GET" else []
