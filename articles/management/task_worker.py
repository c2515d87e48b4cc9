"""The task worker: one process beside the web server, which runs what waits in the database."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connections,
    transaction,
)
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from articles import cards, mail
from articles.privacy import retention
from articles.upkeep import error_mail, read_only

logger = logging.getLogger(__name__)

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}
# Nothing is so urgent that it should slow down the start of the site.
SECONDS_BEFORE_FIRST_LOOK = 2
SECONDS_BETWEEN_LOOKS = 1
SECONDS_BETWEEN_TIDYINGS = 300
SECONDS_AFTER_A_FAILURE = 5
# How long a task that runs may take when the site is stopped. A mail that is cut off is sent later.
SECONDS_TO_STOP = 5
# What is kept about people for a while is looked through by the hour.
SECONDS_BETWEEN_FORGETTINGS = 3600


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Keep one worker process running inside the block, and none after it."""
    keeper = Keeper()
    try:
        keeper.start()
        threading.Thread(target=keeper.restart_until_stopped, daemon=True).start()
        yield
    finally:
        keeper.stop()


class Keeper:
    """Starts the worker, starts it again when it dies, and stops it."""

    def __init__(self) -> None:
        self.process: multiprocessing.Process | None = None
        self.stopping = threading.Event()
        self.lock = threading.Lock()

    def start(self) -> None:
        """Start the process, a fork that shares this memory, unless it is time to stop."""
        with self.lock:
            if self.stopping.is_set():
                return
            process = multiprocessing.Process(target=work_beside, args=(os.getpid(),), daemon=True)
            # Until the worker listens to them, signals wait.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
            try:
                process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self.process = process

    def restart_until_stopped(self) -> None:
        """Wait for the end of the process; start another after a pause, again and again."""
        while self.process and not self.stopping.is_set():
            self.process.join()
            if not self.stopping.wait(SECONDS_AFTER_A_FAILURE):
                logger.warning(
                    "The task worker ended (status %s) and is started again.",
                    self.process.exitcode,
                )
                self.start()

    def stop(self) -> None:
        """Let the process finish its task, within limits."""
        with self.lock:
            self.stopping.set()
            process = self.process
        if process is None:
            return
        process.terminate()
        process.join(SECONDS_TO_STOP)
        if process.is_alive():
            process.kill()
            process.join()


def work_beside(parent: int) -> None:
    """Run tasks as the child of a web server."""
    # A Ctrl-C in the terminal is for the parent alone, which then sends SIGTERM.
    os.setpgid(0, 0)
    error_mail.take_over()
    name_process("milepost-tasks")
    work(parent)


def work(parent: int) -> None:
    """Run tasks until SIGTERM or SIGINT, or until the parent is gone, even killed."""
    hear, tell = os.pipe()
    for number in STOP_SIGNALS:
        # Heard between two tasks: one that was begun is finished.
        signal.signal(number, lambda *_: os.write(tell, b"."))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    worker = make_worker()
    tidying_due = forgetting_due = 0.0
    pause = float(SECONDS_BEFORE_FIRST_LOOK)
    while not select.select([hear], [], [], pause)[0] and os.getppid() == parent:
        if read_only.current():
            pause = SECONDS_BETWEEN_LOOKS
            continue
        close_old_connections()
        try:
            if time.monotonic() >= tidying_due:
                tidy()
                tidying_due = time.monotonic() + SECONDS_BETWEEN_TIDYINGS
            if time.monotonic() >= forgetting_due:
                forget()
                forgetting_due = time.monotonic() + SECONDS_BETWEEN_FORGETTINGS
            pause = 0 if run_next(worker) else SECONDS_BETWEEN_LOOKS
        except (InterfaceError, OperationalError) as error:
            reason = " ".join(str(error).split())
            logger.warning("The task worker waits for the database: %s", reason)
            connections.close_all()
            pause = SECONDS_AFTER_A_FAILURE


def name_process(name: str) -> None:
    """What `ps -o comm` and `top` call this process, where the system has a file for that."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


def make_worker() -> Worker:
    """The worker of django-tasks-db, for what it does with one task; the loop is `work`."""
    return Worker(
        queue_names=["default"],
        excluded_queue_names=[],
        backend_name="default",
        worker_id=get_random_string(32),
        interval=SECONDS_BETWEEN_LOOKS,
        startup_delay=False,
        batch=True,
        max_tasks=None,
    )


def run_next(worker: Worker) -> bool:
    """Run the next task that is due; whether there was one.

    The loop of django-tasks-db locks the whole SQLite database at each look; this one only reads
    until there is something to do.
    """
    due = DBTaskResult.objects.ready().filter(backend_name=worker.backend_name)
    if not due.exists():
        return False
    with transaction.atomic():
        # Another worker may have been faster.
        if found := due.get_locked():
            found.claim(worker.worker_id)
    if found:
        worker.run_task(found)
    return found is not None


def forget() -> None:
    """Delete what is kept for a while only, and pictures of what is not there any more.

    What the store of files cannot do now is tried again an hour later: mail does not wait for it.
    """
    retention.forget_due()
    try:
        cards.sweep()
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Pictures of what is not there any more could not be deleted")


def tidy() -> None:
    """Take up what was cut off."""
    mail.take_up_cut_off()
    mail.take_up_from_the_future()
