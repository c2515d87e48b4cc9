"""`manage.py serve`: the real site from nothing, with one command."""

from __future__ import annotations

import errno
import os
import signal
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from articles.management import first_start, served_at, server
from articles.management.plain import PlainCommand
from articles.sign_in import sign_in_link
from articles.upkeep import lost_database, secret_keys
from articles.upkeep.checks import disk_checks
from articles.upkeep.checks.findings import State
from articles.upkeep.data_id import data_id

# What argparse puts into a help.
BY_DEFAULT = "%(default)s if it is not given"


class Command(PlainCommand):
    """Prepares what is missing, then serves; without SITE_URL, `manage.py` names the site first."""

    help = (
        "Start the site. What is missing is made first: data folder, secret key, tables, the first "
        "admin with a one-time sign-in link, the sample articles, static files."
    )
    # The worker loads all that a check would load, and a start should take no longer than it must.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and with how many hands."""
        parser.add_argument(
            "--host", default="127.0.0.1", help=f"address to listen on; {BY_DEFAULT}"
        )
        parser.add_argument(
            "--port", type=int, default=8000, help=f"port to listen on; {BY_DEFAULT}"
        )
        parser.add_argument(
            "--no-sample",
            action="store_true",
            help="leave an empty site without the sample articles",
        )
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            help=f"processes that answer requests; {BY_DEFAULT}",
        )
        parser.add_argument(
            "--threads", type=int, default=4, help=f"threads in each of them; {BY_DEFAULT}"
        )
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="run no task worker beside the site; mail waits for `manage.py worker`",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and serve; Ctrl-C and SIGTERM end it with status 0 at any time."""
        # At once: an exception might be raised where Python swallows it, and the site would start
        # as if nothing had been said. The next start goes on with what is cut off here, as after a
        # power cut; the server, once it runs, has ways of its own to stop in order.
        for number in (signal.SIGTERM, signal.SIGINT):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_signal: os._exit(0))
        host = self.checked(options)
        with first_start.plain_failure():
            self.prepare(with_samples=not options["no_sample"])
        self.serve(host, options)

    def checked(self, options: dict[str, Any]) -> str:
        """The address to listen on; raises CommandError when the site cannot be served here."""
        if min(options["workers"], options["threads"]) < 1:
            raise CommandError("--workers and --threads are 1 or more.")
        host = listening_address(options["host"], options["port"])
        if (found := disk_checks.writable()).state is State.WRONG:
            raise CommandError(f"{found.what} {found.how}")
        if sentence := lost_database.lost():
            raise CommandError(sentence)
        return host

    def prepare(self, *, with_samples: bool) -> None:
        """The steps in order; raises CommandError with one sentence when one cannot be taken."""
        self.say(f"Milepost {settings.VERSION}, data in {settings.DATA_DIR}")
        served_at.note_address(self.say)
        if count := first_start.migrate(self.say):
            self.say(f"Database: {count} migrations applied")
        first_start.finish_restore(self.say)
        # From here on there is one, and none is to be made in its place.
        data_id()
        lost_database.only_what_is_there()
        if count := secret_keys.reseal():
            self.say(f"Second factors sealed anew, with the present secret key: {count}")
        admin, samples = first_start.make_first_admin(with_samples=with_samples)
        if admin:
            self.say(f"First admin: “{admin.username}”")
        if samples:
            self.say(f"Sample articles: {samples}")
        if count := first_start.renew_later():
            self.say(f"Rendered by another version, and renewed while the site runs: {count}")
        if first_start.collect_static_files():
            self.say("Static files collected")
        if owner := first_start.owner_to_invite():
            self.say("Sign in here, once and within an hour:")
            self.say(f"  {sign_in_link(owner, settings.SITE_URL)}")

    def serve(self, host: str, options: dict[str, Any]) -> None:
        """Answer until somebody stops it."""
        ready = f"Milepost is ready at {settings.SITE_URL}/"
        if not settings.SITE_URL.endswith(f":{options['port']}"):
            ready += f", listening on {host}, port {options['port']}"
        server.serve(
            host=host,
            port=options["port"],
            workers=options["workers"],
            threads=options["threads"],
            with_tasks=not options["no_worker"],
            ready=f"{ready} (Ctrl-C stops it)",
        )

    def say(self, line: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()


def listening_address(host: str, port: int) -> str:
    """The numeric address of `host`. Raises CommandError when nobody may listen there."""
    if not 0 < port < 65536:
        raise CommandError(f"{port} is not a port; ports are 1 to 65535.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise CommandError(f"“{host}” is no address that this machine knows.") from error
    family, kind, protocol, _name, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            reasons = {
                errno.EADDRINUSE: f"Port {port} is in use; choose another with --port.",
                errno.EACCES: f"Port {port} needs rights that this user lacks; choose another.",
                errno.EADDRNOTAVAIL: f"“{host}” is not an address of this machine.",
            }
            sentence = reasons.get(error.errno or 0, f"Cannot listen on {host}: {error.strerror}.")
            raise CommandError(sentence) from error
    return str(address[0])
