"""The secret key and the former ones: given by the environment, or kept in the data folder."""

import os

import pytest

from config import environment
from config.known_settings import variables
from config.secret_setting import read_former_keys, read_secret_key

OLD = "old-0123456789-0123456789-0123456789"
OLDER = "older-0123456789-0123456789-0123456789"
NEW = "new-0123456789-0123456789-0123456789"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "SETTINGS", {})


def noted(name):
    setting = environment.SETTINGS[name]
    return (setting.value, setting.origin, setting.place)


def stopped(read, *arguments):
    with pytest.raises(SystemExit) as stop:
        read(*arguments)
    return str(stop.value).removeprefix("Milepost cannot start: ")


def keys_of(folder):
    key = read_secret_key(folder)
    return [key, *read_former_keys(folder, key)]


def test_a_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    key = read_secret_key(tmp_path)
    assert len(key) >= 50
    assert read_secret_key(tmp_path) == key
    assert noted("SECRET_KEY") == ("•••", "made", str(tmp_path / "secret_key"))
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_processes_of_one_number_that_start_together_have_one_key(monkeypatch, tmp_path):
    # As the first processes of two containers with one data folder.
    link, others = os.link, []

    def link_later(draft, path):
        monkeypatch.setattr(os, "link", link)
        others.append(read_secret_key(tmp_path))
        link(draft, path)

    monkeypatch.setattr(os, "link", link_later)
    assert read_secret_key(tmp_path) == others[0] == (tmp_path / "secret_key").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_secret_key_that_is_too_short_stops_the_start(monkeypatch, tmp_path):
    too_short = "the secret key in {} has fewer than 32 characters; it should be long and random."
    (tmp_path / "secret_key").write_text("short")
    assert stopped(read_secret_key, tmp_path) == too_short.format(tmp_path / "secret_key")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret_key"))
    assert stopped(read_secret_key, tmp_path) == too_short.format(tmp_path / "secret_key")
    monkeypatch.delenv("SECRET_KEY_FILE")
    monkeypatch.setenv("SECRET_KEY", "short")
    assert stopped(read_secret_key, tmp_path) == too_short.format("SECRET_KEY")


def test_without_any_there_are_no_former_keys(tmp_path):
    assert len(keys_of(tmp_path)) == 1
    assert noted("SECRET_KEY_FALLBACKS") == ("", "default", "")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (OLD, [OLD]),
        (f"{OLD},{OLDER}", [OLD, OLDER]),
        (f" {OLD} , {OLDER},, ", [OLD, OLDER]),
        (f"{OLD}\n\n  {OLDER}\n", [OLD, OLDER]),
        (f"{OLD},with-comma\n{OLDER}", [f"{OLD},with-comma", OLDER]),
        (f"{OLD},{NEW},{OLD}", [OLD]),
    ],
    ids=["one", "commas", "blanks", "lines", "a comma in a key", "the present one, and twice"],
)
def test_former_keys_stand_between_commas_or_on_lines(monkeypatch, tmp_path, text, keys):
    monkeypatch.setenv("SECRET_KEY", NEW)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", text)
    assert keys_of(tmp_path) == [NEW, *keys]
    assert noted("SECRET_KEY_FALLBACKS") == ("•••", "environment", "")


def test_former_keys_may_come_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "former").write_text(f"{OLD}\n{OLDER}\n")
    monkeypatch.setenv("SECRET_KEY", NEW)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS_FILE", str(tmp_path / "former"))
    assert keys_of(tmp_path) == [NEW, OLD, OLDER]
    assert noted("SECRET_KEY_FALLBACKS") == ("•••", "file", str(tmp_path / "former"))


def test_a_short_former_key_stops_the_start_and_is_not_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{OLD},hush-hush")
    assert stopped(keys_of, tmp_path) == (
        "SECRET_KEY_FALLBACKS holds a key of fewer than 32 characters; it is former secret keys, "
        "with commas between them or each on a line."
    )


def test_the_keys_that_a_command_kept_are_accepted_with_the_key_of_the_data_folder(
    monkeypatch, tmp_path
):
    (tmp_path / "secret_key").write_text(NEW)
    (tmp_path / "secret_key.former").write_text(f"{OLD}\n{NEW}\n")
    assert keys_of(tmp_path) == [NEW, OLD]
    place = str(tmp_path / "secret_key.former")
    assert noted("SECRET_KEY_FALLBACKS") == ("•••", "file", place)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", OLDER)
    assert keys_of(tmp_path) == [NEW, OLDER, OLD]


def test_another_key_from_the_environment_knows_nothing_of_the_data_folder(monkeypatch, tmp_path):
    """Whoever sets one because that folder was stolen is not asked to forget as well."""
    (tmp_path / "secret_key").write_text(OLD)
    (tmp_path / "secret_key.former").write_text(OLDER)
    monkeypatch.setenv("SECRET_KEY", NEW)
    assert keys_of(tmp_path) == [NEW]


def test_whoever_deletes_the_key_ends_the_former_ones_too(tmp_path):
    (tmp_path / "secret_key.former").write_text(OLD)
    assert len(keys_of(tmp_path)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_file_of_former_keys_that_cannot_be_read_stops_the_start(tmp_path):
    (tmp_path / "secret_key").write_text(NEW)
    path = tmp_path / "secret_key.former"
    path.write_bytes(b"\xff\xfe")
    assert stopped(keys_of, tmp_path) == (
        f"the former secret keys in {path} cannot be read (it is no text)."
    )
    path.unlink()
    path.mkdir()
    assert stopped(keys_of, tmp_path) == (
        f"the former secret keys in {path} cannot be read (Is a directory)."
    )


def test_a_key_that_is_no_text_is_one_sentence(tmp_path):
    (tmp_path / "secret_key").write_bytes(b"\xff" * 40)
    said = stopped(read_secret_key, tmp_path)
    assert said == f"the secret key in {tmp_path}/secret_key cannot be read (it is no text)."
