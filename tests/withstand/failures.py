"""Take away what a site needs, one thing after the other, and look how it bears that.

    uv run python -m tests.withstand.failures [disk postgres sqlite cache mail clock]

Each scenario is a real server in a folder of its own: the disk is full, the database is gone, its
folder is gone, another process locks it, the cache is gone or hangs, the mail server refuses or
hangs, the clock jumps. It prints what was seen, and ends with status 1 when something is not as it
should be: the site says so, is read where it can be, gives back what was typed, loses nothing that
it acknowledged, and goes on by itself.
"""

# ruff: noqa: T201 - it prints.

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.withstand.clock import clock
from tests.withstand.outages import cache, disk, mail, postgres, sqlite
from tests.withstand.table import Table

SCENARIOS = {
    "disk": disk,
    "postgres": postgres,
    "sqlite": sqlite,
    "cache": cache,
    "mail": mail,
    "clock": clock,
}


def main():
    """Run them; the status to end with."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenarios", nargs="*", help=f"some of: {', '.join(SCENARIOS)}")
    names = parser.parse_args().scenarios or list(SCENARIOS)
    if unknown := set(names) - set(SCENARIOS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    print(f"Load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    lines, began = Table(), time.monotonic()
    for name in names:
        scenario = SCENARIOS[name]
        lines.begin(f"{name}: {scenario.__doc__}")
        with tempfile.TemporaryDirectory(prefix=f"milepost-{name}-") as folder:
            try:
                scenario(lines, Path(folder))
            except Exception as error:  # noqa: BLE001 - the others are to be tried all the same
                lines.row(False, f"the scenario ended: {error!r}")
    print(f"\n{lines.failed} lines FAILED, {time.monotonic() - began:.0f} s")
    return 1 if lines.failed else 0


if __name__ == "__main__":
    sys.exit(main())
