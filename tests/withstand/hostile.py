"""Ten thousand hostile requests to a real server, and what no answer to them may be.

    uv run python -m tests.withstand.hostile [--count 10000] [--seed 1] [--patience 30]

Starts the site in a folder of its own, sends, judges each answer (see `judging`), looks in between
at the pages that show what was sent, and prints the counts by status and the slowest answers. Ends
with 1 and the request to send again when anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.serving import run, sites
from tests.withstand.attacks import Attacker
from tests.withstand.judging import judge
from tests.withstand.requests import Answer, Request, over_socket

# What a log of the server may not hold, whatever was sent to it.
FAILURES = ("Traceback (most recent call last)", "Internal Server Error", "panicked")
STAGE = "from tests.withstand import staging; staging.main()"


def stage(data_dir: Path) -> dict[str, Any]:
    """Fill the running site; see `staging.prepare`."""
    status, output, errors = run(data_dir, "shell", "-v", "0", "-c", STAGE)
    lines = [line for line in output.splitlines() if line.startswith("STAGED ")]
    if status or not lines:
        sys.exit(f"The site could not be filled:\n{output}\n{errors}")
    found: dict[str, Any] = json.loads(lines[0].removeprefix("STAGED "))
    return found


class Log:
    """What a process writes to its standard error, read so that it never waits."""

    def __init__(self, stream: Any) -> None:
        self.lines: list[str] = []
        self.read = 0
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: Any) -> None:
        self.lines.extend(line.rstrip("\n") for line in stream)

    def news(self) -> list[str]:
        """Lines that no request may cause, as far as they were not given before."""
        read, self.read = self.read, len(self.lines)
        return [line for line in self.lines[read : self.read] if any(w in line for w in FAILURES)]


class Run:
    """One run: sends, judges, counts."""

    def __init__(self, port: int, log: Log, patience: float) -> None:
        self.port, self.log, self.patience = port, log, patience
        self.statuses: Counter[str] = Counter()
        self.slowest: list[tuple[float, str]] = []
        self.wrong: list[str] = []

    def ask(self, request: Request) -> Answer:
        """Send one, judge the answer, note what is wrong."""
        try:
            answer = over_socket(request, self.port, self.patience)
        except OSError as error:
            self.note(request, [f"no answer: {error!r}"])
            return Answer(0)
        self.statuses[f"{request.about.split()[0]} {answer.status}"] += 1
        self.slowest.append((answer.seconds, f"{request.about} {request.target[:100]}"))
        self.slowest = sorted(self.slowest, reverse=True)[:8]
        wrong = judge(request, answer)
        wrong += [f"the log says: {line[:3000]}" for line in self.log.news()]
        if answer.seconds > self.patience:
            wrong.append(f"took {answer.seconds:.1f} s")
        if wrong:
            self.note(request, wrong)
        return answer

    def note(self, request: Request, wrong: list[str]) -> None:
        """Remember what was wrong, with what to send again."""
        sentences = "\n  ".join(sorted(set(wrong))[:6])
        self.wrong.append(f"  {sentences}\n{request.describe(f'127.0.0.1:{self.port}')}")


def main() -> None:
    """Run it as the command line says."""
    parser = argparse.ArgumentParser(description="Send hostile requests to a real server.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=30.0, help="seconds an answer may take")
    parser.add_argument("--most", type=int, default=1, help="stop after so many failures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="milepost-hostile-") as folder, sites() as start:
        data_dir = Path(folder) / "data"
        data_dir.mkdir()
        server = start(data_dir, "--no-sample").ready()
        running = Run(server.port, Log(server.process.stderr), options.patience)
        attacker = Attacker(stage(data_dir), random.Random(options.seed), running.ask)
        began = time.monotonic()
        for number in range(1, options.count + 1):
            running.ask(attacker.next())
            if number % 4 == 0:
                running.ask(attacker.look())
            if number % 1000 == 0:
                say(f"{number} sent, {time.monotonic() - began:.0f} s")
            if len(running.wrong) >= options.most:
                break
        server.process.terminate()
        server.process.wait(60)
    report(running, number, options.seed)


def say(text: str) -> None:
    """A line of what the command prints."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def report(running: Run, number: int, seed: int) -> None:
    """Print what came of it; end with 1 when anything was wrong."""
    say(f"\n{number} hostile requests, seed {seed}; answers by status:")
    for name, count in sorted(running.statuses.items()):
        say(f"{count:>8}  {name}")
    say("slowest:")
    for seconds, name in running.slowest:
        say(f"{seconds:>8.2f} s  {name}")
    wrong = [*running.wrong, *running.log.news()]
    for sentences in wrong:
        say(f"\nWRONG\n{sentences}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
