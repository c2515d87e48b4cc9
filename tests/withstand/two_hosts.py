"""Two hosts, each in a network of its own, lose each other and what they share, under load.

    sudo uv run python -m tests.withstand.two_hosts

Five network namespaces on a bridge: two hosts with a `serve` and a data folder each, one with
PostgreSQL and Valkey, one with nginx, and one with the readers, which this script runs in. Cables
are unplugged, and what is sent to the database or to Valkey is lost without a word, which is worse
for whoever waits than a server that has ended. It takes about three minutes, prints a table, and
ends with status 1 when something in it is not as it should be.
"""

# ruff: noqa: T201 - it prints.

import contextlib
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.serving import run
from tests.withstand import engines
from tests.withstand.host_losses import (
    try_cut_in_the_midst,
    try_losses,
    try_without_database,
    try_writing_without_valkey,
)
from tests.withstand.hosts import (
    ARTICLE,
    HOSTS,
    NAME,
    Site,
    Table,
    ask,
    seconds,
    send,
    straight,
    until,
)
from tests.withstand.network import Network, wait_for_end_of
from tests.withstand.two_servers import OPEN_ALL

# Seconds.
TO_SHOW = 1.0


def try_what_is_shared(site, table):
    """Sessions, pictures and changes, before anything fails."""
    with site.one.within():
        _status, link, _errors = run(site.one.data_dir, "sign_in_link", "admin", **site.environment)
    person = straight(site.one)
    signed_in = send(person, link.strip().removeprefix(f"http://{NAME}"))
    other = straight(site.two)
    other.cookie = person.cookie
    seen = person.ask("/admin/")[0], other.ask("/admin/")[0], straight(site.two).ask("/admin/")[0]
    table.line(
        "Signed in on one; admin on one, on two, on two without the cookie",
        f"{signed_in}; {seen[0]}, {seen[1]}, {seen[2]}",
        (signed_in, *seen) == (302, 200, 200, 302),
    )
    signed_out = send(other, "/accounts/sign-out/")
    seen = person.ask("/admin/")[0]
    table.line("Signed out on two; admin on one", f"{signed_out}; {seen}",
               (signed_out, seen) == (302, 302))  # fmt: skip

    until(lambda: picture(site.one, ARTICLE) == picture(site.two, ARTICLE) != picture(site.one))
    drawn = [ask(server, picture(server, ARTICLE)) for server in site.servers]
    good = [answer[0] for answer in drawn] == [200, 200] and drawn[0][2] == drawn[1][2]
    table.line("The article's picture on one and on two, made apart",
               f"{len(drawn[0][2])} bytes each, the same: {good}", good)  # fmt: skip
    shown = site.show("Quartz")
    table.line("A changed article is new on one, on two after", seconds(shown),
               max(shown) <= TO_SHOW)  # fmt: skip


def picture(server, path="/"):
    """The address of the picture that stands for a page where somebody links to it."""
    found = re.search(rb'og:image" content="http://[^/]+(/[^"]+)"', ask(server, path)[2])
    return found[1].decode() if found else ""


def main():
    """Run it; the status to end with."""
    # So that everything is taken down also then.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    table, began = Table(), time.monotonic()
    network = Network(HOSTS)
    pids = []
    try:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="milepost-net-")))
            left = []
            stack.callback(lambda: left.extend(network.remove()))
            network.build()
            stack.enter_context(network.inside("reader"))
            site = Site(folder, network, stack)
            pids = site.pids
            site.run(OPEN_ALL)
            try_what_is_shared(site, table)
            try_writing_without_valkey(site, table)
            try_losses(site, table)
            try_cut_in_the_midst(site, table)
            try_without_database(site, table)
    except engines.Missing as error:
        print(error)
        return 1
    left += wait_for_end_of(pids, 5)
    table.line("Processes left behind", str(left or "none"), not left)
    print(f"{time.monotonic() - began:.0f} s. ", end="")
    print("All as it should be." if not table.wrong else f"WRONG: {'; '.join(table.wrong)}")
    return 1 if table.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
