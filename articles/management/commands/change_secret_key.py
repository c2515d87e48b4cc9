"""`manage.py change_secret_key`: a new secret key, without an end of what the former one signed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from articles.management.plain import PlainCommand
from articles.upkeep import secret_keys
from articles.upkeep.key_files import key_file
from articles.upkeep.secret_keys import SecretKeyError


class Command(PlainCommand):
    """Status 1 and a sentence when nothing was changed."""

    help = (
        "Make a new secret key and go on accepting the former one: nobody is signed out, no link "
        "dies, and the next start seals second factors anew. --forget-former ends that: what "
        "former keys signed is not accepted any more. If a key was stolen, stop the site, run "
        "this without and then with it, and start the site again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to end the former ones instead."""
        parser.add_argument(
            "--forget-former",
            action="store_true",
            help="make no new key; seal everything with the present one and accept no other",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with what is to be done instead."""
        try:
            if options["forget_former"]:
                self.forget()
            else:
                count = secret_keys.change(self.stdout.write)
                self.stdout.write(f"A new secret key is in {key_file()}.")
                self.stdout.write(f"Former keys that are still accepted: {count}")
                self.restart()
        except SecretKeyError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            reason = f"{error.filename or settings.DATA_DIR}: {error.strerror or error}"
            raise CommandError(f"The secret key was not changed; {reason}.") from error
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"Former keys are still accepted; the database: {reason}") from error

    def forget(self) -> None:
        """What was sealed anew, and what is left to do."""
        done = secret_keys.forget_former(self.stdout.write)
        self.stdout.write(f"Second factors sealed with the present key: {done.resealed}")
        self.stdout.write(f"Former keys forgotten: {done.keys}")
        if done.are_set:
            self.stdout.write("Now take SECRET_KEY_FALLBACKS out of the environment.")
        if done.keys or done.are_set:
            self.stdout.write(
                "Backups from before hold former keys and are not thinned out any more: make a new "
                "one, and delete those yourself."
            )
            self.restart()

    def restart(self) -> None:
        """What runs knows only the keys that it was started with."""
        self.stdout.write(f"Now restart the site if it runs ({settings.SITE_URL}).")
