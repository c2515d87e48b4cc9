"""What a proxy in front of the site may say about a request, and what is said when it says nothing.

Behind a proxy the connection tells neither the name nor the scheme that the reader used. Both are
known all the same: a site has one address, SITE_URL. So a request under the site's name is taken
for one under exactly that address, with its port, whatever the proxy makes of it; and a request of
which the proxy does not say how it came is answered by what is wrong, where a redirect to https
would lead to the same request again, for ever.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from config.site_setting import SiteAddress

logger = logging.getLogger(__name__)

# Asked by the machine itself, past the proxy.
EXEMPT = {"/healthz", "/readyz", "/metrics"}
SECONDS_BETWEEN_WARNINGS = 60

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class BehindProxy:
    """A WSGI application that hands requests on as they were before the proxy."""

    def __init__(self, application: Application, site: SiteAddress) -> None:
        self.application = application
        self.site = site
        self.netloc = urlsplit(site.url).netloc
        self.warned = -float(SECONDS_BETWEEN_WARNINGS)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer the request under the site's own name, or say what the proxy should have said."""
        if (
            self.site.is_https
            and environ["PATH_INFO"] not in EXEMPT
            and (reason := self.wrong(environ))
        ):
            return self.explain(reason, environ, start_response)
        named = f"{environ.get('HTTP_X_FORWARDED_HOST', '')},{environ.get('HTTP_HOST', '')}"
        if named != f",{self.netloc}" and any(map(self.is_own, named.split(","))):
            environ["HTTP_HOST"] = self.netloc
        return self.application(environ, start_response)

    def is_own(self, netloc: str) -> bool:
        """Whether this is the site's name, on whatever port."""
        try:
            host = urlsplit(f"//{netloc.strip()}").hostname
        except ValueError:
            return False
        return host is not None and host.removesuffix(".") == self.site.host

    def wrong(self, environ: Environ) -> str:
        """What is wrong with what the proxy says of the scheme; '' when nothing is known to be."""
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip()
        if not scheme:
            return _("It does not send X-Forwarded-Proto.")
        # Browsers send this header to addresses under https alone (W3C, Fetch Metadata, section 3),
        # and to their own machine.
        if scheme != "https" and "HTTP_SEC_FETCH_MODE" in environ and not self.site.is_local:
            return _("It says “X-Forwarded-Proto: %(scheme)s” of a request that came by https.") % {
                "scheme": scheme[:20]
            }
        return ""

    def explain(
        self, reason: str, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """500 in plain words, for the owner who sets up the proxy; and the same in the log."""
        sentence = _("The proxy in front of this site does not tell how readers come to it.")
        if time.monotonic() - self.warned >= SECONDS_BETWEEN_WARNINGS:
            self.warned = time.monotonic()
            logger.error("%s %s See docs/hosting.md.", sentence, reason)
        remedy = _(
            "Have it set X-Forwarded-Proto to the scheme that readers use; docs/hosting.md of "
            "Milepost shows how. Without it the site could only send everybody in a circle."
        )
        body = f"{sentence} {reason}\n{remedy}\n".encode()
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'"),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
