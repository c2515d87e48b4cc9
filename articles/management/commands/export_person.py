"""`manage.py export_person`: what the site keeps about somebody, for when they ask."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from articles.management.plain import PlainCommand
from articles.privacy import persons
from articles.privacy.person_export import export


class Command(PlainCommand):
    """Prints JSON; the person is found by address of e-mail, user name or public name."""

    help = "Print everything that the site keeps about a person, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom it is about."""
        parser.add_argument(
            "person",
            nargs="+",
            help="an address of e-mail, a user name or a public name; several are of one person",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when there is nothing."""
        found = persons.find(*options["person"])
        if not found:
            raise CommandError("Nothing is kept under this address or name.")
        self.stdout.write(json.dumps(export(found), ensure_ascii=False, indent=2))
