"""`manage.py reset_second_factor USER`: for somebody who lost the phone and the recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.accounts.factors import remove_factors
from articles.models import User


class Command(BaseCommand):
    """Says how many were taken away."""

    help = "Take away a person's second factors and recovery codes, which they lost."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The person."""
        parser.add_argument("username", metavar="USER", help="the person's user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a person who is unknown."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['username']}”.")
        # Whoever may run this is nobody in the database: the log names the person concerned.
        how = "Second factors removed by manage.py reset_second_factor."
        if remove_factors(person=user, by=user, how=how):
            self.stdout.write(f"“{user.username}” signs in without a second factor now.")
        else:
            self.stdout.write(f"“{user.username}” had none.")
