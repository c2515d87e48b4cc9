"""Where `manage.py serve` may listen, and what the site is then called."""

import re
import socket

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.management.commands import serve
from articles.management.commands.serve import listening_address
from articles.upkeep.checks import findings
from config.site_setting import served_url


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_name_is_turned_into_an_address(port):
    assert listening_address("127.0.0.1", port) == "127.0.0.1"
    assert listening_address("localhost", port) in {"127.0.0.1", "::1"}
    assert listening_address("0.0.0.0", port) == "0.0.0.0"


@pytest.mark.parametrize(
    ("host", "number", "sentence"),
    [
        ("127.0.0.1", 0, "0 is not a port; ports are 1 to 65535."),
        ("127.0.0.1", 65536, "65536 is not a port; ports are 1 to 65535."),
        ("192.0.2.1", 8000, "“192.0.2.1” is not an address of this machine."),
        ("no such host", 8000, "“no such host” is no address that this machine knows."),
        ("ä" * 99, 8000, f"“{'ä' * 99}” is no address that this machine knows."),
    ],
    ids=["port 0", "port too high", "foreign address", "no host", "no name at all"],
)
def test_where_nobody_can_listen_is_said_in_one_sentence(host, number, sentence):
    with pytest.raises(CommandError) as refusal:
        listening_address(host, number)
    assert str(refusal.value) == sentence


def test_a_port_in_use_is_noticed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {number} is in use"):
            listening_address("127.0.0.1", number)


@pytest.mark.parametrize(
    ("arguments", "url"),
    [
        ("", "http://127.0.0.1:8000"),
        ("--no-sample --port 8001 --workers 2", "http://127.0.0.1:8001"),
        ("--host=localhost --port=80", "http://localhost"),
        ("--host ::1", "http://[::1]:8000"),
        ("--host 192.168.1.5", "http://192.168.1.5:8000"),
        ("--host reference.lan", "http://reference.lan:8000"),
        ("--host 0.0.0.0", "http://localhost:8000"),
        ("--host ::", "http://localhost:8000"),
    ],
)
def test_without_site_url_the_site_is_called_what_it_listens_on(arguments, url):
    assert served_url(arguments.split()) == url


@pytest.mark.parametrize(
    "arguments",
    [["--port", "many"], ["--port"], ["--port", "99999"], ["--host", "a/b"], ["--host", "["]],
)
def test_an_address_that_makes_no_sense_names_no_site(arguments):
    assert served_url(arguments) == ""


def test_a_data_folder_that_cannot_be_written_is_said_before_anything_is_made(monkeypatch, port):
    said = findings.wrong("Nothing can be written into /data: Read-only file system.", "Mount it.")
    monkeypatch.setattr(serve.disk_checks, "writable", lambda: said)
    with pytest.raises(CommandError) as refusal:
        call_command("serve", port=port)
    assert str(refusal.value) == f"{said.what} {said.how}"


def test_the_help_says_what_holds_when_nothing_is_given():
    said = " ".join(serve.Command().create_parser("manage.py", "serve").format_help().split())
    for option, default in (("HOST", "127.0.0.1"), ("PORT", 8000), ("WORKERS", 1), ("THREADS", 4)):
        assert re.search(rf"--{option.lower()} {option} [^;]+; {default} if it is not given", said)
