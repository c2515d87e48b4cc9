"""A site that is run as a supervisor would: started, asked, killed, started again."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time

from tests.serving import PATIENCE, TASK_WORKER, free_port, run, start
from tests.withstand import engines
from tests.withstand.two_servers import Visitor


class Running:
    """`serve` with a data folder, a port and a log of its own; `log` is all it ever wrote."""

    def __init__(self, folder, *options, preload=None, **environment):
        self.folder, self.options, self.port = folder, options, free_port()
        self.data_dir = folder / "data"
        self.data_dir.mkdir(exist_ok=True)
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {"SITE_URL": self.address, **environment}
        # For the server alone: what is asked in a shell goes by the real clock.
        self.preload = preload or {}
        self.log_path = folder / "serve.log"
        self.process = None
        self.starts = 0
        self.stopping = threading.Event()

    # Starting and ending --------------------------------------------------------------------------

    def start(self):
        """Start it, and wait until it answers; again and again while the port is not free yet."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with self.log_path.open("ab") as log:
                self.process = start(
                    self.data_dir, "serve", "--port", str(self.port), *self.options,
                    output=log, **self.environment, **self.preload,
                )  # fmt: skip
            while self.process.poll() is None:
                if self.is_ready():
                    self.starts += 1
                    return self
                time.sleep(0.05)
            time.sleep(0.2)
        raise TimeoutError(f"The site did not start: {self.log()[-2000:]}")

    def is_ready(self):
        """Whether a process of this server answers."""
        with contextlib.suppress(OSError):
            return self.get("/healthz")[0] == 200
        return False

    def supervise(self):
        """Start it again whenever it ends, until `stop`."""
        while not self.stopping.is_set():
            self.process.wait()
            if not self.stopping.wait(0.1):
                self.start()

    def stop(self):
        """End it in good order."""
        self.stopping.set()
        if self.process:
            engines.end(self.process)

    def kill(self, kind, chance):
        """`kill -9` for a "worker", the "parent" or the worker of "tasks"; whether it was there."""
        wanted = {
            "parent": lambda name: False,
            "tasks": lambda name: name == TASK_WORKER,
            "worker": lambda name: name != TASK_WORKER,
        }[kind]
        found = [pid for pid, name in self.children() if wanted(name)]
        found = [self.process.pid] if kind == "parent" else sorted(found)
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(chance.choice(found), signal.SIGKILL)
            return True
        return False

    def children(self):
        """Number and name of each process under it that works for it."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,comm=,args=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        return [(int(row[0]), row[1]) for row in rows if "resource_tracker" not in row[-1]]

    def log(self):
        """All that it wrote."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    # Asking ---------------------------------------------------------------------------------------

    def visitor(self, session=""):
        """Somebody new; with the key of a session somebody who is signed in."""
        visitor = Visitor(self.port)
        visitor.cookie = f"sessionid={session}" if session else ""
        return visitor

    def get(self, path, patience=PATIENCE):
        """Status, headers and body by a connection of its own; status 0 for no answer."""
        visitor = self.visitor()
        visitor.connection.timeout = patience
        with contextlib.closing(visitor.connection):
            return visitor.ask(path)

    def ask(self, name, **arguments):
        """What a function of `inside.py` gives, called in a shell of this site."""
        program = f"from tests.withstand import inside; inside.answer({name!r}, **{arguments!r})"
        output = self.command("shell", "--no-imports", "-c", program)
        return json.loads(output.rpartition("ANSWER ")[2])

    def command(self, *arguments, fails=False):
        """What a command prints; it must succeed unless it may fail."""
        status, output, errors = run(self.data_dir, *arguments, **self.environment)
        if status and not fails:
            raise RuntimeError(f"{arguments[0]} ended with {status}: {errors[-3000:]}")
        return output

    def doctor(self):
        """What the doctor says of each check: state and sentence by name."""
        found = json.loads(self.command("doctor", "--json", fails=True))
        return {one["check"]: (one["state"], one["what"]) for one in found}
