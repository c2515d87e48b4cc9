"""`manage.py read_only`: the switch for maintenance."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.management.plain import PlainCommand
from articles.upkeep import read_only
from articles.upkeep.backup.quiet import settle


class Command(PlainCommand):
    """Switches it on or off, or says how it stands; reading goes on in any case."""

    help = (
        "Make the site read-only for maintenance (--on), let people write again (--off), or say "
        "how it stands (--status). Readers notice nothing; what is sent is answered with 503 and "
        "given back; tasks wait. What manage.py is told to do goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of three, and what people are told."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--on", action="store_true", help="nothing is written from now on")
        which.add_argument("--off", action="store_true", help="people can write again")
        which.add_argument("--status", action="store_true", help="how it stands")
        parser.add_argument("--reason", default="", help="a sentence that people are shown")
        parser.add_argument(
            "--until",
            default="",
            help="when it is probably over, such as “2026-05-01 12:00” (UTC) or “30m”, “2h”; people"
            " are told so, and nothing happens then by itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError with one sentence."""
        if not options["on"] and (options["reason"] or options["until"]):
            raise CommandError("--reason and --until go with --on.")
        try:
            if options["on"]:
                read_only.switch_on(" ".join(options["reason"].split()), moment(options["until"]))
                settle(self.stdout.write)
            elif options["off"] and not read_only.switch_off():
                self.stdout.write("The site was not read-only.")
        except CommandError:
            raise
        except Exception as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"The switch cannot be told to all processes: {reason}") from error
        self.say()

    def say(self) -> None:
        """How it stands."""
        state = read_only.current()
        if state is None:
            self.stdout.write("People can write.")
            return
        until = f", until about {state.until:%Y-%m-%d %H:%M %Z}" if state.until else ""
        reason = f" ({state.reason})" if state.reason else ""
        self.stdout.write(f"Read-only since {state.since:%Y-%m-%d %H:%M %Z}{until}{reason}.")


def moment(text: str) -> datetime.datetime | None:
    """A moment to come, from a date with a time or a number of minutes or hours; None for ''.

    Raises CommandError.
    """
    if not text:
        return None
    units = {"m": "minutes", "h": "hours"}
    found: datetime.datetime | None = None
    if text[-1] in units and text[:-1].isascii() and text[:-1].isdigit() and len(text) < 6:
        found = timezone.now() + datetime.timedelta(**{units[text[-1]]: int(text[:-1])})
    else:
        try:
            found = parse_datetime(text)
        except ValueError:
            found = None
        if found and timezone.is_naive(found):
            found = timezone.make_aware(found)
    if found is None or found <= timezone.now():
        raise CommandError(f"“{text}” is no time to come; write “2026-05-01 12:00”, “30m” or “2h”.")
    return found
