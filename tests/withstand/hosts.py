"""Two hosts, what they share, and how they are asked: for `two_hosts.py`.

Addresses are those inside of the network namespaces.
"""

# ruff: noqa: T201 - it prints.

import contextlib
import json
import time

from tests.serving import start
from tests.withstand import engines
from tests.withstand.forms import forms_in
from tests.withstand.two_servers import Server, Visitor, balance, shell, time_to_show

ONE, TWO, DATABASE, VALKEY, FRONT, READER = (f"10.77.0.{n}" for n in (11, 12, 3, 4, 20, 30))
HOSTS = {
    "one": [ONE],
    "two": [TWO],
    "data": [DATABASE, VALKEY],
    "front": [FRONT],
    "reader": [READER],
}
# By which PostgreSQL notices that a host is gone, and gives up what it held; docs/growing.md.
NOTICES = {
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 2,
    "tcp_user_timeout": 5000,
}
PORT = 8080
NAME = f"{FRONT}:{PORT}"
ARTICLE = "/articles/deep-learning/"
DISCUSSION = f"{ARTICLE}discussion/"
KEPT = ("/", "/articles/", ARTICLE, DISCUSSION, "/terms/")
NEVER_KEPT = f"{ARTICLE}?from=2012"


class Table:
    """What was seen, line by line, and whether it is as it should be."""

    def __init__(self):
        self.wrong = []

    def line(self, what, seen, good=True):
        """Print a line."""
        print(f"{'  ' if good else '! '}{what:<66} {seen}", flush=True)
        if not good:
            self.wrong.append(what)


class Site:
    """The two servers, and what stands around them."""

    def __init__(self, folder, network, stack):
        self.network = network
        within = network.inside
        with within("data"):
            database = stack.enter_context(engines.postgresql(folder, address=DATABASE, **NOTICES))
            cache = stack.enter_context(engines.redis(folder, address=VALKEY))
        self.environment = {
            "DATABASE_URL": database,
            "CACHE_URL": cache,
            "SECRET_KEY": "one-key-for-all-hosts-that-is-long-enough",
            "SITE_URL": f"http://{NAME}",
            "TRUSTED_PROXIES": "1",
        }
        self.servers = [
            Server(folder, name, self.environment, address=address, within=lambda n=name: within(n))
            for name, address in (("one", ONE), ("two", TWO))
        ]
        self.one, self.two = self.servers
        for server in self.servers:
            stack.callback(server.end)
            server.start()
        with (folder / "worker.log").open("wb") as log, within("one"):
            worker = start(self.one.data_dir, "worker", **self.environment, output=log)
        stack.callback(engines.end, worker)
        with within("front"):
            stack.enter_context(
                engines.nginx(folder, balance(self.servers, NAME), PORT, address=FRONT)
            )
        self.pids = [worker.pid, *(server.process.pid for server in self.servers)]

    def run(self, program):
        """What a piece of Python prints on the second host."""
        return shell(self.two, program, self.environment)

    def show(self, word):
        """Seconds until each host shows a change that a command on the first one makes."""
        return time_to_show(self.servers, NAME, word, self.environment)


def straight(server):
    """A visitor who asks this host past nginx."""
    visitor = Visitor(server.port, server.address)
    visitor.host = NAME
    return visitor


def ask(server, path):
    """Status, headers, body and seconds of one request past nginx."""
    visitor, began = straight(server), time.monotonic()
    with contextlib.closing(visitor.connection):
        status, headers, body = visitor.ask(path)
    return status, headers, body, time.monotonic() - began


def send(visitor, path, **values):
    """Fill the form of a page that has these fields, or any, and send it; the status."""
    _status, _headers, page = visitor.ask(path)
    found = [
        form
        for form in forms_in(page.decode())
        if form.method == "post" and values.keys() <= dict(form.pairs).keys()
    ]
    return visitor.ask(found[-1].action or path, dict(found[-1].pairs) | values)[0]


def ready(server):
    """What /readyz says, and after how many seconds."""
    status, _headers, body, seconds = ask(server, "/readyz")
    said = [name for name, what in json.loads(body or b"{}").items() if what != "ok"]
    return status, said, seconds


def until(look, patience=30.0):
    """Seconds until it is true; `patience` when it never was."""
    began = time.monotonic()
    while not look() and time.monotonic() - began < patience:
        time.sleep(0.02)
    return time.monotonic() - began


def said(state):
    """What /readyz said, to read."""
    status, names, taken = state
    return f"{status} after {taken:.1f} s, not ok: {', '.join(names) or 'nothing'}"


def seconds(values):
    """Some seconds, to read."""
    return ", ".join(f"{value:.2f} s" for value in values)
