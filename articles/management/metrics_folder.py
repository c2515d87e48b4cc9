"""Where the processes of a server write down what they count, for the one that is asked for it.

The library of Prometheus looks for the folder when it is loaded, in the workers, and writes through
memory-mapped files with holes: on a disk that is full that ends the process, and the next one too.
So the folder is in memory where there is a place for it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

# Of Linux, also in a container and under systemd.
MEMORY = Path("/dev/shm")  # noqa: S108
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared(port: int) -> Iterator[None]:
    """Share figures among the processes that are started meanwhile, where somebody reads them.

    The data folder knows which folder it is, so that the next start on this port takes away what a
    killed one left. Ends the process with a sentence when no folder can be made.
    """
    known = Path(settings.DATA_DIR) / f".metrics-{port}"
    with suppress(OSError):
        shutil.rmtree(known.readlink(), ignore_errors=True)
        known.unlink()
    if not settings.METRICS_TOKEN:
        yield
        return
    place = str(MEMORY) if os.access(MEMORY, os.W_OK) else tempfile.gettempdir()
    try:
        folder = tempfile.mkdtemp(prefix="milepost-metrics-", dir=place)
    except OSError as error:
        sys.exit(f"Milepost cannot start: no folder can be made in {place} ({error.strerror}).")
    os.environ[VARIABLE] = folder
    # On a full disk it may be that nobody knows it.
    with suppress(OSError):
        known.symlink_to(folder)
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        shutil.rmtree(folder, ignore_errors=True)
        known.unlink(missing_ok=True)
