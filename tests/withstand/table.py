"""What was seen in scenarios, and looks at a site that are the same in all of them."""

# ruff: noqa: T201 - it prints.

import contextlib
import json
import time

from tests.withstand import people
from tests.withstand.engines import wait_until

# Pages that are kept, once they were asked for, and pages that are made for each request.
KEPT = ("/", "/articles/deep-learning/", "/terms/")
MADE = ("/search/?q=network", "/timeline/?q=network", "/articles/?page=1")


class Table:
    """Lines of one scenario after the other: what was seen, and whether it is as it should be."""

    def __init__(self):
        self.failed = 0
        self.scenario = ""

    def begin(self, scenario):
        """What follows belongs to this scenario."""
        self.scenario = scenario
        print(f"\n{scenario}", flush=True)

    def row(self, is_right, seen):
        """One line."""
        self.failed += not is_right
        print(f"  {'ok    ' if is_right else 'FAILED'}  {seen}", flush=True)


def ask_all(site, paths, patience=60):
    """Status of each page, and the longest time that one took."""
    statuses, longest = [], 0.0
    for path in paths:
        began = time.monotonic()
        statuses.append(site.get(path, patience)[0])
        longest = max(longest, time.monotonic() - began)
    return statuses, longest


def reads(table, site, *, kept=200, made=200, within=10.0, when=""):
    """Kept pages and pages that are made anew are answered with these statuses, and in time."""
    for name, paths, wanted in (("kept", KEPT, kept), ("made anew", MADE, made)):
        statuses, longest = ask_all(site, paths)
        right = set(statuses) == {wanted} and longest < within
        table.row(right, f"{when}pages that are {name}: {statuses}, within {longest:.2f} s")


def refused(table, form, body, when=""):
    """A comment is refused for now, and its text comes back; the answer."""
    began = time.monotonic()
    status, headers, page = form()
    took = time.monotonic() - began
    is_back = body in page.decode()
    after = headers.get("Retry-After", "")
    table.row(
        status == 503 and is_back and after.isdigit(),
        f"{when}a comment: {status} after {took:.1f} s, Retry-After: {after or 'none'}, "
        f"its text {'stands in the answer' if is_back else 'is not in the answer'}",
    )


def accepted(table, site, promises, form, body, when=""):
    """A form that was refused is sent again, and the comment is there."""
    deadline = time.monotonic() + 60
    answer = form()
    while answer[0] in people.UNANSWERED and time.monotonic() < deadline:
        time.sleep(0.5)
        answer = form()
    people.note(promises, body, answer)
    table.row(answer[0] == 302, f"{when}the same form sent again: {answer[0]}")


def readiness(site):
    """Status of /readyz, and what it says of each check."""
    status, _headers, body = site.get("/readyz", 10)
    return status, json.loads(body) if body else {}


def not_ready(table, site, name):
    """/readyz says that this one is missing, and /healthz that the process lives."""
    began = time.monotonic()
    status, said = readiness(site)
    took = time.monotonic() - began
    alive = site.get("/healthz", 10)[0]
    found = str(said.get(name, "nothing"))
    table.row(
        status == 503 and found != "ok" and alive == 200 and took < 4,
        f"/readyz: {status}, {name} {found}, after {took:.1f} s; /healthz: {alive}",
    )


def ready_again(table, site, processes, since=None):
    """Everything is there again by itself: no process was started anew."""
    began = since or time.monotonic()
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: readiness(site)[0] == 200, "/readyz")
    took = time.monotonic() - began
    same = sorted(site.children()) == sorted(processes)
    status = readiness(site)[0]
    table.row(
        status == 200 and same,
        f"back by itself: /readyz {status} after {took:.1f} s, "
        f"{'the same processes' if same else 'other processes'}",
    )


def logged(table, site, words, least=1, most=200):
    """The log names what is away, and is not flooded with tracebacks."""
    lines = site.log().splitlines()
    found = [line for line in lines if words in line]
    traces = sum("Traceback" in line for line in lines)
    table.row(
        least <= len(found) <= most and not traces,
        f"the log: {len(found)} lines with “{words}”, {traces} tracebacks",
    )


def doctor_says(table, site, check, wanted="wrong"):
    """The doctor finds it."""
    state, what = site.doctor().get(check, ("not looked at", ""))
    table.row(state == wanted, f"doctor: {check} {state}: {what[:110]}")


def nothing_lost(table, site, promises):
    """What was acknowledged is there once, and everything agrees."""
    stored = [row["body"] for row in site.ask("comments")]
    missing = [body for body in promises.comments if stored.count(body) != 1]
    wrong = [*promises.problems, *site.ask("database"), *site.ask("disagreements")]
    table.row(
        not missing and not wrong,
        f"{len(promises.comments)} comments acknowledged, {len(missing)} missing or doubled; "
        f"database and derived rows: {wrong or 'whole and in step'}",
    )


def row_of_tasks(table, site):
    """No task failed, and none is stuck."""
    found = site.ask("tasks")
    left = {name: counts for name, counts in found.items() if counts.keys() - {"SUCCESSFUL"}}
    table.row(not left, f"tasks that failed or wait: {left or 'none'}")
