"""`manage.py doctor`: what is wrong with this site, and how to mend it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from articles.management.plain import PlainCommand
from articles.upkeep.checks.doctor import examine, is_well
from articles.upkeep.checks.findings import Result, State

SIGNS = {State.FINE: "  ", State.LOOK: "? ", State.WRONG: "! "}


class Command(PlainCommand):
    """Status 0 when nothing is wrong, else 1. Works while the database is away."""

    help = "Look for what is wrong with this site, and say how to mend it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How far to look, and for whom to print."""
        parser.add_argument(
            "--network",
            action="store_true",
            help="also ask the site's own address (SITE_URL): proxy, certificate, clock",
        )
        parser.add_argument("--send-to", metavar="ADDRESS", help="also send a mail there")
        parser.add_argument("--quiet", action="store_true", help="print only what is not fine")
        parser.add_argument("--json", action="store_true", help="print a list of objects as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each check; raises CommandError for an address that is none."""
        if address := options["send_to"]:
            try:
                validate_email(address)
            except ValidationError as error:
                raise CommandError(f"“{address}” is no address of mail.") from error
        results = examine(outside=options["network"], send_to=address or "")
        shown = [
            result
            for result in results
            if not options["quiet"] or result.finding.state is not State.FINE
        ]
        if options["json"]:
            self.stdout.write(json.dumps([_plain(result) for result in shown], ensure_ascii=False))
        else:
            self.print(shown, results)
        if not is_well(results):
            sys.exit(1)

    def print(self, shown: list[Result], results: list[Result]) -> None:
        """For people: a sign before what is not fine, and the sum at the end."""
        styles: dict[State, Callable[[str], str]] = {
            State.FINE: str,
            State.LOOK: self.style.WARNING,
            State.WRONG: self.style.ERROR,
        }
        for result in shown:
            finding = result.finding
            style = styles[finding.state]
            self.stdout.write(style(f"{SIGNS[finding.state]}{result.title}: {finding.what}"))
            if finding.how:
                self.stdout.write(f"    → {finding.how}")
        counts = {
            state: sum(result.finding.state is state for result in results) for state in State
        }
        self.stdout.write(
            _("%(fine)d fine, %(look)d to look at, %(wrong)d wrong")
            % {state.value: count for state, count in counts.items()}
        )


def _plain(result: Result) -> dict[str, str]:
    return {
        "check": result.name,
        "state": result.finding.state.value,
        "title": result.title,
        "what": result.finding.what,
        "how": result.finding.how,
    }
