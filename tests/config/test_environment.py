"""Every setting is known with its origin, secrets may come in files, and none is ever shown."""

import re
from pathlib import Path

import pytest

from config import environment
from config.environment import masked, read_text, set_default
from config.known_settings import KNOWN, variables

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    """An environment without any of our variables, and a list of what was read that is empty."""
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "SETTINGS", {})
    monkeypatch.setattr(environment, "_defaults", {})


def noted(name):
    setting = environment.SETTINGS[name]
    return (setting.value, setting.origin, setting.place)


def test_a_variable_is_taken_without_the_blanks_around_it(monkeypatch):
    monkeypatch.setenv("SITE_URL", " https://example.org\n")
    assert read_text("SITE_URL", "http://localhost") == "https://example.org"
    assert noted("SITE_URL") == ("https://example.org", "environment", "")


@pytest.mark.parametrize("empty", [None, "", "  "], ids=repr)
def test_an_empty_one_counts_as_missing(monkeypatch, empty):
    if empty is not None:
        monkeypatch.setenv("SITE_URL", empty)
    assert read_text("SITE_URL", "http://localhost") == "http://localhost"
    assert noted("SITE_URL") == ("http://localhost", "default", "")


def test_a_default_of_the_command_line_gives_its_reason():
    set_default("SITE_URL", "http://127.0.0.1:9000", "where this command listens")
    assert read_text("SITE_URL", "http://localhost") == "http://127.0.0.1:9000"
    assert noted("SITE_URL") == (
        "http://127.0.0.1:9000",
        "default",
        "where this command listens",
    )


SECRETS = [known.name for known in KNOWN.values() if known.secret]


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_come_in_a_file(monkeypatch, tmp_path, name):
    file = tmp_path / "secret"
    file.write_text("scheme://user:hush-hush@host/name\n")
    monkeypatch.setenv(f"{name}_FILE", str(file))
    assert read_text(name) == "scheme://user:hush-hush@host/name"
    assert noted(name) == ("scheme://•••@host/name", "file", str(file))


def test_what_is_no_secret_has_no_file(monkeypatch):
    monkeypatch.setenv("SITE_URL_FILE", "/nowhere")
    assert read_text("SITE_URL") == ""


def stopped(read, *arguments):
    with pytest.raises(SystemExit) as stop:
        read(*arguments)
    return str(stop.value).removeprefix("Milepost cannot start: ")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "EMAIL_URL_FILE names {}, which cannot be read (No such file or directory)."),
        (b" \n", "EMAIL_URL_FILE names {}, which is empty."),
        (b"\xff\xfe", "EMAIL_URL_FILE names {}, which is no text."),
    ],
    ids=["missing", "empty", "no text"],
)
def test_a_file_without_a_secret_stops_the_start(monkeypatch, tmp_path, content, sentence):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("EMAIL_URL_FILE", str(file))
    assert stopped(read_text, "EMAIL_URL") == sentence.format(file)


def test_a_variable_and_a_file_for_the_same_stop_the_start(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://host/name")
    monkeypatch.setenv("DATABASE_URL_FILE", "/run/secrets/database")
    assert stopped(read_text, "DATABASE_URL") == (
        "DATABASE_URL and DATABASE_URL_FILE are both set; keep one of them."
    )


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("", ""),
        ("hush-hush", "•••"),
        ("postgres://ann:hush@db.example.org:5432/name", "postgres://•••@db.example.org:5432/name"),
        ("postgres://db/name?sslmode=require", "postgres://db/name?sslmode=require"),
        ("postgres://db/name?user=ann&password=hush", "postgres://db/name?user=•••&password=•••"),
        ("redis://:hush@127.0.0.1:6379/0", "redis://•••@127.0.0.1:6379/0"),
        ("redis://db:db@db/0", "redis://•••@db/0"),
        ("smtp://mail?from=Post%20<a@b.org>", "smtp://mail?from=Post <a@b.org>"),
        ("sqlite:////srv/a@b/milepost.sqlite3", "sqlite:////srv/a@b/milepost.sqlite3"),
        ("console:", "console:"),
        # Passwords that should have been encoded: what is host and what is password is not clear.
        ("smtp://user:hu#sh@mail", "•••"),
        ("smtp://user:1/sh@mail", "•••"),
        ("smtp://[", "•••"),
    ],
    ids=repr,
)
def test_a_secret_is_masked_and_the_rest_of_an_address_is_not(secret, shown):
    assert masked(secret) == shown


@pytest.mark.parametrize(
    "secret", ["smtp://user:1?hush@mail", "smtp://u:1?a=hush@mail", "x:hush", "a b://x:hush@c"]
)
def test_no_address_that_is_written_wrong_shows_its_password(secret):
    assert "hush" not in masked(secret)


def test_every_variable_is_in_the_readme_and_cleared_by_the_run_of_all_tests():
    readme = (ROOT / "README.md").read_text()
    table = re.findall(r"^\| (`[A-Z_`, ]+`) \|", readme, re.MULTILINE)
    assert {name for row in table for name in re.findall(r"[A-Z_]+", row)} == set(KNOWN)
    unset = re.search(r"^unset ((?:.*\\\n)*.*)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    cleared = set(unset[1].replace("\\", "").split()) | {"DATA_DIR"}
    assert cleared >= set(variables())
