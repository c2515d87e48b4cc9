"""The form of a line of the log: for people at a terminal, else one JSON object.

Either says nothing of a person but the number of an account: no address of a machine or of mail, no
secret, no query string, no token of a link.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

# The id of the request that is being answered in this thread; '' outside of any.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# An address of mail, but not the name that Python gives to a mail itself (`make_msgid`).
_ADDRESS = re.compile(r"(?<![\w.])(?!\d+\.\d+\.\d+@)[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_TOKEN = re.compile(r"[\w:.~-]{20,}")
# Below these the long words of an address are keys to an account or a comment.
_PRIVATE_PATHS = ("/accounts/", "/comments/manage/", "/admin/")
# A shorter password is a word that may stand in a log by itself.
SHORTEST_SECRET = 6


@cache
def _secrets() -> tuple[str, ...]:
    """The secrets in the settings, the longest first, also as addresses write them."""
    database = settings.DATABASES["default"]
    mailers = getattr(settings, "MAILERS", {}).values()
    store = settings.STORAGES["default"].get("OPTIONS", {})
    cache_place = settings.CACHES["default"].get("LOCATION", "")
    found = {
        settings.SECRET_KEY,
        *settings.SECRET_KEY_FALLBACKS,
        getattr(settings, "METRICS_TOKEN", ""),
        str(database.get("PASSWORD") or ""),
        str(store.get("secret_key") or ""),
        *(str(mailer.get("OPTIONS", {}).get("password") or "") for mailer in mailers),
        unquote(urlsplit(cache_place).password or "") if isinstance(cache_place, str) else "",
    }
    found |= {quote(secret, safe="") for secret in found}
    return tuple(
        sorted((each for each in found if len(each) >= SHORTEST_SECRET), key=len, reverse=True)
    )


def scrubbed(text: str) -> str:
    """The text without addresses of mail and without the secrets of this site."""
    for secret in _secrets():
        text = text.replace(secret, "[secret]")
    return _ADDRESS.sub("[address]", text) if "@" in text else text


def shown_path(path: str) -> str:
    """A request's path as a log may hold it: without tokens, in one line, of bounded length."""
    if path.startswith(_PRIVATE_PATHS):
        path = _TOKEN.sub("…", path)
    return "".join(sign if sign.isprintable() else "?" for sign in path[:300])


class JsonLines(logging.Formatter):
    """One JSON object a line, for programs that gather logs.

    Always `time`, `level`, `logger` and `message`; `request_id` within a request, `error` with a
    traceback, and what the caller gives as `extra={"fields": {…}}`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """See the class."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if name := request_id.get():
            line["request_id"] = name
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


class HumanLines(logging.Formatter):
    """A line that is read as it comes, with the traceback of an error below it; in UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%d %H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """See the class."""
        name = request_id.get()
        return scrubbed(super().format(record)) + (f" [{name}]" if name else "")


def formatter() -> logging.Formatter:
    """What suits where the log goes: people read a terminal, programs read the rest."""
    return HumanLines() if sys.stderr.isatty() else JsonLines()


class Refused(logging.Filter):
    """Tells of what Django refused as of a visitor's matter: a warning, no traceback, no token.

    Whoever sends a form with too many fields would else fill the log, and the inbox of whoever is
    told of errors.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; changes what is written down."""
        if record.name.startswith("django.security."):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        path = getattr(getattr(record, "request", None), "path", None)
        if path and isinstance(record.args, tuple):
            record.args = tuple(shown_path(path) if each == path else each for each in record.args)
        return True
