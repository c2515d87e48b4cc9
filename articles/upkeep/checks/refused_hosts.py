"""The last request that was refused because it asked for another host than that of SITE_URL.

When a proxy hands on a name of its own, every page answers 400, and the log has to say why.
Programs that look for weak sites ask for every host there is: a line a minute, not one for each.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from articles.upkeep.checks import noted
from articles.upkeep.checks.noted import Noted

FILE = "refused_host.json"
LONGEST = 100


class RefusedHost(logging.Filter):
    """For the logger of such requests: one warning a minute, which names both hosts."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write the record; it loses its traceback."""
        # Logging that is set up twice, as by a server that forks, asks each filter twice.
        if getattr(record, "refused_host", ""):
            return True
        host = shown(getattr(record, "request", None))
        if not noted.note(FILE, host):
            return False
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        record.msg = "A request for the host “%s” was refused (400): SITE_URL names “%s”."
        record.args = (host, urlsplit(settings.SITE_URL).netloc)
        record.refused_host = host
        return True


def shown(request: Any) -> str:
    """The host that was asked for as a log may hold it: in one line, of bounded length."""
    host = request.headers.get("host", "") if request else ""
    return "".join(sign if sign.isprintable() else "?" for sign in host[:LONGEST])


def last() -> Noted | None:
    """The last one, with the host it asked for; None when there was none."""
    return noted.last(FILE)
