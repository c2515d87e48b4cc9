"""Checks that ask the site's own address, as a reader elsewhere would: proxy, certificate, clock.

One request, to SITE_URL alone, and only when somebody asked for it.
"""

from __future__ import annotations

import json
import socket
import ssl
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.upkeep.checks import echo
from articles.upkeep.checks.findings import Check, Finding, fine, look, wrong

SECONDS = 10
SECONDS_APART = 30
FEW_DAYS, MANY_DAYS = 7, 21


@dataclass(frozen=True)
class Answer:
    """What came back from the site's address."""

    problem: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    certificate_days: int | None = None


def ask() -> Answer:
    """Ask `/healthz` at SITE_URL what arrives there."""
    parts = urlsplit(settings.SITE_URL)
    secure = parts.scheme == "https"
    kind = HTTPSConnection if secure else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers={echo.HEADER: echo.question()})
        days = None
        if isinstance(connection.sock, ssl.SSLSocket):
            expires = (connection.sock.getpeercert() or {}).get("notAfter", "")
            days = int((ssl.cert_time_to_seconds(str(expires)) - time.time()) // 86400)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        body = response.read(10_000).decode(errors="replace")
        return Answer("", response.status, headers, body, days)
    except ssl.SSLCertVerificationError as error:
        return Answer(
            _("its certificate is not valid: %(reason)s") % {"reason": error.verify_message}
        )
    except socket.gaierror:
        return Answer(_("no machine has the name %(host)s") % {"host": parts.hostname})
    except (OSError, HTTPException, UnicodeError) as error:
        return Answer(" ".join(str(error).split()) or type(error).__name__)
    finally:
        connection.close()


class Outside:
    """The checks of one run, which share one answer."""

    @cached_property
    def answer(self) -> Answer:
        """What came back; asked for when a check first wants it."""
        return ask()

    @cached_property
    def arrived(self) -> dict[str, str | bool] | None:
        """What the site was told of the request; None when it was not this site that answered."""
        try:
            found = json.loads(self.answer.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) and "host" in found else None

    def checks(self) -> list[Check]:
        """All of them."""
        return [
            Check("reached", gettext_lazy("Site from outside"), self.reached, slow=True),
            Check("proxy", gettext_lazy("Proxy"), self.proxy, slow=True),
            Check("certificate", gettext_lazy("Certificate"), self.certificate, slow=True),
            Check("clock_outside", gettext_lazy("Clock, outside"), self.clock, slow=True),
        ]

    def reached(self) -> Finding:
        """Whether this very site answers at its address."""
        url = settings.SITE_URL
        if self.answer.problem:
            return wrong(
                _("Nobody can reach %(url)s: %(reason)s.")
                % {"url": url, "reason": self.answer.problem},
                _("Look at the name server, the firewall, and whether the proxy runs."),
            )
        if self.arrived is not None:
            return fine(_("The site answers at %(url)s.") % {"url": url})
        if 300 <= self.answer.status < 400:
            return wrong(
                _("%(url)s leads on to %(other)s.")
                % {"url": url, "other": self.answer.headers.get("location", "?")[:200]},
                _("Set SITE_URL to the address where it ends."),
            )
        return wrong(
            _("Something else answers at %(url)s (status %(status)d), or with another secret key.")
            % {"url": url, "status": self.answer.status},
            _("Have the proxy hand on to this site all addresses, /healthz too, and all headers."),
        )

    def proxy(self) -> Finding:
        """Whether the proxy says what the site must know: host, scheme, and how many there are."""
        if self.arrived is None:
            return look(_("Nothing is known of the proxy."), _("See “Site from outside”."))
        site = urlsplit(settings.SITE_URL)
        arrived = {name: str(value) for name, value in self.arrived.items()}
        scheme = arrived.get("X-Forwarded-Proto", "").partition(",")[0].strip()
        if host := _other_host(arrived["host"]):
            return wrong(
                _("The proxy calls the site “%(host)s”: every page would answer 400.")
                % {"host": host[:100]},
                _("nginx: proxy_set_header Host $host; other proxies: hand on the Host header."),
            )
        if site.scheme == "https" and not self.arrived["secure"]:
            return wrong(
                _(
                    "The proxy does not say that readers come by https: "
                    "X-Forwarded-Proto is “%(it)s”."
                )
                % {"it": scheme},
                _("nginx: proxy_set_header X-Forwarded-Proto $scheme; and see docs/hosting.md."),
            )
        if site.scheme == "http" and scheme == "https":
            return wrong(
                _(
                    "Readers come by https, and SITE_URL says http: every form is refused (403, "
                    "“CSRF verification failed”)."
                ),
                _("Set SITE_URL to https://%(host)s and start the site again.")
                % {"host": site.netloc},
            )
        chain = arrived.get("X-Forwarded-For", "").split(",")
        return _counted(len([each for each in chain if each.strip()]))

    def certificate(self) -> Finding:
        """For how long the certificate is valid."""
        if urlsplit(settings.SITE_URL).scheme != "https":
            return fine(_("A site without https needs no certificate."))
        days = self.answer.certificate_days
        if days is None:
            return look(_("Nothing is known of the certificate."), _("See “Site from outside”."))
        said = _("The certificate is valid for %(n)d more days.") % {"n": days}
        how = _("Have the proxy renew it: look into its log for what keeps it from that.")
        if days < FEW_DAYS:
            return wrong(said, how)
        return look(said, how) if days < MANY_DAYS else fine(said)

    def clock(self) -> Finding:
        """Whether the proxy has the same time."""
        try:
            there = parsedate_to_datetime(self.answer.headers["date"]).timestamp()
        except (KeyError, ValueError):
            return fine(_("The answer from outside named no time."))
        apart = round(abs(there - time.time()))
        if apart >= SECONDS_APART:
            return wrong(
                _("The clocks of this machine and of the proxy are %(n)d seconds apart.")
                % {"n": apart},
                _("Have both machines ask a time server, for example with systemd-timesyncd."),
            )
        return fine(_("This machine and the proxy agree about the time."))


def _other_host(host: str) -> str:
    """The host that arrived, unless it is the site's own."""
    site = urlsplit(settings.SITE_URL).hostname or ""
    try:
        arrived = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return host
    local = {"127.0.0.1", "localhost", "::1"}
    return "" if arrived == site or {arrived, site} <= local else host or "?"


def _counted(count: int) -> Finding:
    """Whether as many proxies said whom they ask for as there are said to be."""
    if count != settings.TRUSTED_PROXIES:
        return wrong(
            _(
                "Of %(n)d proxies the site is told, and TRUSTED_PROXIES is %(m)d: limits for one "
                "reader would count others, or could be evaded."
            )
            % {"n": count, "m": settings.TRUSTED_PROXIES},
            _("Set TRUSTED_PROXIES to their number; each must add to X-Forwarded-For."),
        )
    return fine(_("What arrives at the site is what readers sent."))
