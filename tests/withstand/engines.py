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


def listens(port, address="127.0.0.1"):
    """Whether somebody listens on this port."""
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
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
def postgresql(folder, port=None, *, address="127.0.0.1", **settings):
    """A PostgreSQL server with its own data; the address of a database in it, empty at first.

    With the same folder and `port` once more it is the same server, which was away. `settings` are
    those of its own configuration.
    """
    # Where they lie together: a link to one of them may lie anywhere.
    packaged = map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    binaries = Path(find("initdb", *packaged)).resolve().parent
    home, port = folder / "postgresql", port or free_port()
    is_new = not home.exists()
    # It will not run as root.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if not os.geteuid() else {}
    if is_new:
        home.mkdir()
    if user:
        shutil.chown(home, "postgres")
        for parent in (folder, *folder.parents):
            # The way there must be open to that user; these folders are of mode 700.
            if parent.stat().st_mode & 0o1 == 0:
                parent.chmod(parent.stat().st_mode | 0o11)
    if is_new:
        subprocess.run(
            [binaries / "initdb", "--pgdata=data", "--username=postgres", "--auth=trust",
             "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd=home, **user,
        )  # fmt: skip
        with (home / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
    command = [
        binaries / "postgres", "-D", "data", "-p", str(port), "-c", f"listen_addresses={address}",
        "-c", f"unix_socket_directories={home}",
        *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
    ]  # fmt: skip

    def ready():
        done = subprocess.run(
            [binaries / "pg_isready", "-q", "-h", address, "-p", str(port)], check=False
        )
        return done.returncode == 0

    # SIGINT is its fast shutdown: it does not wait for those who are connected.
    with program(folder, "postgresql.server", *command, ready=ready, number=signal.SIGINT, cwd=home,
                 **user):  # fmt: skip
        if is_new:
            at = ["-h", address, "-p", str(port), "-U", "postgres"]
            subprocess.run([binaries / "createdb", *at, "site"], check=True)
        yield f"postgres://postgres@{address}:{port}/site"


@contextlib.contextmanager
def redis(folder, port=None, *, address="127.0.0.1"):
    """A Redis or Valkey server that keeps nothing; its address."""
    port = port or free_port()
    path = shutil.which("valkey-server") or find("redis-server")
    command = [path, "--port", str(port), "--bind", address, "--protected-mode", "no",
               "--save", "", "--dir", str(folder)]  # fmt: skip
    with program(folder, "redis", *command, ready=lambda: listens(port, address)):
        yield f"redis://{address}:{port}/0"


@contextlib.contextmanager
def nginx(folder, configuration, port, *, address="127.0.0.1"):
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
        folder,
        f"nginx-{port}",
        *command,
        ready=lambda: listens(port, address),
        number=signal.SIGQUIT,
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
