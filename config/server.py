"""The production server, in place of the process that `manage.py serve` was: granian and the site.

This process only watches the workers, so it loads neither Django nor the site.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from functools import partial
from typing import Any, NoReturn

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

APPLICATION = "config.wsgi:application"
# How long a worker may take for the requests it is answering when it is told to stop.
SECONDS_TO_STOP = 10
SIGNALS = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    """Serve until SIGINT or SIGTERM; the status is then 0."""
    for number in SIGNALS:
        signal.signal(number, stop)
    # `manage.py serve` keeps signals back from the time it hands over until here.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    arguments = read_arguments()
    server = Granian(
        APPLICATION,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=arguments.threads,
        log_level=LogLevels.warning,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    )
    # Whoever stops a site may tell the workers too; one that is gone first is no failure then.
    logging.getLogger("_granian").addFilter(lambda _record: not server.interrupt_signal)
    loader = partial(load, multiprocessing.Semaphore(1), arguments.ready, os.getpid())
    try:
        server.serve(target_loader=loader)
    except SystemExit:
        if not server.interrupt_signal:
            raise
    except (OSError, RuntimeError) as error:
        sys.exit(f"Milepost cannot listen on {arguments.host}:{arguments.port}: {error}")


def read_arguments() -> argparse.Namespace:
    """What `manage.py serve` hands over."""
    parser = argparse.ArgumentParser(prog="config.server", description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--ready", required=True, help="the line to print once requests are heard")
    return parser.parse_args()


def stop(_number: int, _frame: object) -> NoReturn:
    """End before the server has begun."""
    sys.exit(0)


def load(first: Any, ready: str, parent: int, _target: str) -> Any:
    """Load the site in a worker; the first worker that has it says that the site is ready."""
    # A Ctrl-C in the terminal is for the parent alone, which then sends SIGTERM to the workers:
    # of two different signals at the same moment granian 2.8.7 would hear neither.
    os.setpgid(0, 0)
    # Until granian listens to it, SIGTERM may end the worker at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    from config.wsgi import application

    if first.acquire(block=False):
        print(ready, flush=True)  # noqa: T201 - the one line that the owner waits for
    return application


def end_with(parent: int) -> None:
    """Stop this worker when its parent is gone, even killed: nothing would hold the port open."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
