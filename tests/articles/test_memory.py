import gc
import sys
import weakref
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections

from articles.management import memory


class Knot:
    """An object that refers to itself."""

    def __init__(self, size: int) -> None:
        self.itself = self
        self.objects = [[number] for number in range(size)]


@pytest.fixture
def early() -> Iterator[None]:
    """A process that collects early, and by no other rule."""
    # A connection that another test left open is none of this one's, which may have none.
    request_finished.disconnect(close_old_connections)
    gc.collect()
    gc.disable()
    memory.collect_early()
    yield
    request_finished.disconnect(dispatch_uid=memory.__name__)
    gc.enable()
    request_finished.connect(close_old_connections)


def leave(size: int) -> weakref.ref[Knot]:
    return weakref.ref(Knot(size))


@pytest.mark.usefixtures("early")
def test_much_that_is_left_in_circles_is_collected_after_the_request() -> None:
    left = leave(memory.MOST_LEFT)
    assert left() is not None
    request_finished.send(sender=None)
    assert left() is None


@pytest.mark.usefixtures("early")
def test_little_that_is_left_waits_until_it_is_more() -> None:
    first = leave(memory.MOST_LEFT // 10)
    request_finished.send(sender=None)
    assert first() is not None
    leave(memory.MOST_LEFT)
    request_finished.send(sender=None)
    assert first() is None


@pytest.mark.usefixtures("early")
def test_what_is_kept_is_not_looked_through_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Knot(memory.MOST_LEFT)
    request_finished.send(sender=None)
    monkeypatch.setattr(gc, "collect", lambda: pytest.fail("There is nothing new."))
    request_finished.send(sender=None)
    assert kept.objects


def test_more_names_are_taken_than_the_table_can_have_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names: list[str] = []
    with monkeypatch.context() as counted:
        counted.setattr(sys, "intern", names.append)
        memory.renew_table_of_names()
    strings, slots = sys.getunicodeinternedsize(), 8
    while slots * 2 // 3 < strings:
        slots *= 2
    assert len(set(names)) == len(names) > slots * 2 // 3 - strings


def test_names_that_fill_the_table_are_gone_again() -> None:
    before = sys.getunicodeinternedsize()
    memory.renew_table_of_names()
    assert sys.getunicodeinternedsize() == pytest.approx(before, abs=100)
