"""What a site needs before it can be served; each step does nothing when it was done before."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction

from articles.management.samples import load_samples
from articles.models import Article, Revision, User
from articles.renewal import outdated, renew_outdated
from articles.upkeep import static_files
from articles.upkeep.backup import migrating, quiet, restored_key
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.databases import applied, missing_migrations, newer_than_code
from articles.upkeep.backup.locks import Say, silently
from articles.upkeep.checks import disk_checks
from articles.upkeep.checks.findings import State


@contextmanager
def plain_failure() -> Iterator[None]:
    """Say in one CommandError that the disk is full or a file cannot be used while preparing."""
    full = (
        f"There is no room on the disk of {settings.DATA_DIR}: make some and start again, which "
        "goes on where this start ended."
    )
    try:
        yield
    except BackupError as error:
        raise CommandError(str(error)) from error
    except OperationalError as error:
        # SQLite has no better word for it where not even its index of the log has room.
        if "disk is full" not in str(error) and disk_checks.space().state is not State.WRONG:
            raise
        raise CommandError(full) from error
    except OSError as error:
        if error.errno in disk_checks.NO_ROOM:
            raise CommandError(full) from error
        place = error.filename or settings.DATA_DIR
        raise CommandError(f"{place} cannot be used: {error.strerror or error}.") from error


def migrate(say: Say = silently) -> int:
    """Bring the database to this version, wholly or not at all; how many migrations that took.

    Of several processes that start together one does it and the others wait. Raises CommandError
    for a database that a newer version has changed.
    """
    if sentence := newer_than_code(connection):
        raise CommandError(sentence)
    had = applied(connection)
    # The permissions and roles that follow the last migration came with it; older versions had
    # them come later, and may have been cut off in between.
    if not missing_migrations(had) and User.objects.filter(is_superuser=True).exists():
        return 0
    return migrating.migrate(say)


def finish_restore(say: Say = silently) -> None:
    """After a restore that was killed, put its key into place and let people write again.

    Waits for one that is at work. This process begins anew where the site now has another key than
    it was started with; then this does not come back.
    """
    if restored_key.finish_interrupted(say):
        say("A restore was cut off: its secret key is in place now; starting with it")
        _begin_anew()
    quiet.finish_interrupted(say)
    if restored_key.is_another():
        say("The secret key was exchanged at this moment; starting with the new one")
        _begin_anew()


def _begin_anew() -> None:
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command again


@transaction.atomic
def make_first_admin(*, with_samples: bool) -> tuple[User | None, int]:
    """The first admin, made when there is no superuser, and how many sample articles came along.

    The samples belong to the first start of an empty site: one that ever had an article, or an
    owner, gets none, so that whoever deleted them is rid of them. Raises CommandError when a sample
    cannot be read.
    """
    if User.objects.filter(is_superuser=True).exists():
        return None, 0
    empty = not Article.objects.exists() and not Revision.objects.exists()
    admin = User(username=_free_username("admin"), is_staff=True, is_superuser=True)
    admin.set_unusable_password()
    admin.save()
    return admin, load_samples() if empty and with_samples else 0


def _free_username(wanted: str) -> str:
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (wanted, *numbered) if name not in taken)


def renew_later() -> int:
    """Have the task worker render anew what an older version rendered; how many articles."""
    count = outdated().count()
    if count:
        renew_outdated.enqueue()
    return count


def owner_to_invite() -> User | None:
    """The superuser who gets a sign-in link at every start; None once any has signed in."""
    owners = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    if owners.filter(last_login__isnull=False).exists():
        return None
    return owners.first()


def collect_static_files() -> bool:
    """Run `collectstatic` when the static files changed since the last time; whether it ran."""
    if static_files.are_collected():
        return False
    cut_off = static_files.begin_collecting()
    call_command("collectstatic", interactive=False, verbosity=0, clear=cut_off)
    static_files.note_collected()
    return True
