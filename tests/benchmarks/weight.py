"""What a first visit to each kind of page weighs, and what Lighthouse thinks of it.

Run it with `uv run python -m tests.benchmarks.weight`. It starts the real site in a temporary
folder, opens each page with an empty cache in Chromium on a phone's and on a desk's screen, scrolls
to the end, and prints: bytes over the wire by kind, requests, requests to other hosts, and the
layout shift (https://web.dev/articles/cls: the sum is an upper bound of the score). The status is 1
when a page is over a budget of DESIGN.

`--lighthouse COMMAND` runs Lighthouse, which is not a part of this project (`npm install
lighthouse` anywhere), `--runs` times on each page and prints the median of each score.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import find_chromium
from tests.serving import Site

MOST_BYTES = 100 * 1024
MOST_REQUESTS = 8
SCREENS = {
    "phone": {"width": 360, "height": 780},
    "desk": {"width": 1440, "height": 900},
}
# As Chromium's DevTools protocol calls them.
KINDS = ("Document", "Stylesheet", "Font", "Script")
PAGES = (
    "/",
    "/articles/",
    "/articles/deep-learning/",
    "/articles/antikythera-mechanism/",
    "/articles/exploration-of-the-solar-system/",
    "/articles/deep-learning/?from=2012&to=2020",
    "/articles/deep-learning/discussion/",
    "/articles/deep-learning/discussion/new/",
    "/articles/deep-learning/history/",
    "/articles/deep-learning/cite/",
    "/timeline/",
    "/terms/",
    "/terms/perceptron/",
    "/sources/",
    "/search/?q=network",
    "/pages/about/",
    "/no-such-page/",
)
SCORES = ("performance", "accessibility", "best-practices", "seo")
# Sums what moves without anybody having asked for it.
WATCH_SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


@dataclass
class Visit:
    """What one first visit to a page took: bytes over the wire, headers included."""

    status: int = 0
    sizes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    foreign: list[str] = field(default_factory=list)
    shift: float = 0.0

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.sizes.values())

    @property
    def faults(self) -> list[str]:
        """What is over budget, in words."""
        found = []
        if self.total > MOST_BYTES:
            found.append(f"{self.total / 1024:.1f} KB, at most {MOST_BYTES // 1024}")
        if self.requests > MOST_REQUESTS:
            found.append(f"{self.requests} requests, at most {MOST_REQUESTS}")
        if self.foreign:
            found.append(f"asked {', '.join(self.foreign)}")
        if self.shift > 0.001:
            found.append(f"layout shift {self.shift:.4f}")
        return found


def visit(browser: Browser, address: str, screen: str) -> Visit:
    """Open the address with an empty cache, see the whole page, and add up what came."""
    context = browser.new_context(viewport=SCREENS[screen])
    context.add_init_script(WATCH_SHIFTS)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    seen = Visit()
    kinds: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        url = urlsplit(event["request"]["url"])
        if url.scheme not in {"http", "https"}:
            return
        kinds[event["requestId"]] = event["type"]
        seen.requests += 1
        if url.netloc != urlsplit(address).netloc:
            seen.foreign.append(event["request"]["url"])

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] in kinds:
            seen.sizes[kinds[event["requestId"]]] += event["encodedDataLength"]

    network.on("Network.requestWillBeSent", asked)
    network.on("Network.loadingFinished", came)
    answer = page.goto(address, wait_until="networkidle")
    seen.status = answer.status if answer else 0
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    seen.shift = page.evaluate("shifted")
    context.close()
    return seen


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or else Playwright's own."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        yield browser
        browser.close()


@contextmanager
def site() -> Iterator[str]:
    """The address of a real site with the sample articles, which runs until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        running = Site(Path(folder) / "data").ready()
        try:
            yield running.address
        finally:
            running.stop()
            for stream in (running.process.stdout, running.process.stderr):
                if stream:
                    stream.close()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def weigh(base: str, pages: tuple[str, ...]) -> bool:
    """Print a line for each page and screen; whether all keep to the budgets."""
    is_good = True
    heads = " ".join(f"{head:>10}" for head in ("all KB", *KINDS))
    _say(f"{'page':45} {'screen':6} {heads} requests")
    with chromium() as browser:
        for path in pages:
            for screen in SCREENS:
                seen = visit(browser, base + path, screen)
                sizes = [seen.total, *(seen.sizes[kind] for kind in KINDS)]
                shown = " ".join(f"{size / 1024:10.1f}" for size in sizes)
                faults = "; ".join(seen.faults)
                _say(f"{path:45} {screen:6} {shown} {seen.requests:8}  {faults}")
                is_good = is_good and not seen.faults
    return is_good


def judge(base: str, pages: tuple[str, ...], command: str, runs: int) -> None:
    """Print the median of Lighthouse's scores for each page, on its phone and on its desk."""
    flags = "--headless --disable-gpu" + (" --no-sandbox" if os.geteuid() == 0 else "")
    environment = {**os.environ, "CHROME_PATH": find_chromium() or ""}
    for path in pages:
        for preset in ("phone", "desk"):
            results = []
            for _run in range(runs):
                line = [command, base + path, "--quiet", "--output=json", f"--chrome-flags={flags}"]
                line += ["--preset=desktop"] if preset == "desk" else []
                done = subprocess.run(
                    line, env=environment, capture_output=True, text=True, check=False
                )
                if done.returncode:
                    said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
                    _say(f"{path:45} {preset:6} Lighthouse failed: {said[-1]}")
                    continue
                categories = json.loads(done.stdout)["categories"]
                results.append([(categories[name]["score"] or 0) * 100 for name in SCORES])
            if not results:
                continue
            medians = [statistics.median(scores) for scores in zip(*results, strict=True)]
            shown = " ".join(
                f"{name} {score:.0f}" for name, score in zip(SCORES, medians, strict=True)
            )
            _say(f"{path:45} {preset:6} {shown}")


def main() -> None:
    """Start a site, or take a running one, and print what its pages weigh."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--site", metavar="ADDRESS", help="a running site with the samples")
    options.add_argument("--lighthouse", metavar="COMMAND", help="also run this Lighthouse")
    options.add_argument("--runs", type=int, default=5, help="of Lighthouse on each page")
    options.add_argument("pages", nargs="*", default=PAGES, help="paths, such as /timeline/")
    chosen = options.parse_args()
    with site() if not chosen.site else _given(chosen.site) as base:
        is_good = weigh(base, tuple(chosen.pages))
        if chosen.lighthouse:
            judge(base, tuple(chosen.pages), chosen.lighthouse, chosen.runs)
    sys.exit(0 if is_good else 1)


@contextmanager
def _given(address: str) -> Iterator[str]:
    yield address.rstrip("/")


if __name__ == "__main__":
    main()
