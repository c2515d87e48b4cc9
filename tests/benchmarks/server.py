"""What the real server does under load, beside what the same server does for nothing.

Run it with `uv run python -m tests.benchmarks.server`. It starts `manage.py serve` in a temporary
folder (one process, four threads, as it comes), fills it, and drives it over loopback with wrk
(https://github.com/wg/wrk, package `wrk`). For each kind of page three things take turns, round by
round, so that a busy machine slows them all alike: the page, a bare WSGI function that answers the
same compressed bytes, and a bare Django view that does. Printed are the medians of the rounds.

"Uncached" is the same address with a parameter that no page knows: the page cache keeps none with a
query string. `--postgres URL` takes an empty database of PostgreSQL instead of SQLite.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

from tests.benchmarks.server_site import SLUG
from tests.serving import PATIENCE, Site, start

ARTICLE = f"/articles/{SLUG}/"
HTMX = {"HX-Request": "true"}
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.server_settings"}
# Requests under way at the same moment: enough to keep four threads busy.
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of wrk found: requests a second, and latencies in milliseconds."""

    rate: float
    median: float
    slow: float
    failed: int = 0


@dataclass(slots=True)
class Page:
    """A page that is measured, what is asked along with it, and what was found."""

    name: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    unchanged: bool = False
    file: str = ""
    queries: str = ""
    size: int = 0
    runs: dict[str, list[Figures]] = field(
        default_factory=lambda: {"page": [], "wsgi": [], "view": []}
    )

    def rate(self, what: str) -> float:
        """The median of the rounds, in requests a second."""
        return statistics.median(run.rate for run in self.runs[what])


def pages() -> list[Page]:
    """What is measured."""
    filtered = f"{ARTICLE}?from=2012&to=2020"
    return [
        Page("article, cached", ARTICLE),
        Page("article, unchanged (304)", ARTICLE, unchanged=True),
        Page("article, uncached", f"{ARTICLE}?uncached=1"),
        Page("article, timeline filtered", filtered),
        Page("filtered timeline, for HTMX", f"{ARTICLE}timeline/?from=2012&to=2020", HTMX),
        Page("1,000 milestones, uncached", "/articles/long/?uncached=1"),
        Page("front page, uncached", "/?uncached=1"),
        Page("list of articles, cached", "/articles/"),
        Page("list of articles, uncached", "/articles/?uncached=1"),
        Page("discussion, uncached", f"{ARTICLE}discussion/?uncached=1"),
        Page("search", "/search/?q=network"),
    ]


def main() -> None:
    """Start a site, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=2, help="of each run of wrk")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--postgres", metavar="URL", help="an empty database, which is filled")
    chosen = options.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed. Install it (Debian: apt install wrk) and run this again.")
    environment = SETTINGS | ({"DATABASE_URL": chosen.postgres} if chosen.postgres else {})
    with running_site(environment) as site:
        measured = [look(site, page, number) for number, page in enumerate(pages())]
        before = memory(site)
        for _round in range(chosen.rounds):
            for page in measured:
                for what in page.runs:
                    page.runs[what].append(drive(site.address, page, what, chosen.seconds))
        report(measured, before, memory(site))


@contextmanager
def running_site(environment: dict[str, str]) -> Iterator[Site]:
    """The site with everything in it, served until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        # The first start makes the site and loads the samples.
        Site(data, **environment).ready().stop()
        fill(data, environment)
        site = Site(data, "--no-worker", **environment).ready()
        try:
            yield site
        finally:
            site.stop()


def fill(data: Path, environment: dict[str, str]) -> None:
    """Add what is measured; ends with what went wrong."""
    code = "from tests.benchmarks.server_site import main; main()"
    process = start(data, "shell", "--no-imports", "--command", code, **environment)
    _output, errors = process.communicate(timeout=PATIENCE * 5)
    if process.returncode:
        sys.exit(errors)


def look(site: Site, page: Page, number: int) -> Page:
    """Ask once for the page, and lay its bytes where the bare function and view find them."""
    headers = {"Accept-Encoding": "br", **page.headers}
    status, answer, body = ask(site.address + page.address, headers)
    assert status == 200, (page.address, status)
    _status, counted, _body = ask(site.address + page.address, headers | {"X-Count-Queries": "1"})
    page.queries, page.size = counted["X-Queries"], len(body)
    page.file = f"page-{number}.br"
    folder = site.data_dir / "benchmark"
    folder.mkdir(exist_ok=True)
    (folder / page.file).write_bytes(body)
    page.headers = headers
    if page.unchanged:
        page.headers = headers | {"If-None-Match": answer["ETag"]}
        page.size = 0
    return page


def ask(address: str, headers: dict[str, str]) -> tuple[int, Message, bytes]:
    """The answer to one request: status, headers, body as it came."""
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.status, answer.headers, answer.read()


def drive(address: str, page: Page, what: str, seconds: int) -> Figures:
    """Run wrk against the page, or what it is compared with."""
    path = {
        "page": page.address,
        "wsgi": f"/bare-wsgi/{page.file}/",
        "view": f"/bare-view/{page.file}/",
    }[what]
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS)]
    command += ["--duration", f"{seconds}s", "--latency"]
    for name, value in page.headers.items():
        command += ["--header", f"{name}: {value}"]
    done = subprocess.run([*command, address + path], capture_output=True, text=True, check=True)
    settle(f"{address}/bare-wsgi/{page.file}/")
    return read_figures(done.stdout)


def settle(address: str) -> None:
    """Wait until the server is through with what wrk left behind when its time was over."""
    deadline = time.monotonic() + PATIENCE
    quick = 0
    while quick < 5 and time.monotonic() < deadline:
        began = time.monotonic()
        ask(address, {})
        quick = quick + 1 if time.monotonic() - began < 0.02 else 0


def read_figures(text: str) -> Figures:
    """What wrk printed, as figures."""

    def latency(percent: int) -> float:
        found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
        assert found, text
        return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]]

    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert rate, text
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return Figures(float(rate[1]), latency(50), latency(99), int(failed[1]) if failed else 0)


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process in MB: all it has, and its share of what it has with others."""

    rss: float
    pss: float


def memory(site: Site) -> list[Memory]:
    """The memory of each process that answers requests (Linux)."""
    found = []
    for process in site.workers():
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        sizes = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB$", text, re.MULTILINE))
        found.append(Memory(int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024))
    return found


def report(measured: list[Page], before: list[Memory], after: list[Memory]) -> None:
    """Print a line for each page, and the memory."""
    say(
        f"{'page':<30}{'req/s':>8}{'50% ms':>8}{'99% ms':>8}{'bytes':>8}{'queries':>8}"
        f"{'WSGI':>8}{'ratio':>8}{'view':>8}{'ratio':>8}"
    )
    for page in measured:
        runs = page.runs["page"]
        rate, wsgi, view = (page.rate(what) for what in ("page", "wsgi", "view"))
        failed = sum(run.failed for run in runs)
        say(
            f"{page.name:<30}{rate:>8,.0f}{statistics.median(r.median for r in runs):>8.1f}"
            f"{statistics.median(r.slow for r in runs):>8.1f}{page.size:>8,}{page.queries:>8}"
            f"{wsgi:>8,.0f}{rate / wsgi:>8.1%}{view:>8,.0f}{rate / view:>8.1%}"
            + (f"  {failed} failed" if failed else "")
        )
    say(f"\n{CONNECTIONS} connections at once; one serving process of four threads.")
    for old, new in zip(before, after, strict=True):
        say(
            f"Memory of the process: RSS {old.rss:.0f} MB before, {new.rss:.0f} after; "
            f"PSS {old.pss:.0f} and {new.pss:.0f}."
        )


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
