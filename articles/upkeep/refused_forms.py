"""The last form that was refused because the site goes by another address than SITE_URL.

Behind a proxy this is the classic: readers see https://…, the site believes it is http://…, and
every form answers 403. What is written down is the address and the time, in a file of the data
folder, since the one who wonders about it asks `doctor` in another process.
"""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

logger = logging.getLogger(__name__)

FILE = "refused_form.json"
# Whoever sends many such forms writes few lines.
PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """When it came, and from which address."""

    at: datetime
    origin: str


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
    before = last()
    if before is None or timezone.now() - before.at >= PAUSE:
        logger.warning(
            "A form from %s was refused: the site is called %s. Run “manage.py doctor”.",
            origin,
            settings.SITE_URL,
        )
        # A disk that is full has its own check.
        with contextlib.suppress(OSError):
            found = {"at": timezone.now().isoformat(), "origin": origin}
            _path().write_text(json.dumps(found), encoding="utf-8")
    return True


def last() -> RefusedForm | None:
    """The last one; None when there was none."""
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
        return RefusedForm(datetime.fromisoformat(found["at"]), str(found["origin"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path() -> Path:
    return Path(settings.DATA_DIR) / FILE
