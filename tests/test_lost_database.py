"""A database that was there and is gone: nobody makes an empty one in its place."""

import pytest

from tests.serving import Site, run, sites

pytestmark = pytest.mark.process


@pytest.fixture
def serve():
    """Starts sites, and kills those that a failing test left running."""
    with sites() as starting:
        yield starting


def test_a_database_that_is_gone_is_said_and_not_made_anew(serve, tmp_path):
    data = tmp_path / "data"
    site: Site = serve(data, "--no-sample").ready()
    database = data / "milepost.sqlite3"
    site.stop()
    away = tmp_path / "away.sqlite3"
    database.rename(away)
    for command in (["serve"], ["sign_in_link", "admin"], ["migrate"], ["upgrade"], ["backup"]):
        status, output, errors = run(data, *command)
        assert status == 1
        assert f"The database {database} is missing" in errors or "unable to open" in errors, errors
        assert "Traceback" not in output + errors
        assert not database.exists(), command
    assert run(data, "doctor", "--quiet")[1].count(f"The database {database} is missing") == 1
    away.rename(database)
    assert run(data, "sign_in_link", "admin")[0] == 0


def test_a_first_start_that_was_cut_off_goes_on(tmp_path):
    data = tmp_path / "data"
    # A key, and no table yet.
    assert run(data, "config")[0] == 0
    assert (data / "secret_key").exists()
    assert run(data, "migrate", "-v0")[0] == 0
