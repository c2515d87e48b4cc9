"""EMAIL_URL: what it sets, and the one sentence when it makes no sense."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, mailers

from config.mail_setting import read_mail


def smtp(**changes):
    options = {
        "host": "mail.example.org",
        "port": None,
        "username": "",
        "password": "",
        "use_tls": False,
        "use_ssl": False,
        "timeout": 15,
    }
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {**options, **changes},
    }


SECRET = {"username": "user@example.org", "password": "p@:/?#%+ss"}
ENCODED = "user%40example.org:p%40%3A%2F%3F%23%25%2Bss"


@pytest.mark.parametrize(
    ("url", "mailer"),
    [
        ("smtp://mail.example.org", smtp()),
        ("smtp://localhost:1025", smtp(host="localhost", port=1025)),
        (
            f"smtp://{ENCODED}@mail.example.org:587?tls=starttls",
            smtp(port=587, use_tls=True, **SECRET),
        ),
        (f"smtps://{ENCODED}@mail.example.org", smtp(use_ssl=True, **SECRET)),
        ("smtp://user:secret@[::1]", smtp(host="::1", username="user", password="secret")),
        (
            "smtp://user:secret@mail.example.org?tls=none",
            smtp(username="user", password="secret"),
        ),
        ("console:", {"BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("console://", {"BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ],
    ids=["plain", "port", "starttls", "tls", "password here", "in the clear", "console", "slashes"],
)
def test_a_url_becomes_a_mailer(url, mailer):
    assert read_mail(url, "example.org") == ({"default": mailer}, "milepost@example.org")


@pytest.mark.parametrize(
    ("url", "ports"),
    [
        ("smtp://mail.example.org", (25, False, False)),
        ("smtp://mail.example.org?tls=starttls", (587, True, False)),
        ("smtps://mail.example.org", (465, False, True)),
    ],
    ids=["plain", "starttls", "tls"],
)
def test_django_takes_the_usual_port_where_none_is_named(settings, url, ports):
    settings.MAILERS = read_mail(url, "example.org")[0]
    connection = mailers.default
    assert (connection.port, connection.use_tls, connection.use_ssl) == ports


def test_a_folder_is_made_and_gets_the_mail(settings, tmp_path):
    folder = tmp_path / "mail of today"
    url = f"file://{str(folder).replace(' ', '%20')}?from=Milepost%20<post@example.org>"
    settings.MAILERS, settings.DEFAULT_FROM_EMAIL = read_mail(url, "example.org")
    EmailMessage("A reply", "Somebody answered.", to=["ann@example.org"]).send()
    [file] = folder.iterdir()
    assert "From: Milepost <post@example.org>" in file.read_text()


def test_without_a_url_there_is_no_mailer():
    assert read_mail("", "example.org") == ({}, "milepost@example.org")


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.org", "example.org"),
        ("127.0.0.1", "localhost"),
        ("::1", "localhost"),
        ("192.168.1.5", "[192.168.1.5]"),
        ("2001:db8::1", "[IPv6:2001:db8::1]"),
    ],
)
def test_mail_comes_from_the_host_of_the_site(settings, host, domain):
    mailers_setting, sender = read_mail("smtp://localhost", host)
    assert sender == f"milepost@{domain}"
    settings.MAILERS = mailers_setting
    assert mailers.default.prep_address(sender) == sender


CANNOT_BE_READ = (
    "EMAIL_URL cannot be read; it should look like smtp://user:secret@host:587?tls=starttls"
    " (with @ : / ? # % in a secret written as %40 and so on), smtps://…, file:///folder"
    " or console:."
)
NO_FOLDER = "EMAIL_URL names no folder; it should look like file:///var/mail/milepost."
NO_SENDER = "EMAIL_URL has a “from” that is no address; a plus sign in it is written %2B."
NO_SERVER = "EMAIL_URL names no mail server; it should look like smtp://user:secret@host:587."


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mail.example.org", CANNOT_BE_READ),
        ("http://mail.example.org", CANNOT_BE_READ),
        ("smtp://[", CANNOT_BE_READ),
        ("smtp://mail.example.org:99999", CANNOT_BE_READ),
        ("smtp://mail.example.org:smtp", CANNOT_BE_READ),
        ("smtp://mail.example.org?tls", CANNOT_BE_READ),
        ("smtp://user:pa/ss@mail.example.org", CANNOT_BE_READ),
        ("smtp://user:1#2@mail.example.org", CANNOT_BE_READ),
        ("smtp://", NO_SERVER),
        ("smtp://mail.example.org/folder", NO_SERVER),
        (
            "smtp://user@mail.example.org",
            "EMAIL_URL needs both a user and a password, or neither.",
        ),
        (
            "smtp://user:secret@mail.example.org",
            (
                "EMAIL_URL would send its password readable over the network; add ?tls=starttls, "
                "or ?tls=none if that is meant."
            ),
        ),
        (
            "smtp://mail.example.org?tls=yes",
            "EMAIL_URL has “tls=yes”; it is starttls or none, and smtps:// is TLS throughout.",
        ),
        (
            "smtps://mail.example.org?tls=none",
            "EMAIL_URL has “tls”; known for smtps: from.",
        ),
        (
            "smtp://mail.example.org?timeout=3",
            "EMAIL_URL has “timeout”; known for smtp: from, tls.",
        ),
        ("console:?from=ann", NO_SENDER),
        ("console:?from=ann+milepost@example.org", NO_SENDER),
        ("console:?from=ann@example.org%0aBcc:%20eve@example.org", NO_SENDER),
        ("file:", NO_FOLDER),
        ("file://folder", NO_FOLDER),
        (
            "file:///proc/nowhere/mail",
            (
                "EMAIL_URL names the folder /proc/nowhere/mail, which cannot be made "
                "(No such file or directory)."
            ),
        ),
    ],
)
def test_a_url_that_makes_no_sense_stops_the_start_with_one_sentence(url, sentence):
    with pytest.raises(SystemExit) as stopped:
        read_mail(url, "example.org")
    assert stopped.value.code == f"Milepost cannot start: {sentence}"


@pytest.mark.parametrize(
    ("environment", "mailer"),
    [
        ({}, "None"),
        ({"DEBUG": "true"}, "console"),
        ({"DEBUG": "true", "EMAIL_URL": "smtp://localhost"}, "smtp"),
        ({"EMAIL_URL": "smtp://localhost"}, "smtp"),
    ],
    ids=["nothing", "debug", "debug and url", "url"],
)
def test_only_a_developer_gets_a_mailer_without_a_url(tmp_path, environment, mailer):
    program = (
        "from config import settings;"
        "backend = settings.MAILERS.get('default', {}).get('BACKEND', '.None.');"
        "print(backend.split('.')[-2], settings.DEFAULT_FROM_EMAIL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env={
            "DATA_DIR": str(tmp_path),
            "PATH": os.environ["PATH"],
            "SITE_URL": "https://example.org",
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{mailer} milepost@example.org\n"
