"""`/metrics`: figures for Prometheus, for whoever brings the token of METRICS_TOKEN.

Without a token in the settings, or without the right one in the request, the address is like any
other that is not there. Like `/healthz` it is answered under any name of the host.

Labels are names of views and classes of answers, which are few; no address, nothing of people.
Several processes write down what they count in files of the folder that PROMETHEUS_MULTIPROC_DIR
names, which `serve` makes: whichever is asked answers for all.
"""

from __future__ import annotations

import hmac
import logging
import os
import platform
import re
import resource
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from articles.upkeep.tallies import tallies
from config.figures import figures

logger = logging.getLogger(__name__)

ADDRESS = "/metrics"
# Seconds; the budget of an article is 6 milliseconds, and more than a second is logged.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SECONDS_BETWEEN_PUBLISHINGS = 1.0
# Of the page cache, by what became of it.
RESULTS = ("hits", "misses", "stale")


class Metrics:
    """Middleware that counts each request that Django answers, and answers the one address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.expected = f"Bearer {settings.METRICS_TOKEN}".encode()
        self.meters = Meters()
        tallies.publish = self.meters.publish

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The figures, or the answer of the inner layers, which is counted."""
        if request.path_info == ADDRESS and request.method == "GET" and self.may_ask(request):
            response = HttpResponse(self.meters.text(), content_type=self.meters.content_type)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response
        began = time.perf_counter()
        response_of_view = self.get_response(request)
        seconds = time.perf_counter() - began
        self.meters.count(view_of(request), response_of_view.status_code, seconds)
        return response_of_view

    def may_ask(self, request: HttpRequest) -> bool:
        """Whether the request brings the token; how long that takes says nothing about it."""
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self.expected)


def view_of(request: HttpRequest) -> str:
    """The name of the view that answered; one for the whole admin, and for all static files."""
    match = request.resolver_match
    if match is None:
        return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
    return "admin" if match.namespace == "admin" else match.view_name or "unnamed"


class Meters:
    """The counters of this process. Where several share a folder, their text is of all of them."""

    def __init__(self) -> None:
        # Only now: the library chooses when it is loaded whether processes share.
        import prometheus_client as client

        self.client = client
        self.content_type = client.CONTENT_TYPE_PLAIN_0_0_4
        self.shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
        self.registry = client.CollectorRegistry()
        own: dict[str, Any] = {"namespace": "milepost", "registry": self.registry}
        self.requests = client.Counter(
            "requests", "Requests that Django answered", ["view", "status"], **own
        )
        self.seconds = client.Histogram(
            "request_seconds", "What they took", ["view"], buckets=BUCKETS, **own
        )
        self.results = client.Counter(
            "page_cache", "What became of requests for pages that may be kept", ["result"], **own
        )
        self.errors = client.Counter("database_errors", "Queries that failed", **own)
        gauge = {**own, "multiprocess_mode": "livesum"}
        self.pages = client.Gauge("page_cache_pages", "Pages that are kept", **gauge)
        self.bytes = client.Gauge("page_cache_bytes", "Their size", **gauge)
        self.memory = client.Gauge(
            "memory_bytes", "Resident memory of the processes that answer requests", **gauge
        )
        self.processes = client.Gauge("processes", "Processes that answer requests", **gauge)
        self.lock = threading.Lock()
        self.published = dict.fromkeys((*RESULTS, "database_errors"), 0)
        self.due = 0.0

    def count(self, view: str, status: int, seconds: float) -> None:
        """One request that was answered."""
        self.requests.labels(view, f"{status // 100}xx").inc()
        self.seconds.labels(view).observe(seconds)
        if time.monotonic() >= self.due:
            self.publish()

    def publish(self) -> None:
        """Hand on what was counted in plain numbers since the last time."""
        with self.lock:
            self.due = time.monotonic() + SECONDS_BETWEEN_PUBLISHINGS
            for name, before in self.published.items():
                now = getattr(tallies, name)
                meter = self.results.labels(name) if name in RESULTS else self.errors
                meter.inc(now - before)
                self.published[name] = now
            self.pages.set(tallies.pages)
            self.bytes.set(tallies.page_bytes)
            self.memory.set(memory())
            self.processes.set(1)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        self.publish()
        registry = self.client.CollectorRegistry()
        if self.shared:
            from prometheus_client import multiprocess

            for pid in gone(Path(self.shared)):
                multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(self.registry)
        registry.register(SiteCollector())
        return self.client.generate_latest(registry)


class SiteCollector:
    """What the database says, and which Milepost this is."""

    def describe(self) -> Iterable[Any]:
        """Nothing, so that nobody looks before somebody asks."""
        return []

    def collect(self) -> Iterable[Any]:
        """The figures; without its database the site says only that."""
        from prometheus_client.core import GaugeMetricFamily

        build = GaugeMetricFamily(
            "milepost_build_info", "Which version this is", labels=["version", "python"]
        )
        build.add_metric([settings.VERSION, platform.python_version()], 1)
        yield build
        try:
            found = figures()
        except DatabaseError as error:
            logger.warning("Some figures are missing: %s", " ".join(str(error).split()))
            found = {}
        yield GaugeMetricFamily("milepost_database_up", "Whether it answers", value=bool(found))
        for name, (meaning, value) in found.items():
            yield GaugeMetricFamily(f"milepost_{name}", meaning, value=value)


def memory() -> int:
    """The resident memory of this process in bytes; the most it ever had where Linux is not."""
    with suppress(OSError, ValueError, IndexError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def gone(folder: Path) -> set[int]:
    """The processes that wrote down their memory there and are not any more."""
    found = set()
    for path in folder.glob("gauge_live*_*.db"):
        if number := re.search(r"_(\d+)\.db$", path.name):
            pid = int(number[1])
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                found.add(pid)
            except PermissionError:
                continue
    return found
