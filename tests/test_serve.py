"""The real command in a process of its own: from an empty folder to a site, and cleanly down."""

import contextlib
import http.cookiejar
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parent.parent
# For a machine that does much else at the same time; a start takes two to five seconds.
PATIENCE = 90
# What the tests around these are run with must not reach the processes.
FOREIGN = {"DATABASE_URL", "DATA_DIR", "DEBUG", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "SITE_URL"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def start(data_dir, *arguments, **environment):
    """A process of `manage.py` with these arguments, in a group of its own as under a terminal."""
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**inherited, "DATA_DIR": str(data_dir), **environment},
        # Somewhere else: a site may be started from any folder.
        cwd=data_dir.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(data_dir, *arguments, **environment):
    """What such a process prints and ends with: (status, output, errors)."""
    process = start(data_dir, *arguments, **environment)
    output, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, output, errors


class Site:
    """A running `manage.py serve`."""

    def __init__(self, data_dir, *arguments, **environment):
        self.data_dir = data_dir
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = start(data_dir, "serve", "--port", str(self.port), *arguments, **environment)
        self.lines = []
        self._queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, words):
        """Read lines until one begins with these words."""
        while not self.lines or not self.lines[-1].startswith(words):
            line = self._queue.get(timeout=PATIENCE)
            assert line is not None, self.process.stderr.read()
            self.lines.append(line)
        return self

    def ready(self):
        return self.wait_for("Milepost is ready")

    def workers(self):
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in listed.stdout.split()]

    def stop(self, number=signal.SIGTERM, *, group=False):
        """Send the signal; the status and everything printed since the last line."""
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE)
        rest = list(iter(lambda: self._queue.get(timeout=PATIENCE), None))
        return status, rest, self.process.stderr.read()

    def link(self):
        """The sign-in link it printed, without the address of the site; '' for none."""
        found = [line.strip() for line in self.lines if "/accounts/sign-in/" in line]
        return found[0].removeprefix(self.address) if found else ""


class Browser:
    """Opens addresses of a site and keeps its cookies."""

    def __init__(self, site):
        self.site = site
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open(self, path, **form):
        """The status, final address and text of a page; a form is sent with the page's token."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.site.address + path, data, timeout=PATIENCE) as response:
                return response.status, response.url, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url, error.read().decode()

    def confirm(self, path):
        """Open a page with a form of one button and press it."""
        status, url, text = self.open(path)
        if status != 200:
            return status, url, text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
        return self.open(path, csrfmiddlewaretoken=token)


@pytest.fixture
def serve():
    """Starts sites, and kills those that a failing test left running."""
    sites = []

    def starting(*arguments, **environment):
        sites.append(Site(*arguments, **environment))
        return sites[-1]

    yield starting
    for site in sites:
        if site.process.poll() is None:
            site.process.kill()
        site.process.wait()
        site.process.stdout.close()
        site.process.stderr.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A site whose first start went well, and to which nobody has signed in."""
    site = Site(tmp_path_factory.mktemp("running") / "data")
    yield site.ready()
    site.stop()
    site.process.stdout.close()
    site.process.stderr.close()


def test_a_site_starts_from_nothing_and_starts_again_without_repeating_anything(serve, tmp_path):
    data_dir = tmp_path / "data"
    site = serve(data_dir).ready()
    link = site.link()
    assert site.lines == [
        site.lines[0],
        site.lines[1],
        "First admin: “admin”",
        "Sample articles: 1",
        "Static files collected",
        "Sign in here, once and within an hour:",
        f"  {site.address}{link}",
        f"Milepost is ready at {site.address}/ (Ctrl-C stops it)",
    ]
    assert re.fullmatch(
        rf"Milepost \d+\.\d+\.\d+, data in {re.escape(str(data_dir))}", site.lines[0]
    )
    assert re.fullmatch(r"Database: \d+ migrations applied", site.lines[1])
    assert (data_dir / "secret_key").stat().st_mode & 0o777 == 0o600

    reader, owner, stranger = Browser(site), Browser(site), Browser(site)
    status, _url, front_page = reader.open("/")
    assert status == 200
    assert "/articles/deep-learning/" in front_page
    assert f'<link rel="canonical" href="{site.address}/">' in front_page
    stylesheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', front_page)
    assert len(stylesheets) == 1
    assert "@layer" in reader.open(stylesheets[0])[2]

    status, url, _page = owner.confirm(link)
    assert (status, url) == (200, f"{site.address}/accounts/set-password/")
    assert owner.open("/admin/")[:2] == (200, f"{site.address}/admin/")
    assert stranger.confirm(link)[0] == 410
    assert "/admin/login/" in stranger.open("/admin/")[1]

    assert site.stop() == (0, [], "")

    deletion = "from articles.models import Article; Article.objects.all().delete()"
    assert run(data_dir, "shell", "--no-imports", "-c", deletion)[0] == 0
    again = serve(data_dir).ready()
    assert again.lines == [
        site.lines[0],
        f"Milepost is ready at {again.address}/ (Ctrl-C stops it)",
    ]
    assert "No articles yet." in Browser(again).open("/")[2]
    assert again.stop() == (0, [], "")


def test_ctrl_c_in_a_terminal_stops_parent_and_workers_while_a_browser_is_connected(serve, running):
    site = serve(running.data_dir, "--workers", "2").ready()
    assert len(site.lines) == 4, "until somebody has signed in every start prints a link"
    assert Browser(site).open(site.link())[0] == 200
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        started = time.monotonic()
        assert site.stop(signal.SIGINT, group=True) == (0, [], "")
        # A worker that does not hear is killed after ten seconds.
        assert time.monotonic() - started < 9
    with pytest.raises(urllib.error.URLError):
        Browser(site).open("/")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_start_can_be_stopped_before_it_is_ready(serve, tmp_path, number):
    site = serve(tmp_path / "data").wait_for("Milepost")
    status, _rest, errors = site.stop(number)
    assert (status, errors) == (0, "")


def test_a_worker_that_dies_is_replaced_and_none_outlives_its_parent(serve, running):
    site = serve(running.data_dir).ready()
    os.kill(site.workers()[0], signal.SIGKILL)
    assert eventually(lambda: Browser(site).open("/")[0]) == 200
    [worker] = site.workers()
    site.process.kill()
    site.process.wait()
    assert eventually(lambda: not Path(f"/proc/{worker}").exists())


def eventually(look):
    """The first answer of `look` that is one: neither false nor an error of the network."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if answer := look():
                return answer
        time.sleep(0.1)
    return None


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path):
    data_dir = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        status, output, errors = run(data_dir, "serve", "--port", str(port))
    assert (status, output) == (1, "")
    assert errors == f"CommandError: Port {port} is in use; choose another with --port.\n"
    assert not (data_dir / "milepost.sqlite3").exists()


@pytest.mark.parametrize(
    "command", [["rebuild"], ["sign_in_link", "admin"]], ids=["rebuild", "sign_in_link"]
)
def test_a_command_before_migrate_says_what_to_run(tmp_path, command):
    status, output, errors = run(tmp_path / "data", *command)
    assert (status, output) == (1, "")
    assert errors == "The database is not ready: run “uv run manage.py migrate” first.\n"


def test_a_database_out_of_reach_is_said_in_one_sentence(tmp_path):
    url = f"sqlite:///{tmp_path}/missing/milepost.sqlite3"
    status, output, errors = run(tmp_path / "data", "rebuild", DATABASE_URL=url)
    assert (status, output) == (1, "")
    assert errors == "The database cannot be reached: unable to open database file\n"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"DATABASE_URL": "mysql://localhost/milepost"},
            "DATABASE_URL names a database that is neither sqlite nor postgres.",
        ),
        (
            {"DATABASE_URL": "milepost"},
            "DATABASE_URL cannot be read; it should look like postgres://user:secret@host/name.",
        ),
        (
            {"SITE_URL": "foo"},
            "SITE_URL is “foo”; it should look like https://example.org, without a path.",
        ),
        ({"DEBUG": "maybe"}, 'Environment variable "DEBUG" invalid: Not a valid boolean.'),
        (
            {"DATA_DIR": "/proc/x"},
            (
                "the data folder /proc/x cannot be made (No such file or directory); "
                "set DATA_DIR to another."
            ),
        ),
        (
            {"SECRET_KEY_FILE": "/nowhere/key"},
            "the secret key in /nowhere/key cannot be read or made (No such file or directory).",
        ),
    ],
    ids=["other database", "no address", "site", "debug", "folder", "key"],
)
def test_a_wrong_setting_stops_every_command_with_one_sentence(tmp_path, environment, sentence):
    environment = {"DATA_DIR": str(tmp_path / "data"), **environment}
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    # What every command does first, without the rest of the command.
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env={**inherited, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Milepost cannot start: {sentence}\n"
