"""What is wrong with this site, and how to mend it: all checks, for the shell and for the admin."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.upkeep.checks import (
    content_checks,
    database_checks,
    disk_checks,
    findings,
    service_checks,
    setting_checks,
)
from articles.upkeep.checks.findings import Check, Result, State
from articles.upkeep.checks.outside_checks import Outside


def examine(*, slow: bool = True, outside: bool = False, send_to: str = "") -> list[Result]:
    """Run the checks; each is on its own, and those of the database wait for an answer of it.

    `slow` also runs those that take seconds or ask the mail server, `outside` those that ask the
    site's own address; `send_to` sends a mail there.
    """
    database = findings.run(database_checks.REACHABLE)
    answers = database.finding.state is not State.WRONG
    checks = [
        check for check in _checks(outside=outside, send_to=send_to) if slow or not check.slow
    ]
    results = [findings.run(check) for check in checks if answers or not check.needs_database]
    if waiting := [str(check.title) for check in checks if check.needs_database and not answers]:
        results.append(_not_looked_at(waiting))
    # After the settings and the disk, which may be why it does not answer.
    place = len(setting_checks.CHECKS) + len(disk_checks.CHECKS)
    return [*results[:place], database, *results[place:]]


def _not_looked_at(titles: list[str]) -> Result:
    """One line for all that cannot be known without the database."""
    said = _("These checks need the database: %(titles)s.") % {"titles": ", ".join(titles)}
    how = _("Mend what “Database” says, and look again.")
    return Result("not_looked_at", _("Not looked at"), findings.look(said, how))


def _checks(*, outside: bool, send_to: str) -> list[Check]:
    checks = [
        *setting_checks.CHECKS,
        *disk_checks.CHECKS,
        *database_checks.CHECKS,
        *service_checks.CHECKS,
        *content_checks.CHECKS,
    ]
    if outside:
        checks += Outside().checks()
    if send_to:
        title = gettext_lazy("Test mail")
        checks.append(Check("sent", title, lambda: service_checks.send_to(send_to), slow=True))
    return checks


def is_well(results: list[Result]) -> bool:
    """Whether nothing is wrong; what should be looked at some time is not."""
    return all(result.finding.state is not State.WRONG for result in results)
