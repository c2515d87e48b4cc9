"""Kill backups and restores with `kill -9` at any moment: the site is the old or the new, whole.

    uv run python -m tests.withstand.killed_restore [--times 20] [--database postgres://…]

A site with two states, A (many tags and files) and B (none of them), each in a backup. Again and
again one is restored and killed after a part of the time that it takes; then the rows must be those
of A or of B, and every file that the rows of the state need must be there. At the end both are
restored without a kill.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.serving import run, start

FILES = 200
ROWS = 20_000
FILL = f"""
from pathlib import Path
from django.conf import settings
from articles.models import Tag
Tag.objects.bulk_create(Tag(name=f"tag {{n}}", slug=f"tag-{{n}}") for n in range({ROWS}))
folder = Path(settings.MEDIA_ROOT) / "withstand"
folder.mkdir(parents=True)
for n in range({FILES}):
    (folder / f"{{n}}.bin").write_bytes(bytes([n]) * 20_000)
"""
LOOK = "from articles.models import Tag; print('rows', Tag.objects.count())"


def main() -> None:
    """Run it; status 1 when a state was neither."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    environment = {"DATABASE_URL": options.database} if options.database else {}
    with tempfile.TemporaryDirectory(prefix="milepost-withstand-") as folder:
        data = Path(folder) / "data"
        say(f"seed {options.seed}")
        states = prepare(data, environment)
        longest = whole(data, states["A"], environment)
        say(f"a whole restore takes {longest:.1f} s; {states['A'].name} has all")
        seen = {"old": 0, "new": 0, "ended": 0}
        now = "A"
        for number in range(options.times):
            wanted = "B" if now == "A" else "A"
            after = chance.uniform(0.4, 1.05) * longest
            ended = killed(data, states[wanted], after, environment)
            found = state(data, environment)
            seen["ended" if ended else "new" if found == wanted else "old"] += 1
            say(f"{number + 1}: killed after {after:.1f} s, from {now} to {wanted}: {found}")
            now = found
        for name, path in states.items():
            whole(data, path, environment)
            assert state(data, environment) == name
        left = [*data.glob(".milepost-*"), *(data / "backups").glob(".milepost-backup-*")]
        assert not left, left
        say(f"Old {seen['old']}, new {seen['new']}, ended {seen['ended']}; never a mixture.")


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def prepare(data: Path, environment: dict[str, str]) -> dict[str, Path]:
    """A site, and the two backups by the name of the state in them."""
    checked(data, "migrate", "--verbosity", "0", **environment)
    states = {"B": backup(data, environment)}
    checked(data, "shell", "--no-imports", "-c", FILL, **environment)
    states["A"] = backup(data, environment)
    return states


def checked(data: Path, *arguments: str, **environment: str) -> str:
    """What the command prints; it must succeed."""
    status, output, errors = run(data, *arguments, **environment)
    if status:
        sys.exit(f"{arguments[0]} failed: {errors}")
    return output


def backup(data: Path, environment: dict[str, str]) -> Path:
    """Make one outside of the data folder."""
    said = checked(data, "backup", "--to", str(data.parent / "kept"), **environment)
    return Path(said.split(": ")[0])


def whole(data: Path, path: Path, environment: dict[str, str]) -> float:
    """Restore to the end; how long it took."""
    began = time.monotonic()
    checked(data, "restore_backup", str(path), "--yes", **environment)
    return time.monotonic() - began


def killed(data: Path, path: Path, after: float, environment: dict[str, str]) -> bool:
    """Restore and kill; whether it had ended before."""
    process = start(data, "restore_backup", str(path), "--yes", **environment)
    time.sleep(after)
    ended = process.poll() is not None
    if not ended:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return ended


def state(data: Path, environment: dict[str, str]) -> str:
    """Which state the site is in. Ends the program when it is neither."""
    said = checked(data, "shell", "--no-imports", "-c", LOOK, **environment)
    rows = int(said.split("rows ")[-1])
    if rows not in {0, ROWS}:
        sys.exit(f"{rows} rows are neither of the two states.")
    if rows:
        for number in range(FILES):
            path = data / "media" / "withstand" / f"{number}.bin"
            if not path.exists() or path.read_bytes() != bytes([number]) * 20_000:
                sys.exit(f"The rows of A are there and {path} is not.")
    return "A" if rows else "B"


if __name__ == "__main__":
    main()
