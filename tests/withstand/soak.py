"""A million requests to the real server, and what of it may not grow.

    uv run python -m tests.withstand.soak [--requests 1000000] [--seed 1]

Starts `manage.py serve` in a folder of its own (one process of four threads, one task worker) with
the samples and 80 generated articles, and sends round by round, each of 25,000 requests and all at
the same time:

- 24,500 (98 %) by wrk over 100 of some 600 pages that the page cache keeps, in four encodings;
- 496 by wrk that no cache answers: query strings that mean nothing, timelines filtered, fragments
  for HTMX, searches for words that nobody used before, addresses that are not there, forms, the
  sign-in page, `/readyz`;
- a comment, and an article saved in the admin: two requests each, after which pages are made anew.

The first 50,000 are sent in rounds of 5,000, over 300 pages and with 996 of the second kind, so
that whatever is kept for the next time is full then. Prints a line for each tenth of the run, and
ends with 1 when memory grew by 5 % or more after the first 50,000 requests (the median of three
looks then and of the last three), when anything else was over its bound, or when an answer was none
of those that are right.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import PATIENCE, Site, run, sites
from tests.withstand.hostile import FAILURES, Log, say
from tests.withstand.soak_load import Load

WARM = 50_000
# Each of four threads has a connection whose statements SQLite keeps prepared, and it takes
# thousands of requests of all kinds until they have seen what they will see. Somebody comments and
# saves in every round, also in the first: of all that is asked for, a form of the admin needs the
# most memory, and only when all threads are busy is it seen how much.
ROUND, FIRST_ROUND = 25_000, 5000
UNCACHED, FIRST_UNCACHED, WRITTEN = 496, 996, 4
# In a round; of the first rounds, so that the page cache is full after two of them.
CACHED_PAGES, FIRST_PAGES = 100, 300
MOST_GROWTH = 0.05
THREADS = 4
# SQLite begins its file anew at 4 MB; a reader may keep it from doing so for a while.
MOST_WAL = 64 * 1024 * 1024
TOKEN = "the-token-of-a-soak-is-no-secret"
# Those of config/pagecache.py, which cannot be loaded without a site.
MOST_PAGES, MOST_BYTES = 2000, 16 * 1024 * 1024
RIGHT = {"200", "302", "303", "404"}


@dataclass(frozen=True, slots=True)
class Look:
    """A process at one moment: memory in KB, and what it holds open."""

    pss: int
    rss: int
    files: int
    threads: int
    connections: int


@dataclass(frozen=True, slots=True)
class Moment:
    """The site after so many requests: one that serves, the task worker, SQLite's file."""

    requests: int
    seconds: float
    server: Look
    worker: Look
    wal: int
    pages: int
    page_bytes: int


def look_at(pid: int) -> Look:
    """What Linux says about a process."""
    process = Path(f"/proc/{pid}")
    text = (process / "smaps_rollup").read_text(encoding="ascii")
    sizes = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB$", text, re.MULTILINE))
    names = []
    for link in (process / "fd").iterdir():
        try:
            names.append(str(link.readlink()))
        except OSError:
            continue
    return Look(
        pss=int(sizes["Pss"]),
        rss=int(sizes["Rss"]),
        files=len(names),
        threads=len(list((process / "task").iterdir())),
        connections=sum(name.endswith(".sqlite3") for name in names),
    )


def kept(site: Site) -> tuple[int, int]:
    """How many pages the page cache keeps, and their bytes, as the site itself says."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(f"{site.address}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        text = answer.read().decode()
    found = dict(re.findall(r"^milepost_page_cache_(pages|bytes) (\S+)$", text, re.MULTILINE))
    return int(float(found["pages"])), int(float(found["bytes"]))


class Soak:
    """One run."""

    def __init__(self, site: Site, load: Load, wanted: int) -> None:
        self.site, self.load, self.wanted = site, load, wanted
        [self.server], [self.worker] = site.workers(), site.task_workers()
        self.began = time.monotonic()
        self.moments: list[Moment] = []
        self.requests = 0

    def run(self) -> None:
        """All rounds."""
        self.look()
        while self.requests < self.wanted:
            self.requests += self.round()
            self.look()

    def round(self) -> int:
        """One round: readers of both kinds while somebody writes. How many requests that were."""
        load = self.load
        first = self.requests < WARM
        size = FIRST_ROUND if first else ROUND
        uncached = FIRST_UNCACHED if first else UNCACHED
        pages = FIRST_PAGES if first else CACHED_PAGES
        cached = size - uncached - WRITTEN
        with (
            load.wrk(load.cached(pages), cached, 16),
            load.wrk(load.uncached(uncached), uncached, 4),
        ):
            load.comment()
            load.save()
        return size

    def look(self) -> None:
        """Remember how things stand, and print it now and then."""
        # Connections of wrk are closed, and what was asked last is answered.
        time.sleep(0.3)
        wal = sum(path.stat().st_size for path in self.site.data_dir.glob("*.sqlite3-wal"))
        seconds = time.monotonic() - self.began
        server, worker = look_at(self.server), look_at(self.worker)
        self.moments.append(Moment(self.requests, seconds, server, worker, wal, *kept(self.site)))
        if self.requests in {0, WARM} or self.requests % max(self.wanted // 10, ROUND) == 0:
            say(line(self.moments[-1]))

    def wrong(self) -> list[str]:
        """What is not as it must be, in sentences."""
        first = [moment for moment in self.moments if moment.requests <= WARM][-3:]
        last = self.moments[-3:]
        found = []
        for name in ("server", "worker"):
            before: Look = getattr(first[-1], name)
            for kind in ("pss", "rss"):
                then, now = (
                    statistics.median(getattr(getattr(moment, name), kind) for moment in moments)
                    for moments in (first, last)
                )
                growth = now / then - 1
                say(f"{name}: {kind.upper()} {growth:+.1%} after the first {WARM:,}")
                if growth >= MOST_GROWTH:
                    found.append(f"The {kind.upper()} of the {name} grew by {growth:.1%}.")
            most = {
                "files": before.files + 8,
                "threads": before.threads + 2,
                "connections": THREADS + 2,
            }
            for kind, bound in most.items():
                peak = max(getattr(getattr(moment, name), kind) for moment in self.moments)
                if peak > bound:
                    found.append(f"The {name} had {peak} {kind}; {bound} are the bound.")
        if (wal := max(moment.wal for moment in self.moments)) > MOST_WAL:
            found.append(f"SQLite's file of what was written was {wal // 2**20} MB.")
        for what, bound in (("pages", MOST_PAGES), ("page_bytes", MOST_BYTES)):
            if (peak := max(getattr(moment, what) for moment in self.moments)) > bound:
                found.append(f"The page cache kept {peak:,} {what}; {bound:,} are the bound.")
        if strange := self.load.statuses.keys() - RIGHT:
            found.append(f"Answers that are wrong here: {sorted(strange)}.")
        if {self.server, self.worker} - self.site.children().keys():
            found.append("A process ended and was started anew.")
        return found


def stage(data_dir: Path, start: Any) -> dict[str, Any]:
    """Make the site, fill it, and leave it: it is measured from a start of its own on."""
    start(data_dir).ready().stop()
    code = "from tests.withstand import soak_load; soak_load.main()"
    status, output, errors = run(data_dir, "shell", "-v", "0", "--no-imports", "-c", code)
    lines = [line for line in output.splitlines() if line.startswith("STAGED ")]
    if status or not lines:
        sys.exit(f"The site could not be filled:\n{output}\n{errors}")
    staged: dict[str, Any] = json.loads(lines[0].removeprefix("STAGED "))
    return staged


HEAD = (
    f"{'requests':>10}{'seconds':>9}"
    + f"{'PSS MB':>9}{'RSS MB':>8}{'files':>7}{'threads':>9}{'SQLite':>8}" * 2
    + f"{'WAL MB':>9}{'pages':>7}{'MB':>6}"
)


def line(moment: Moment) -> str:
    """A line of the table."""
    pieces = [f"{moment.requests:>10,}{moment.seconds:>9.0f}"]
    pieces += [
        f"{it.pss / 1024:>9.1f}{it.rss / 1024:>8.1f}{it.files:>7}{it.threads:>9}{it.connections:>8}"
        for it in (moment.server, moment.worker)
    ]
    kept = f"{moment.pages:>7,}{moment.page_bytes / 2**20:>6.1f}"
    return "".join([*pieces, f"{moment.wal / 2**20:>9.1f}", kept])


def main() -> None:
    """Run it as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.requests < 2 * WARM + 2 * ROUND:
        sys.exit(f"Of fewer than {2 * WARM + 2 * ROUND:,} requests nothing can be said.")
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed. Install it (Debian: apt install wrk) and run this again.")
    with (
        tempfile.TemporaryDirectory(prefix="milepost-soak-", ignore_cleanup_errors=True) as name,
        sites() as start,
    ):
        folder = Path(name)
        staged = stage(folder / "data", start)
        site = start(folder / "data", METRICS_TOKEN=TOKEN).ready()
        log = Log(site.process.stderr)
        soak = Soak(site, Load(site.port, folder, staged, options.seed), options.requests)
        say(f"{'':>19}{'serving process':>41}{'task worker':>41}\n{HEAD}")
        soak.run()
        wrong = soak.wrong()
        wrong += [f"The log says: {line}" for line in log.lines if any(w in line for w in FAILURES)]
        site.process.terminate()
        site.process.wait(60)
    report(soak.load, wrong)


def report(load: Load, wrong: list[Any]) -> None:
    """Print what was answered and what was wrong; end with 1 for the latter."""
    counted = ", ".join(
        f"{number:,} × {status}" for status, number in sorted(load.statuses.items())
    )
    say(f"Answers: {counted}. Written: {load.writes}.")
    say("\n".join(wrong) if wrong else "All as it should be.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
