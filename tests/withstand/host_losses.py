"""What two hosts lose, one after the other, and what readers notice of it: for `two_hosts.py`."""

import contextlib
import signal
import threading
import time

from tests.serving import PATIENCE, start
from tests.withstand import engines
from tests.withstand.hosts import (
    DATABASE,
    DISCUSSION,
    FRONT,
    KEPT,
    NEVER_KEPT,
    ONE,
    PORT,
    TWO,
    VALKEY,
    ask,
    ready,
    said,
    seconds,
    send,
    straight,
    until,
)
from tests.withstand.two_servers import CHANGE, COMMENTS, FORM, Seen, Visitor, load, shell

# Seconds: what is promised to a reader, in the worst case of each kind.
TO_SHOW = 1.0
TO_SHOW_WITHOUT_VALKEY = 2.0
# A request that is on its way to a host when its cable is pulled waits for nginx's patience.
LONGEST_READ = 15.0
# Reads and seconds: whoever goes on reads more than once a second.
LEAST = 15
HOLD = """
import time
from django.db import transaction
from articles.models import Article
with transaction.atomic():
    Article.objects.select_for_update().get(slug="deep-learning")
    print("held", flush=True)
    time.sleep(60)
"""
LONGEST_ANSWER = 12.0
# Nine until PostgreSQL notices, and what it takes to start a command; without it two hours.
LONGEST_LOCK = 20.0
# Until Valkey is looked at again and the worker has looked for tasks.
TO_SETTLE = 3.0


class Phases:
    """Parts of a time under load, each with what the readers and writers saw in it."""

    def __init__(self, seen, table):
        self.seen, self.table, self.parts = seen, table, []

    @contextlib.contextmanager
    def phase(self, name):
        """The block is one of them."""
        began, before = time.time(), len(self.seen.acknowledged)
        yield
        self.parts.append((name, began, time.time(), len(self.seen.acknowledged) - before))

    def judge(self):
        """Each by the reads that began in it, when all are answered."""
        for name, start_of, end_of, comments in self.parts:
            reads = [read for read in self.seen.reads if start_of <= read[0] < end_of]
            taken = sorted(taken for _began, taken, _status, _by in reads)
            failed = [status for *_rest, status, _by in reads if status != 200]
            by = {host for *_rest, host in reads}
            hosts = [server for server, address in (("one", ONE), ("two", TWO))
                     if any(host.startswith(f"{address}:") for host in by)]  # fmt: skip
            middle, longest = (taken[len(taken) // 2], taken[-1]) if taken else (0, 0)
            self.table.line(
                name,
                f"{len(reads)} reads, {len(failed)} failed, median {middle * 1000:.0f} ms, longest "
                f"{longest:.1f} s, by {' and '.join(hosts)}; {comments} comments",
                len(reads) > LEAST and comments > 0 and not failed and longest <= LONGEST_READ,
            )


def try_losses(site, table):
    """Lose one thing after the other, while people read and write."""
    network, one, two = site.network, site.one, site.two
    seen = Seen()
    threads = load((PORT, FRONT), seen)
    phases = Phases(seen, table)
    try:
        with phases.phase("All is well, 6 s"):
            time.sleep(6)
        with phases.phase("Host one unplugged, 15 s"), network.unplugged("one"):
            time.sleep(15)
        with phases.phase("Plugged in again, 8 s"):
            back = until(lambda: ready(one)[0] == 200)
            time.sleep(8)
        table.line("  Host one is ready again after", f"{back:.2f} s", back < LONGEST_ANSWER)
        with phases.phase("Host two without Valkey, 12 s"), network.lost(VALKEY, "two"):
            time.sleep(4)
            state = ready(two)
            shown = site.show("Basalt")
            time.sleep(5)
        table.line("  /readyz on two", said(state), state[:2] == (503, ["cache"]) and state[2] < 4)
        table.line("  A changed article is new on one, on two after", seconds(shown),
                   max(shown) <= TO_SHOW_WITHOUT_VALKEY)  # fmt: skip
        with phases.phase("Valkey is back, 5 s"):
            time.sleep(5)
        with phases.phase("Host one without PostgreSQL, 20 s"), network.lost(DATABASE, "one"):
            time.sleep(1)
            state, alive, page = ready(one), ask(one, "/healthz"), ask(one, NEVER_KEPT)
            time.sleep(15)
            later = ask(one, NEVER_KEPT)
        # It waits for a thread: at first all of them wait for the database.
        good = state[:2] == (503, ["database", "migrations"]) and state[2] < LONGEST_READ
        table.line("  /readyz on one", said(state), good)
        for when, answer in (("/healthz on one", alive), ("a page straight from one", page),
                             ("the same 15 s later", later)):  # fmt: skip
            expected = 200 if answer is alive else 503
            table.line(f"  {when}", f"{answer[0]} after {answer[3]:.1f} s",
                       answer[0] == expected and answer[3] < LONGEST_ANSWER)  # fmt: skip
        with phases.phase("PostgreSQL is back, 8 s"):
            back = until(lambda: ready(one)[0] == 200)
            time.sleep(8)
        table.line("  Host one is ready again after", f"{back:.2f} s", back < LONGEST_ANSWER)
    finally:
        seen.stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    phases.judge()
    stored = site.run(COMMENTS).splitlines()
    missing = [body for body in seen.acknowledged if body not in stored]
    doubled = len(stored) - len(set(stored))
    table.line("Comments acknowledged; sent again; missing; doubled",
               f"{len(seen.acknowledged)}; {seen.sent_again}; {len(missing)}; {doubled}",
               bool(seen.acknowledged) and not missing and not doubled)  # fmt: skip
    table.line("What else the writers saw", "; ".join(seen.problems) or "nothing",
               not seen.problems)  # fmt: skip


def try_cut_in_the_midst(site, table):
    """A host goes in the midst of a change: how long the other cannot change the same."""
    with site.one.within():
        holding = start(site.one.data_dir, "shell", "--no-imports", "-c", HOLD, **site.environment)
    try:
        held = holding.stdout.readline().strip()
        with site.network.unplugged("one"):
            began = time.monotonic()
            shell(site.two, CHANGE.format(word="Slate"), site.environment)
            taken = time.monotonic() - began
    finally:
        engines.end(holding, signal.SIGKILL)
        holding.communicate()
    table.line("Host one unplugged while it holds an article; two saves it after",
               f"{held}; {taken:.1f} s", held == "held" and taken < LONGEST_LOCK)  # fmt: skip


def try_without_database(site, table):
    """Both hosts lose PostgreSQL: what is kept is shown, the rest says "not now"."""
    # A host that was unplugged notices by a request that Valkey was away, and the worker does what
    # follows from the last change: both make what was kept before old.
    for server in site.servers:
        ask(server, "/")
    time.sleep(TO_SETTLE)
    for server in site.servers:
        for path in KEPT * 2:
            ask(server, path)
    front, kept, others, stop = Visitor(PORT, FRONT), [], [], threading.Event()

    def ask_for_others():
        visitor = Visitor(PORT, FRONT)
        while not stop.is_set():
            began = time.monotonic()
            status, headers, _body = visitor.ask(NEVER_KEPT)
            others.append((status, headers.get("Retry-After", "-"), time.monotonic() - began))
            time.sleep(0.2)

    threads = [threading.Thread(target=ask_for_others) for _reader in range(3)]
    with site.network.lost(DATABASE, "one", "two"):
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            for path in KEPT:
                began = time.monotonic()
                kept.append((front.ask(path)[0], time.monotonic() - began))
            time.sleep(0.2)
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    statuses = sorted({status for status, _taken in kept})
    longest = max(taken for _status, taken in kept)
    table.line("Both without PostgreSQL: kept pages through nginx",
               f"{len(kept)} reads: {statuses}, longest {longest:.1f} s",
               statuses == [200] and longest < LONGEST_READ)  # fmt: skip
    statuses = sorted({(status, retry) for status, retry, _taken in others})
    longest = max(taken for *_rest, taken in others)
    table.line("  others meanwhile (status, Retry-After)",
               f"{len(others)} reads: {statuses}, longest {longest:.1f} s",
               statuses == [(503, "30")] and longest < 2 * LONGEST_ANSWER)  # fmt: skip
    back = until(lambda: front.ask(NEVER_KEPT)[0] == 200)
    table.line("  PostgreSQL is back: all pages again after", f"{back:.2f} s",
               back < LONGEST_ANSWER)  # fmt: skip


def try_writing_without_valkey(site, table):
    """A comment on a host that cannot tell the other: when the other shows it."""
    for server in site.servers:
        ask(server, DISCUSSION)
    body = "Marble, said where nobody could tell."

    def shows(server):
        return body.encode() in ask(server, DISCUSSION)[2]

    with site.network.lost(VALKEY, "two"):
        status = send(straight(site.two), FORM, name="Withstand", body=body)
        own = until(lambda: shows(site.two))
        elsewhere = shows(site.one)
    # Whoever wrote tells it at the next request that reaches it.
    back = until(lambda: ask(site.two, "/") and shows(site.one))
    table.line("A comment on two without Valkey: on two after; on one at once",
               f"{status}; {own:.2f} s; {elsewhere}", status == 302 and own < TO_SHOW)  # fmt: skip
    table.line("  on one, after Valkey is back", f"{back:.2f} s", back < TO_SHOW_WITHOUT_VALKEY)
