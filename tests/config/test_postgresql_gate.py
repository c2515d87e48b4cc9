"""While PostgreSQL cannot be reached one thread waits for it, and the others say so at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from config.database_setting import read_database
from config.postgresql.base import SECONDS_BETWEEN_TRIES, Gate

psycopg = pytest.importorskip("psycopg")
FAILURE = psycopg.OperationalError


class Clock:
    """Seconds that go by when a test says so."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Server:
    """How long an attempt takes, what comes of it, and how many there were."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.takes, self.error, self.asked = clock, 3.0, "timeout expired", 0

    def __call__(self) -> str:
        self.asked += 1
        self.clock.seconds += self.takes
        if self.error:
            raise FAILURE(self.error)
        return "connection"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Server:
    return Server(clock)


@pytest.fixture
def connect(clock: Clock, server: Server) -> Callable[[], Any]:
    gate = Gate(clock)
    return lambda: gate.connect(server, FAILURE)


def test_after_one_has_waited_in_vain_the_next_do_not(
    clock: Clock, server: Server, connect: Callable[[], Any]
) -> None:
    for _turn in range(3):
        with pytest.raises(FAILURE, match="timeout expired"):
            connect()
    assert (server.asked, clock.seconds) == (1, 103.0)


def test_a_server_that_is_back_is_found_at_the_next_try(
    clock: Clock, server: Server, connect: Callable[[], Any]
) -> None:
    with pytest.raises(FAILURE):
        connect()
    clock.seconds += SECONDS_BETWEEN_TRIES
    with pytest.raises(FAILURE):
        connect()
    server.error = ""
    clock.seconds += SECONDS_BETWEEN_TRIES
    assert [connect(), connect(), connect()] == ["connection"] * 3
    assert server.asked == 5


def test_a_refusal_that_came_at_once_keeps_nobody_from_trying(
    server: Server, connect: Callable[[], Any]
) -> None:
    server.takes, server.error = 0.01, "too many clients already"
    for _turn in range(3):
        with pytest.raises(FAILURE):
            connect()
    assert server.asked == 3


def test_while_one_tries_again_the_others_are_told_at_once(clock: Clock, server: Server) -> None:
    gate = Gate(clock)
    with pytest.raises(FAILURE):
        gate.connect(server, FAILURE)
    clock.seconds += SECONDS_BETWEEN_TRIES
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "connection"

    got: list[Any] = []
    one = threading.Thread(target=lambda: got.append(gate.connect(slow, FAILURE)))
    one.start()
    assert begun.wait(10)
    with pytest.raises(FAILURE, match="timeout expired"):
        gate.connect(server, FAILURE)
    go_on.set()
    one.join(10)
    assert got == ["connection"]
    assert server.asked == 1


def test_another_error_leaves_the_gate_open(server: Server, clock: Clock) -> None:
    gate = Gate(clock)

    def wrong() -> None:
        clock.seconds += 5
        raise TypeError

    for _turn in range(2):
        with pytest.raises(TypeError):
            gate.connect(wrong, FAILURE)
    assert gate.error is None


def test_the_site_connects_through_it() -> None:
    assert read_database("postgres://database.internal/milepost")["ENGINE"] == "config.postgresql"
