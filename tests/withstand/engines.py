"""Servers that stand beside Milepost, each started on loopback in a folder of its own.

Every one is a context manager that ends what it started by its process id.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.serving import free_port

# For a machine that does much else at the same time.
PATIENCE = 90


class Missing(Exception):
    """A program that this script needs is not installed."""


def find(name, *places):
    """The path of a program. Raises Missing."""
    for path in (shutil.which(name), *sorted(places, reverse=True)):
        if path:
            return path
    raise Missing(f"{name} is not installed here.")


def wait_until(look, what):
    """Wait until `look` answers something true; what it raises as OSError is a no."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if answer := look():
                return answer
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come up in {PATIENCE} s.")


def listens(port):
    """Whether somebody listens on this port of 127.0.0.1."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def end(process, number=signal.SIGTERM):
    """End a process that this script started, and wait for it."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def program(folder, name, *command, ready, number=signal.SIGTERM, **more):
    """A running program whose output goes to `<folder>/<name>.log`, heard when `ready` is true."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **more
        )
        try:
            wait_until(lambda: process.poll() is not None or ready(), name)
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended: {(folder / f'{name}.log').read_text()}")
            yield process
        finally:
            end(process, number)


@contextlib.contextmanager
def postgresql(folder):
    """A PostgreSQL server with its own data; the address of an empty database in it."""
    # Where they lie together: a link to one of them may lie anywhere.
    packaged = map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    binaries = Path(find("initdb", *packaged)).resolve().parent
    home, port = folder / "postgresql", free_port()
    home.mkdir()
    # It will not run as root.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if not os.geteuid() else {}
    if user:
        shutil.chown(home, "postgres")
        for parent in (folder, *folder.parents):
            # The way there must be open to that user; these folders are of mode 700.
            if parent.stat().st_mode & 0o1 == 0:
                parent.chmod(parent.stat().st_mode | 0o11)
    subprocess.run(
        [binaries / "initdb", "--pgdata=data", "--username=postgres", "--auth=trust",
         "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, cwd=home, **user,
    )  # fmt: skip
    command = [
        binaries / "postgres", "-D", "data", "-p", str(port), "-c", "listen_addresses=127.0.0.1",
        "-c", f"unix_socket_directories={home}",
    ]  # fmt: skip

    def ready():
        done = subprocess.run(
            [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False
        )
        return done.returncode == 0

    # SIGINT is its fast shutdown: it does not wait for those who are connected.
    with program(folder, "postgresql.server", *command, ready=ready, number=signal.SIGINT, cwd=home,
                 **user):  # fmt: skip
        subprocess.run(
            [binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "site"],
            check=True,
        )
        yield f"postgres://postgres@127.0.0.1:{port}/site"


@contextlib.contextmanager
def redis(folder):
    """A Redis or Valkey server that keeps nothing; its address."""
    port = free_port()
    path = shutil.which("valkey-server") or find("redis-server")
    command = [path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with program(folder, "redis", *command, ready=lambda: listens(port)):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def nginx(folder, configuration, port):
    """An nginx in the foreground with this text as its http block; its process."""
    home = folder / f"nginx-{port}"
    (home / "logs").mkdir(parents=True)
    (home / "nginx.conf").write_text(
        f"daemon off;\npid {home}/pid;\nerror_log {home}/error.log warn;\n"
        "worker_processes 2;\nevents { worker_connections 512; }\nhttp {\n"
        + "".join(
            f"{kind}_temp_path {home}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"access_log off;\n{configuration}\n}}\n"
    )
    # Its workers are to read what only this user may.
    who = "user root;" if not os.geteuid() else ""
    command = [find("nginx", "/usr/sbin/nginx"), "-p", str(home), "-c", f"{home}/nginx.conf"]
    if who:
        command += ["-g", who]
    with program(
        folder, f"nginx-{port}", *command, ready=lambda: listens(port), number=signal.SIGQUIT
    ) as process:
        yield process


def certificate(folder, name):
    """A certificate for this name that signs itself: paths of it and of its key."""
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
         "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths
