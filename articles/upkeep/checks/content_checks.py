"""Checks of what the site keeps and says: backups, derived pages, factors, who is responsible."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.accounts.factors import has_factor_column, seals
from articles.models import Page, Revision, SiteSettings, User
from articles.renewal import outdated
from articles.upkeep import static_files
from articles.upkeep.backup.backups import last_good_backup, site_is_new
from articles.upkeep.checks.findings import LOCAL, Check, Finding, fine, look, wrong
from articles.upkeep.key_files import former_file

DAYS_UNTIL_LOOK, DAYS_UNTIL_WRONG = 2, 8
# Two machines that ask a time server differ by less.
SECONDS_APART = 5
SECONDS_AHEAD = 120
FEW_NAMES = 5


def backup() -> Finding:
    """When the last good backup was made."""
    how = _("Run manage.py backup every night; docs/keeping.md shows how.")
    last = last_good_backup()
    if last is None:
        said = _("There is no good backup of this site.")
        return look(said, how) if site_is_new() else wrong(said, how)
    days = (timezone.now() - last.made_at).days
    said = _("The last good backup was made on %(day)s: %(path)s on %(host)s.") % {
        "day": last.made_at.date().isoformat(),
        "path": last.path,
        "host": last.host,
    }
    if days >= DAYS_UNTIL_WRONG:
        return wrong(said, how)
    return look(said, how) if days >= DAYS_UNTIL_LOOK else fine(said)


def backup_place() -> Finding:
    """Whether backups lie elsewhere than what they are a backup of."""
    last = last_good_backup()
    here = settings.DATA_DIR.stat().st_dev
    try:
        there = Path(last.path).stat().st_dev if last else None
    except OSError:
        # On another machine, or where this user may not look.
        there = None
    if there is None:
        return fine(_("No backup lies on this machine."))
    if there == here:
        return look(
            _("The last good backup lies on the same disk as the site, and would be lost with it."),
            _("Copy backups to another machine, or name another disk with “backup --to”."),
        )
    return fine(_("The last good backup lies on another disk."))


def static() -> Finding:
    """Whether the static files that are served are those of this version."""
    if static_files.are_collected():
        return fine(_("The static files are those of this version."))
    return wrong(
        _("The static files are missing, or those of another version: pages look broken."),
        _("Start the site anew with “serve”, or run manage.py collectstatic."),
    )


def renderings() -> Finding:
    """Whether the pages of articles were rendered by this version."""
    if count := outdated().count():
        return look(
            ngettext(
                "%(n)d article was rendered by another version, and is shown so.",
                "%(n)d articles were rendered by another version, and are shown so.",
                count,
            )
            % {"n": count},
            _("The task worker renews them after a start; or run manage.py rebuild."),
        )
    return fine(_("All articles were rendered by this version."))


def second_factors() -> Finding:
    """Whether those who may do everything prove it by more than a password."""
    staff = User.objects.filter(is_active=True, is_staff=True)
    without = staff.filter(~has_factor_column())
    how = _("They add one in the admin; “Site settings” can require it of everybody there.")
    if count := without.filter(is_superuser=True).count():
        return look(
            ngettext(
                "%(n)d person with all rights signs in without a second factor.",
                "%(n)d people with all rights sign in without a second factor.",
                count,
            )
            % {"n": count},
            how,
        )
    if SiteSettings.current().require_second_factor or not without.exists():
        return fine(_("Whoever has all rights signs in with a second factor."))
    count = without.count()
    return look(
        ngettext(
            "%(n)d person who edits signs in without a second factor.",
            "%(n)d people who edit sign in without a second factor.",
            count,
        )
        % {"n": count},
        how,
    )


def sealed() -> Finding:
    """Whether the secret key opens all second factors, and needs no former one for that."""
    found = seals()
    if count := len(found.unknown):
        return wrong(
            ngettext(
                "No secret key opens the second factor of %(n)d person (%(names)s), who cannot "
                "sign in with it.",
                "No secret key opens the second factors of %(n)d people (%(names)s), who cannot "
                "sign in with them.",
                count,
            )
            % {"n": count, "names": _few(found.unknown)},
            _(
                "Set SECRET_KEY_FALLBACKS to the secret key that the site had before; if it is "
                "lost, run manage.py reset_second_factor for each of them. If the key was just "
                "changed, restart the site."
            ),
        )
    if count := len(found.former):
        return look(
            ngettext(
                "The second factor of %(n)d person is sealed with a former secret key.",
                "The second factors of %(n)d people are sealed with a former secret key.",
                count,
            )
            % {"n": count},
            _(
                "Start the site again, which seals them with the present one; until then leave "
                "%(place)s as it is."
            )
            % {"place": _place_of_former_keys()},
        )
    return fine(_("The secret key opens all second factors."))


def _place_of_former_keys() -> str:
    """What holds them: the setting, or the file that the site wrote when it changed its key."""
    name, file = "SECRET_KEY_FALLBACKS", str(former_file())
    is_kept = any(each.name == name and each.place == file for each in settings.ENVIRONMENT)
    return file if is_kept else name


def _few(names: list[str]) -> str:
    """The first of them."""
    return ", ".join(names[:FEW_NAMES]) + (" …" if len(names) > FEW_NAMES else "")


def clock_of_database() -> Finding:
    """Whether this machine and its database agree about the time."""
    if connection.vendor != "postgresql":
        return fine(_("The database goes by the clock of this machine."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        there = float(cursor.fetchone()[0])
    apart = round(abs(there - time.time()))
    if apart >= SECONDS_APART:
        return wrong(
            _("The clocks of this machine and of the database are %(n)d seconds apart.")
            % {"n": apart},
            _("Have both machines ask a time server, for example with systemd-timesyncd."),
        )
    return fine(_("This machine and its database agree about the time."))


def clock_of_disk() -> Finding:
    """Whether this machine and the disk of the data folder agree about the time."""
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix=".doctor-") as file:
        there = Path(file.name).stat().st_mtime
    apart = round(abs(there - time.time()))
    if apart >= SECONDS_APART:
        return wrong(
            _("The clocks of this machine and of its disk are %(n)d seconds apart.") % {"n": apart},
            _("Have the machine that holds the disk ask a time server."),
        )
    return fine(_("This machine and its disk agree about the time."))


def future() -> Finding:
    """Whether something was written in the future: then the clock was wrong once, or is now."""
    # By name: the discussion knows this package, as it tells what is kept for how long.
    written: list[type[Model]] = [Revision, apps.get_model("discussion", "Comment")]
    newest = [model._default_manager.aggregate(at=Max("created_at"))["at"] for model in written]
    ahead = max((at for at in newest if at), default=None)
    if ahead and ahead - timezone.now() > timedelta(seconds=SECONDS_AHEAD):
        return wrong(
            _("Something was written on %(time)s, and it is not that late yet.")
            % {"time": ahead.isoformat(timespec="minutes")},
            _("The clock of this machine is behind, or was ahead: have it ask a time server."),
        )
    return fine(_("Nothing was written in the future."))


def responsible() -> Finding:
    """Whether readers of a public site can see who is responsible for it."""
    if urlsplit(settings.SITE_URL).hostname in LOCAL:
        return fine(_("The site is not public yet: nobody has to be named."))
    if not SiteSettings.current().responsible.strip():
        return look(
            _("The page on privacy names nobody who is responsible for this site."),
            _("Write it into “Who is responsible” of the site settings in the admin."),
        )
    if not Page.objects.public().filter(body__contains="{{responsible}}").exists():
        return look(
            _("Who is responsible for this site is written down, and no page shows it."),
            _("Give the page on privacy, or the imprint, a line {{responsible}}."),
        )
    return fine(_("Readers can see who is responsible for this site."))


CHECKS = [
    Check("backup", gettext_lazy("Last good backup"), backup, needs_database=True),
    Check("backup_place", gettext_lazy("Place of backups"), backup_place, needs_database=True),
    Check("static_files", gettext_lazy("Static files"), static),
    Check("renderings", gettext_lazy("Rendered pages"), renderings, needs_database=True),
    Check("second_factors", gettext_lazy("Second factors"), second_factors, needs_database=True),
    Check("sealed", gettext_lazy("Sealed second factors"), sealed, needs_database=True),
    Check("responsible", gettext_lazy("Who is responsible"), responsible, needs_database=True),
    Check(
        "clock_database", gettext_lazy("Clock, database"), clock_of_database, needs_database=True
    ),
    Check("clock_disk", gettext_lazy("Clock, disk"), clock_of_disk),
    Check("clock_rows", gettext_lazy("Clock, past"), future, needs_database=True),
]
