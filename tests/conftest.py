"""Fixtures for every test, and the browser that some of them need."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from _pytest import runner

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# Some hundred processes are started, from workers to real sites. Each reads what another compiled,
# also where the shell asks Python to keep nothing (as images for containers do): to compile takes
# a process longer than most of what it is started for.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Playwright keeps an event loop in the thread of the test; Django wants permission to use the
# database beside one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, print_blob=True
)
hypothesis.settings.load_profile("ci" if CI else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a browser or needs a database, so that `-m` can leave out or choose it."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser_type" in fixtures:
            item.add_marker("browser")
        if item.get_closest_marker("django_db") or fixtures & {"db", "django_db_setup"}:
            item.add_marker("database")


# First: a worker of xdist tells the order here, and is then told what to run by its numbers.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin with long files, where several processes share them: none waits at the end for one.

    Look for garbage elsewhere than among modules and tests, which stay until the end.
    """
    if hasattr(session.config, "workerinput"):
        lengths: Counter[Path] = Counter()
        for item in session.items:
            slow = item.get_closest_marker("browser") or item.get_closest_marker("process")
            lengths[item.path] += 20 if slow else 1
        session.items.sort(key=lambda item: (-lengths[item.path], item.path))
    gc.collect()
    gc.freeze()


def in_one_piece(call: Callable[..., Any], *arguments: Any) -> Any:
    """What the call returns, made where Python need not ask the system for more stack.

    Python keeps frames in pieces of 16 KB, and maps and unmaps one each time that a loop calls
    over the end of the last: rendering a template, which goes deep, does so without end, and the
    system took a fifth of the tests' time. A frame that is larger than a piece gets one of its own
    that is a power of two; the half that this leaves is room for all frames above it.
    """
    return call(*arguments)


# In words of eight bytes; more than half a megabyte, of which nothing is touched.
in_one_piece.__code__ = in_one_piece.__code__.replace(co_stacksize=70_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test as pytest does, with stack enough."""
    return bool(in_one_piece(runner.pytest_runtest_protocol, item, nextitem))


def find_chromium() -> str | None:
    """Where this machine has Chromium: the variable CHROMIUM, or one of the usual commands."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next((path for command in candidates if (path := shutil.which(command))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: Any, browser_type: Any) -> dict[str, Any]:
    """How pytest-playwright starts the browser: the system's Chromium, else Playwright's own.

    Without either the test is skipped, or fails where CI is set: there it must have run.
    """
    path = find_chromium()
    if not path and not Path(browser_type.executable_path).exists():
        sentence = "Chromium is not installed; install it or set CHROMIUM to its path."
        if CI:
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)
    arguments = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        # Chromium refuses to run its sandbox for root.
        arguments.append("--no-sandbox")
    launch = {**browser_type_launch_args, "args": arguments}
    return {**launch, "executable_path": path} if path else launch


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """The address of the live server: `page.goto("/")` opens its front page."""
    return str(live_server.url)


@contextmanager
def only_from(context: Any, address: str) -> Iterator[None]:
    """Fail at the end when a page of the browser context asked another host for anything."""
    foreign: list[str] = []

    def note(request: Any) -> None:
        if not request.url.startswith((address, "data:", "blob:", "about:")):
            foreign.append(request.url)

    context.on("request", note)
    yield
    assert foreign == []


@pytest.fixture
def context(new_context: Any, base_url: str) -> Iterator[Any]:
    """The browser context behind pytest-playwright's `page`; it may load from this site only."""
    made = new_context()
    with only_from(made, base_url):
        yield made


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def reader(request: pytest.FixtureRequest, new_context: Any, base_url: str) -> Iterator[Any]:
    """A page for a scenario that must go the same way with and without JavaScript: runs twice."""
    made = new_context(java_script_enabled=request.param == "with JavaScript")
    with only_from(made, base_url):
        yield made.new_page()


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows that module-scoped fixtures make stay for all tests of the module, and then go.

    Each test still has a transaction of its own inside this one. Not for tests with a live server.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
