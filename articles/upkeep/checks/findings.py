"""What a check of `doctor` finds, and how checks are run so that a broken one hides no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import Error as DatabaseError
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles.upkeep.logs import scrubbed

logger = logging.getLogger(__name__)

# A site that is called one of these is for this machine alone.
LOCAL = {"127.0.0.1", "localhost", "::1"}


class State(StrEnum):
    """How a thing stands. LOOK is for what works now and may not for long, or not as meant."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about how a thing stands and, unless it is fine, one about how to mend it."""

    state: State
    what: str
    how: str = ""


def fine(what: str) -> Finding:
    """All is well."""
    return Finding(State.FINE, what)


def look(what: str, how: str) -> Finding:
    """Somebody should look at this some time."""
    return Finding(State.LOOK, what, how)


def wrong(what: str, how: str) -> Finding:
    """Something does not work."""
    return Finding(State.WRONG, what, how)


@dataclass(frozen=True, slots=True)
class Check:
    """A check under the name that programs know and the title that people read.

    One that takes seconds or asks another machine is `slow`.
    """

    name: str
    title: str | Promise
    function: Callable[[], Finding]
    needs_database: bool = False
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A check and what it found."""

    name: str
    title: str
    finding: Finding


def run(check: Check) -> Result:
    """Run one check; whatever is raised in it is what it found."""
    return Result(check.name, str(check.title), _guarded(check))


def _guarded(check: Check) -> Finding:
    try:
        return check.function()
    except DatabaseError as error:
        # Whatever comes next must not meet a connection that this one left broken.
        connection.close_if_unusable_or_obsolete()
        reason = " ".join(str(error).split())
    except Exception as error:
        logger.exception("The check %s of the doctor failed", check.name)
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return wrong(
        _("This could not be looked at: %(reason)s") % {"reason": scrubbed(reason)[:300]},
        _("The log says more. If this is a mistake of Milepost, please tell its developers."),
    )
