"""Nothing is written while a restore is at work: it would be in no backup, and gone.

The site is read-only from before the backup of what is there until its rows are exchanged. A
restore that is killed in between leaves it so; the next start or the next restore lifts that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django_tasks_db.models import DBTaskResult

from articles.upkeep import read_only
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.databases import site_connection, table_names
from articles.upkeep.backup.locks import Say, alone, is_held, silently

# Requests that were let in before are answered by then, and other hosts have looked.
SECONDS_TO_SETTLE = 2
SECONDS_FOR_TASKS = 30


@contextmanager
def nothing_written(say: Say = silently) -> Iterator[None]:
    """Have the site read-only for the block, for whoever holds `alone`.

    One that a person made read-only, before or meanwhile, on whichever host, stays so. When a cache
    that other hosts look at does not answer, that is said and the block goes on. Raises BackupError
    while another host restores.
    """
    before = read_only.current()
    if before and not before.restoring:
        yield
        return
    _only_this_host(read_only.of_this_host())
    mine = None
    # Whatever cuts this off, also in the midst of switching on, it does not stay so.
    try:
        if mine := _switched_on(say):
            settle(say)
            # Of two that began at the same moment, the one whose word was overwritten.
            _only_this_host(mine)
        yield
    finally:
        _lift(say, mine)


def _only_this_host(mine: read_only.ReadOnly | None) -> None:
    """Raise BackupError when all are told of a restore, and by another host than this one."""
    try:
        told = read_only.told_to_all()
    except Exception:  # noqa: BLE001 - each kind of cache raises its own; switching on says it
        return
    if told and told.restoring and told != mine:
        raise BackupError(
            "Another host of this site restores a backup at this moment: nothing was done here. "
            "If that was cut off there, run: manage.py read_only --off"
        )


def _switched_on(say: Say) -> read_only.ReadOnly | None:
    """Switch on; what everybody was told. If that fails nobody is, and that is said."""
    try:
        return read_only.switch_on(restoring=True)
    except Exception as error:  # noqa: BLE001 - each kind of cache raises its own
        read_only.path().unlink(missing_ok=True)
        reason = " ".join(str(error).split())
        say(f"The site could not be made read-only ({reason}); what is written now may be lost")
    return None


def settle(say: Say) -> None:
    """Wait, after switching on, for what was begun before; says what cannot be waited for."""
    time.sleep(SECONDS_TO_SETTLE)
    if DBTaskResult._meta.db_table not in table_names(site_connection()):
        return
    deadline = time.monotonic() + SECONDS_FOR_TASKS
    while DBTaskResult.objects.running().exists():
        if time.monotonic() > deadline:
            say("A task that was begun before still runs, or was cut off.")
            return
        time.sleep(0.2)


def finish_interrupted(say: Say = silently) -> None:
    """After a restore that was killed: let people write again. Waits for one that is at work."""
    if not _left_over():
        return
    with alone(say):
        # One that was at work has done so itself.
        if _left_over() and _lift(say):
            say("A restore was cut off; people can write again")


def was_cut_off() -> bool:
    """Whether a restore of this host left the switch on, and none is at work that will lift it."""
    return _left_over() and not is_held()


def _left_over() -> bool:
    """Whether a restore of this host has the switch on; one of another host is not asked about."""
    state = read_only.of_this_host()
    return bool(state and state.restoring)


def _lift(say: Say, mine: read_only.ReadOnly | None = None) -> bool:
    """Switch off what a restore of this host switched on; whether it was, and all were told."""
    here = read_only.of_this_host()
    if here and not here.restoring:
        # A person has meanwhile.
        return False
    mine = here or mine
    if mine is None:
        return False
    try:
        read_only.switch_off(only=mine)
    except Exception as error:  # noqa: BLE001 - each kind of cache raises its own
        reason = " ".join(str(error).split())
        say(f"The site is still read-only ({reason}); later run: manage.py read_only --off")
        return False
    return True
