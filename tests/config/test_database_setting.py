"""DATABASE_URL becomes the settings of a database."""

from pathlib import Path

import pytest

from config.database_setting import POSTGRESQL_OPTIONS, default_database_url, read_database


def test_a_postgresql_that_is_gone_without_a_word_is_given_up_in_seconds():
    options = read_database("postgres://milepost:hush@database.internal/milepost")["OPTIONS"]
    assert options == POSTGRESQL_OPTIONS
    assert options["connect_timeout"] <= 5
    assert options["tcp_user_timeout"] <= 10_000, "milliseconds"


@pytest.mark.parametrize("name", POSTGRESQL_OPTIONS)
def test_the_address_may_say_otherwise(name):
    options = read_database(f"postgres://database.internal/milepost?{name}=7")["OPTIONS"]
    assert {str(options.pop(name))} == {"7"}
    assert options == {key: POSTGRESQL_OPTIONS[key] for key in options}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///x.db", "sqlite://:memory:"])
def test_a_database_that_is_another_for_each_command_is_refused(url):
    with pytest.raises(SystemExit, match="DATABASE_URL names no file"):
        read_database(url)


@pytest.mark.parametrize("name", ["plain", "a#b", "a?b", "a%41b", "ä b", "a&b=c"])
def test_a_data_folder_may_have_any_name(name):
    folder = Path("/srv") / name
    assert read_database(default_database_url(folder))["NAME"] == str(folder / "milepost.sqlite3")
