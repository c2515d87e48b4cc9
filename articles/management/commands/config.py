"""`manage.py config`: every setting with its value, where that comes from, and what it means."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from articles.management.plain import PlainCommand

ORIGINS = {
    "environment": "from the environment",
    "file": "from the file {place}",
    "default": "not set",
    "made": "made at the first start, in {place}",
}


class Command(PlainCommand):
    """Needs no database; what is secret is masked, of an address its user and password."""

    help = "Print every setting: its value, where that comes from, and what it means."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For people or for programs."""
        parser.add_argument("--json", action="store_true", help="print a list of objects as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them in the order in which they are read."""
        if options["json"]:
            found = [dataclasses.asdict(setting) for setting in settings.ENVIRONMENT]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        width = max(len(setting.name) for setting in settings.ENVIRONMENT)
        for setting in settings.ENVIRONMENT:
            origin = ORIGINS[setting.origin].format(place=setting.place)
            if setting.origin == "default" and setting.place:
                origin += f": {setting.place}"
            self.stdout.write(f"{setting.name:<{width}}  {setting.value or '(nothing)'}")
            self.stdout.write(f"{'':<{width}}  {origin}; {setting.meaning}")
