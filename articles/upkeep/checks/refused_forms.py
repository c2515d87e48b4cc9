"""The last form that was refused because the site goes by another address than SITE_URL.

Behind a proxy this is the classic: readers see https://…, the site believes it is http://…, and
every form answers 403. What is noted is the address and the time.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from articles.upkeep.checks import noted
from articles.upkeep.checks.noted import Noted

logger = logging.getLogger(__name__)

FILE = "refused_form.json"


def note(request: HttpRequest) -> bool:
    """Write the form down if the addresses are why it was refused; whether they are.

    They are when the form came from the host of SITE_URL by another scheme or port. A form from
    another host is an attack or a mistake elsewhere, and is rightly refused.
    """
    origin = request.headers.get("Origin", "")
    try:
        parts = urlsplit(origin)
        _ = parts.port
    except ValueError:
        return False
    site = urlsplit(settings.SITE_URL)
    if parts.hostname != site.hostname or origin == settings.SITE_URL:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"[:200]
    if noted.note(FILE, origin):
        logger.warning(
            "A form from %s was refused: the site is called %s. Run “manage.py doctor”.",
            origin,
            settings.SITE_URL,
        )
    return True


def last() -> Noted | None:
    """The last one, with the address it came from; None when there was none."""
    return noted.last(FILE)
