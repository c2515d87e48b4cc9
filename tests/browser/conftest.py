"""Every page that a browser test opens must be quiet: nothing refused, nothing broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

# A refusal by the policy is an event; this writes it where errors are heard.
TELL_REFUSALS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by ${event.violatedDirective}: ${event.blockedURI}`));"""


@contextmanager
def quiet(context: Any) -> Iterator[None]:
    """Fail at the end when a page of the context wrote an error or a warning to the console.

    That a page itself answers 404 is no error of the page.
    """
    said: list[str] = []
    pages: set[str] = set()

    def hear(message: Any) -> None:
        address = message.location["url"]
        is_own_status = message.text.startswith("Failed to load resource") and (
            # That a form is sent back is an answer like any other.
            address in pages or " 422 " in message.text
        )
        if message.type in {"error", "warning"} and not is_own_status:
            said.append(f"{message.text} ({address})")

    def note_page(request: Any) -> None:
        if request.is_navigation_request():
            pages.add(request.url)

    context.on("request", note_page)
    context.on("console", hear)
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.add_init_script(TELL_REFUSALS)
    context.set_default_timeout(10_000)
    yield
    assert said == []


@pytest.fixture
def context(context: Any) -> Iterator[Any]:
    """The browser context behind `page`."""
    with quiet(context):
        yield context


@pytest.fixture
def reader(reader: Any) -> Iterator[Any]:
    """A page for a scenario that must go the same way with and without JavaScript."""
    with quiet(reader.context):
        yield reader
