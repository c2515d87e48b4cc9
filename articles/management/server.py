"""The production server: granian, with the site's WSGI application in worker processes.

Beside them runs one task worker.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from articles.management import memory, metrics_folder, task_worker
from articles.upkeep import error_mail

# How long a worker may take for the requests it is answering when it is told to stop.
SECONDS_TO_STOP = 10
# How long a request waits while another process writes into SQLite.
SECONDS_TO_WAIT_TO_WRITE = 5
# The server's own lines go where those of the site go, in the same form.
LOGGING = {
    "version": 1,
    "incremental": True,
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}},
}


def serve(
    *, host: str, port: int, workers: int, threads: int, with_tasks: bool, ready: str
) -> None:
    """Answer requests, and run tasks if told so, until SIGINT or SIGTERM; then return.

    `host` is a numeric address; the line `ready` is printed as soon as requests are heard. Exits
    with status 1 and a sentence when nobody may listen there.
    """
    memory.prepare()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        settings.WSGI_APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    )
    # Whoever stops a site may tell the workers too; one that is gone first is no failure then.
    logging.getLogger("_granian").addFilter(lambda _record: not server.interrupt_signal)
    # One that listens everywhere is asked at home.
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
    listening = (everywhere.get(host, host), port)
    turn = multiprocessing.Semaphore(1)
    announce = partial(announce_when_heard, turn, listening, ready)
    memory.share()
    # Workers are forks: they share this memory, and must share no connection, not even one that
    # is opened for a moment when a worker died and the next one is forked.
    connections.close_all()
    error_mail.hold_back()
    tasks = task_worker.running() if with_tasks else nullcontext()
    try:
        with metrics_folder.shared(port), tasks:
            server.serve(target_loader=partial(load, os.getpid(), announce), wrap_loader=False)
    except SystemExit:
        if not server.interrupt_signal:
            raise
    except (OSError, RuntimeError) as error:
        sys.exit(f"Milepost cannot listen on {host}:{port}: {error}")


def load(parent: int, announce: Callable[[], None]) -> Any:
    """Load the site in a worker, and begin what goes on beside it."""
    # A Ctrl-C in the terminal is for the parent alone, which then sends SIGTERM to the workers:
    # of two different signals at the same moment granian 2.8.7 would hear neither.
    os.setpgid(0, 0)
    error_mail.take_over()
    wait_briefly()
    # Until granian listens to it, SIGTERM may end the worker at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    application = import_string(settings.WSGI_APPLICATION)
    memory.collect_early()
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    threading.Thread(target=announce, daemon=True).start()
    return application


def wait_briefly() -> None:
    """Let requests wait for whoever writes into SQLite, but not until all threads wait.

    Readers would wait with them. Whoever is refused gets back what they wrote; commands and tasks,
    which nobody waits for, have the patience of the settings.
    """
    database = connections.settings["default"]
    if database["ENGINE"].endswith(".sqlite3"):
        database["OPTIONS"]["timeout"] = SECONDS_TO_WAIT_TO_WRITE


def announce_when_heard(turn: Any, address: tuple[str, int], ready: str) -> None:
    """Print the line once requests are heard: one worker does it, the first that has its `turn`."""
    if not turn.acquire(block=False):
        return
    while True:
        try:
            socket.create_connection(address, timeout=5).close()
        except OSError:
            time.sleep(0.02)
        else:
            print(ready, flush=True)  # noqa: T201 - the one line that the owner waits for
            return


def end_with(parent: int) -> None:
    """Stop this worker when its parent is gone, even killed: nothing would hold the port open."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
