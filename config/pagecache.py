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
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from articles.public import personal_cookies
from articles.stamp import SiteStamp, Stamp, site_stamp
from articles.upkeep.tallies import tallies
from config.compression import KEPT
from config.keepable import Planner, may_be_kept, with_shared_seconds
from config.kept_page import KeptPage
from config.kept_pages import KeptPages, Key

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# How long others wait for one who makes the page that they want.
PATIENCE = 5
# Who looks at the figures of another process may find them so many hits too low.
HITS_TO_PUBLISH = 500

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


class Turn:
    """One thread makes a page, others wait for it.

    `page` is what may be shown to those who wait. Without one they have to make it one after the
    other, or all at once when it is `for_each`: an answer that nobody may keep.
    """

    def __init__(self) -> None:
        self.over = threading.Event()
        self.page: KeptPage | None = None
        self.for_each = True


class PageCache:
    """Answers from what is kept where it can, else has the application answer."""

    def __init__(self, application: Application, stamp: SiteStamp = site_stamp) -> None:
        self.application = application
        self.stamp = stamp
        self.kept = KeptPages(stamp)
        self.planner = Planner(stamp)
        self.lock = threading.Lock()
        self.turns: dict[Key, Turn] = {}
        self.hosts: set[str] = set()
        self.port = str(urlsplit(settings.SITE_URL).port or "")
        self.personal = personal_cookies()
        self.elsewhere = (settings.STATIC_URL, *ELSEWHERE)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        stamp = self.stamp.current()
        page = self.kept.fresh(key, stamp)
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

    def _make_or_wait(
        self, key: Key, stamp: Stamp, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """One asker makes the page; the others wait for it, within limits."""
        if self.kept.is_unkept(key, stamp):
            return self.application(environ, start_response)
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            with self.lock:
                turn = self.turns.get(key)
                if turn is None:
                    turn = self.turns[key] = Turn()
                    break
            if page := self.kept.only_old(key, stamp):
                tallies.stale += 1
                return answer(page, environ, start_response)
            if turn.over.wait(left):
                # What was begun under the stamp that this request found is right for it, also when
                # the stamp is another by now.
                if turn.page and turn.page.stamp == stamp:
                    return answer(turn.page, environ, start_response)
                if turn.for_each:
                    return self.application(environ, start_response)
            if page := self.kept.fresh(key, self.stamp.current()):
                return answer(page, environ, start_response)
        else:
            # Rather what it was than one more who makes it.
            if page := self.kept.outlived(key, only_old=True):
                return answer(page, environ, start_response)
            return self.application(environ, start_response)
        try:
            # Somebody may have made it between the look at what is kept and this turn.
            if page := self.kept.fresh(key, self.stamp.current()):
                turn.page, turn.for_each = page, False
                return answer(page, environ, start_response)
            return self._make(key, environ, start_response, turn)
        finally:
            with self.lock:
                del self.turns[key]
            turn.over.set()

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
        with contextlib.ExitStack() as closing:
            closing.callback(response.close)
            status, headers = said
            if status.startswith("503") and (page := self.kept.outlived(key)):
                turn.page, turn.for_each = page, False
                return answer(page, environ, start_response)
            if not may_be_kept(status, headers):
                if stamp is not None and not status.startswith("5"):
                    self.kept.note_unkept(key, stamp)
                start_response(status, headers)
                if environ["REQUEST_METHOD"] == "HEAD":
                    return []
                # The server closes what it was given.
                closing.pop_all()
                return cast(Iterable[bytes], response)
            content = b"".join(response)
            seconds, aged, shared = self.planner.seconds(stamp, began)
        page = KeptPage(
            with_shared_seconds(headers, shared),
            content,
            stamp=stamp or self.stamp.current(),
            until=time.monotonic() + seconds,
            aged=aged,
        )
        if stamp is not None and seconds > 0:
            self.kept.keep(key, page)
            turn.page = page
        # Else somebody commits, and in a moment it may be kept.
        turn.for_each = False
        return answer(page, environ, start_response)


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
