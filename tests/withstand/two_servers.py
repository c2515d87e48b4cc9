"""Two servers behind nginx share PostgreSQL and Valkey; one is killed under load.

    uv run python -m tests.withstand.two_servers

Each server has a data folder of its own, as on its own host. Readers read, guests comment through
nginx while `kill -9` ends one server, which is started again later. A guest who got no answer sends
the same form again, as people do. It prints what it measured, and ends with status 1 when an
acknowledged comment is missing or doubled, when a read failed, when pages came from elsewhere than
the server that was left, or when a change took longer than a second to show on both.
"""

# ruff: noqa: T201 - it prints.

import contextlib
import http.client
import os
import re
import signal
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.serving import PATIENCE, free_port, run, start
from tests.withstand import engines

READERS, WRITERS = 4, 6
# Seconds of load before the kill, while the server is away, and after it came back.
BEFORE, AWAY, AFTER = 8, 8, 8
LONGEST_TO_SHOW = 1.0
PATHS = (
    "/", "/articles/", "/articles/deep-learning/", "/articles/deep-learning/?from=2012",
    "/articles/deep-learning/discussion/", "/terms/", "/timeline/?q=network", "/search/?q=network",
)  # fmt: skip
FORM = "/articles/deep-learning/discussion/new/"

OPEN_ALL = """
from articles.models import SiteSettings
SiteSettings.objects.update_or_create(pk=1, defaults=dict(
    hold_comments="none", form_seconds=0, comments_per_person=1000, comments_per_network=10000))
"""
CHANGE = """
import time
from dataclasses import replace
from articles import store
from articles.models import Article
article = Article.objects.get(slug="deep-learning")
store.save(replace(store.load(article), short_answer="{word} is the answer now."), article=article)
print(time.time())
"""
COMMENTS = """
from articles.discussion.models import Comment
print("\\n".join(Comment.objects.filter(name="Withstand").values_list("body", flat=True)))
"""
CONNECTIONS = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                   " AND pid <> pg_backend_pid()")
    print(cursor.fetchone()[0])
"""


@dataclass
class Seen:
    """What readers and writers saw, in all threads."""

    reads: list[tuple[float, float, int, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    unanswered: int = 0
    sent_again: int = 0
    problems: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


class Server:
    """One `serve --no-worker` with a data folder of its own, always on the same port.

    `within` is the context that its processes are started in.
    """

    def __init__(
        self, folder, name, environment, *, address="127.0.0.1", within=contextlib.nullcontext
    ):
        self.data_dir, self.port = folder / name, free_port()
        self.environment, self.address, self.within = environment, address, within
        self.data_dir.mkdir()
        self.process = None

    def start(self):
        """Start it, and wait until it answers."""
        with (self.data_dir / "log").open("ab") as log, self.within():
            self.process = start(
                self.data_dir, "serve", "--no-worker", "--host", self.address,
                "--port", str(self.port), "--threads", "4", **self.environment, output=log,
            )  # fmt: skip
        engines.wait_until(self.answers, self.data_dir.name)

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError((self.data_dir / "log").read_text())
        return engines.listens(self.port, self.address)

    def kill(self):
        """End it and its workers at once, as a power cut would."""
        # The workers first: one whose parent is gone would end in good order.
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in [*map(int, children.split()), self.process.pid]:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        """End it in good order, if it runs."""
        if self.process:
            engines.end(self.process)

    @property
    def named(self):
        """Address and port, as nginx names it."""
        return f"{self.address}:{self.port}"

    def ask(self, path, host):
        """The body of a page, straight from this server."""
        connection = http.client.HTTPConnection(self.address, self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": host})
            return connection.getresponse().read()


def balance(servers, listen):
    """nginx in front of all, as docs/growing.md has it."""

    def listed(fails):
        return "".join(f"server {server.named} {fails};\n" for server in servers)

    return f"""
upstream milepost {{
zone milepost 64k;
{listed("max_fails=1 fail_timeout=2s")}}}
upstream any {{
{listed("max_fails=0")}}}
# GET and HEAD may be asked twice, and anything that was sent to nobody.
map "$request_method $upstream_addr" $may_ask_again {{
    "~^(GET|HEAD) " 1;
    "~^[A-Z]+ milepost$" 1;
}}
server {{
    listen {listen};
    proxy_http_version 1.1;
    # A connection for each request: one that was kept does not know that its host is gone.
    proxy_set_header Connection close;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_connect_timeout 1s;
    proxy_read_timeout 10s;
    # What one host does not answer, or not now, is asked of the other, but for forms.
    proxy_next_upstream error timeout http_503;
    add_header X-Served-By $upstream_addr always;
    location / {{
        proxy_pass http://milepost;
        error_page 502 = @any;
    }}
    # Both said "not now" a moment ago, and are left out. Each still has the pages that it keeps.
    location @any {{
        if ($may_ask_again = "") {{
            return 502;
        }}
        proxy_pass http://any;
        proxy_next_upstream error timeout;
    }}
}}
"""


class Visitor:
    """Keeps one connection to nginx, and opens another when it is gone."""

    def __init__(self, port, address="127.0.0.1"):
        self.host = f"{address}:{port}"
        self.connection = http.client.HTTPConnection(address, port, timeout=PATIENCE)
        self.cookie = ""

    def ask(self, path, form=None):
        """Status, headers and body; status 0 when there was no answer."""
        headers = {"Host": self.host, "Cookie": self.cookie}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self.host}",
            }
        try:
            self.connection.request("POST" if body else "GET", path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, {}, b""
        for line in answer.headers.get_all("Set-Cookie", []):
            kept = dict(part.split("=", 1) for part in self.cookie.split("; ") if part)
            name, value = line.partition(";")[0].split("=", 1)
            self.cookie = "; ".join(f"{n}={v}" for n, v in {**kept, name: value}.items())
        return answer.status, answer.headers, content


def read(site, seen, number):
    """Read one page after the other."""
    visitor, turn = Visitor(*site), number
    while not seen.stop.is_set():
        turn += 1
        began = time.time()
        status, headers, _body = visitor.ask(PATHS[turn % len(PATHS)])
        # The last of those that nginx tried.
        served_by = headers.get("X-Served-By", "").rpartition(", ")[2]
        seen.reads.append((began, time.time() - began, status, served_by))


def write(site, seen, number):
    """Comment again and again, and send a form until it is acknowledged."""
    count = 0
    while not seen.stop.is_set():
        visitor = Visitor(*site)
        count += 1
        body = f"Comment {count} of writer {number}, to be here once."
        status, _headers, page = visitor.ask(FORM)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.decode()))
        if status != 200 or "submission" not in hidden:
            seen.unanswered += 1
            time.sleep(0.1)
            continue
        form = {**hidden, "name": "Withstand", "body": body, "about": "", "email": "",
                "website": ""}  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status, _headers, page = visitor.ask(FORM, form)
            if status == 302:
                seen.acknowledged.append(body)
                break
            if status not in {0, 500, 502, 503, 504}:
                seen.problems.append(f"A comment was answered {status}.")
                break
            seen.sent_again += 1
            time.sleep(0.2)


def time_to_show(servers, host, word, environment):
    """Seconds from the commit of a change until each server shows it."""
    found, stop = {}, threading.Event()

    def look(server):
        while not stop.is_set() and server.named not in found:
            if word.encode() in server.ask("/articles/deep-learning/", host):
                found[server.named] = time.time()
            time.sleep(0.01)

    threads = [threading.Thread(target=look, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    committed = float(shell(servers[0], CHANGE.format(word=word), environment))
    for thread in threads:
        thread.join(10)
    stop.set()
    return [found.get(server.named, committed + 99) - committed for server in servers]


def shell(server, program, environment):
    """What a piece of Python prints in the site."""
    with server.within():
        status, output, errors = run(
            server.data_dir, "shell", "--no-imports", "-c", program, **environment
        )
    if status:
        raise RuntimeError(errors)
    return output.strip()


def load(site, seen):
    """Start the readers and writers of a site, which is a port and an address."""
    threads = [
        threading.Thread(target=read, args=(site, seen, number)) for number in range(READERS)
    ] + [threading.Thread(target=write, args=(site, seen, number)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    return threads


def judge(seen, killed, back, first, stored, shown):
    """Print the figures; the sentences about what is wrong."""
    wrong = list(seen.problems)
    times = sorted(taken for _began, taken, _status, _by in seen.reads)
    span = max(began for began, *_rest in seen.reads) - min(began for began, *_rest in seen.reads)
    failed = [status for *_rest, status, _by in seen.reads if status != 200]
    away = [by for began, _taken, _status, by in seen.reads if killed + 1 < began < back - 1]
    late = [by for began, _taken, _status, by in seen.reads if began > back + 2]
    print(
        f"Reads: {len(seen.reads)} in {span:.0f} s, {len(seen.reads) / span:.0f} a second, median "
        f"{statistics.median(times) * 1000:.1f} ms, "
        f"99 % within {times[int(len(times) * 0.99)] * 1000:.0f} ms, longest {times[-1]:.2f} s"
    )
    print(f"Reads without a page: {len(failed)} {sorted(set(failed))}")
    print(
        f"Comments: {len(seen.acknowledged)} acknowledged, {seen.sent_again} sent again, "
        f"{seen.unanswered} forms not opened"
    )
    missing = [body for body in seen.acknowledged if body not in stored]
    doubled = len(stored) - len(set(stored))
    print(f"Of them stored: {len(seen.acknowledged) - len(missing)}, doubled: {doubled}")
    print(f"While one was away {len(away)} pages came, from the other alone: {len(set(away)) == 1}")
    print(f"Afterwards both answer: {sorted(set(late)) == sorted({*late, first})}")
    print("A change shows on both after: " + ", ".join(f"{seconds:.2f} s" for seconds in shown))
    if failed:
        wrong.append(f"{len(failed)} reads failed.")
    if missing or doubled or not seen.acknowledged:
        wrong.append(f"{len(missing)} comments are missing, {doubled} doubled.")
    if not away or first in away or len(set(away)) != 1:
        wrong.append("While a server was away, pages came from it or from nowhere.")
    if first not in late:
        wrong.append("The server that came back answered nothing.")
    if max(shown) > LONGEST_TO_SHOW:
        wrong.append("A change took too long to show.")
    return wrong


def main():
    """Run it; the status to end with."""
    port = free_port()
    host = f"127.0.0.1:{port}"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="milepost-two-")))
        environment = {
            "DATABASE_URL": stack.enter_context(engines.postgresql(folder)),
            "CACHE_URL": stack.enter_context(engines.redis(folder)),
            "SECRET_KEY": "one-key-for-all-hosts-that-is-long-enough",
            "SITE_URL": f"http://{host}",
            "TRUSTED_PROXIES": "1",
        }
        servers = [Server(folder, name, environment) for name in ("one", "two")]
        first, second = servers
        for server in servers:
            stack.callback(server.end)
            server.start()
        with (folder / "worker.log").open("wb") as log:
            worker = start(first.data_dir, "worker", **environment, output=log)
        stack.callback(engines.end, worker)
        stack.enter_context(engines.nginx(folder, balance(servers, host), port))
        shell(first, OPEN_ALL, environment)
        shown = time_to_show(servers, host, "Quartz", environment)

        seen = Seen()
        threads = load((port,), seen)
        try:
            time.sleep(BEFORE)
            connections = shell(second, CONNECTIONS, environment)
            killed = time.time()
            first.kill()
            time.sleep(AWAY)
            back = time.time()
            first.start()
            print(f"The killed server answers {time.time() - back:.1f} s after its start")
            time.sleep(AFTER)
        finally:
            seen.stop.set()
            for thread in threads:
                thread.join(PATIENCE)
        shown += time_to_show(servers, host, "Feldspar", environment)
        stored = shell(second, COMMENTS, environment).splitlines()
        print(f"Connections to PostgreSQL: {connections} (2 servers of 4 threads, 1 worker)")
        wrong = judge(seen, killed, back, first.named, stored, shown)
    print("All as it should be." if not wrong else "WRONG: " + " ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
