"""`manage.py sign_in_link USER`: a one-time link for whoever cannot sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from articles.management.plain import PlainCommand
from articles.models import User
from articles.sign_in import sign_in_link


class Command(PlainCommand):
    """Prints the link alone, so that it can be piped."""

    help = "Print a link that signs a person in, once and within an hour."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The person."""
        parser.add_argument("username", metavar="USER", help="the person's user name")
        parser.add_argument(
            "--site-url",
            default=settings.SITE_URL,
            help="the site's address, when it is neither SITE_URL nor the usual one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a person who is unknown or may not sign in."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['username']}”.")
        if not user.is_active:
            raise CommandError(f"“{user.username}” may not sign in; make the account active first.")
        self.stdout.write(sign_in_link(user, options["site_url"].rstrip("/")))
