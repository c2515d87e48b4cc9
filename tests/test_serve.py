"""The real command in a process of its own: from an empty folder to a site, and cleanly down."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from articles.management.samples import SAMPLES
from tests.serving import FOREIGN, PATIENCE, ROOT, Site, eventually, free_port, run, sites

pytestmark = pytest.mark.process


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
    with sites() as starting:
        yield starting


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
        f"Sample articles: {len(list(SAMPLES.glob('*.md')))}",
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
    assert "/accounts/sign-in/" in stranger.open("/admin/")[1]

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
    assert len(site.lines) == 5, "until somebody has signed in every start prints a link"
    assert site.lines[1].startswith(f"Another “serve” has this data folder, at {running.address}:")
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


def test_a_database_server_that_is_away_ends_the_start_with_one_sentence(tmp_path):
    url = f"postgres://ann:hush-hush@127.0.0.1:{free_port()}/milepost"
    status, _output, errors = run(
        tmp_path / "data", "serve", "--port", str(free_port()), DATABASE_URL=url
    )
    assert status == 1
    assert errors.startswith("The database cannot be reached: ")
    assert len(errors.splitlines()) == 1
    assert "hush" not in errors


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
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is “loud”; it is debug, info, warning or error."),
        (
            {"DATABASE_URL": "postgres://h/n", "DATABASE_URL_FILE": "/run/secrets/database"},
            "DATABASE_URL and DATABASE_URL_FILE are both set; keep one of them.",
        ),
        ({"SITE_LANGUAGE": "fr"}, "SITE_LANGUAGE is “fr”; it is en (English) or de (Deutsch)."),
        (
            {"SECRET_KEY": "short"},
            (
                "the secret key in SECRET_KEY has fewer than 32 characters; "
                "it should be long and random."
            ),
        ),
        ({"DEBUG": "maybe"}, "DEBUG is “maybe”; it is true or false."),
        (
            {"TRUSTED_PROXIES": "-1"},
            "TRUSTED_PROXIES is “-1”; it is a whole number such as 0, 1 or 2.",
        ),
        (
            {"DATA_DIR": "/proc/x"},
            (
                "the data folder /proc/x cannot be made (No such file or directory); "
                "set DATA_DIR to another."
            ),
        ),
        (
            {"EMAIL_URL": "smtp://user@mail.example.org"},
            "EMAIL_URL needs both a user and a password, or neither.",
        ),
        (
            {"SECRET_KEY_FILE": "/nowhere/key"},
            "SECRET_KEY_FILE names /nowhere/key, which cannot be read (No such file or directory).",
        ),
    ],
    ids=[
        *("other database", "no address", "site", "log", "both", "language", "short key"),
        *("debug", "proxies", "folder", "mail", "key"),
    ],
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
