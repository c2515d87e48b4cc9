"""DATABASE_URL becomes the settings of a database."""

import pytest

from config.database_setting import POSTGRESQL_OPTIONS, read_database


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
