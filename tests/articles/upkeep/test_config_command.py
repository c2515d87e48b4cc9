"""`manage.py config`, in a process of its own: the environment is what it is about."""

import json
import os
import subprocess
import sys

import pytest

from tests.serving import FOREIGN, ROOT

KEY = "key-0123456789-0123456789-0123456789"


@pytest.fixture
def config(tmp_path):
    def run(*arguments, **environment):
        inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "config", *arguments],
            env={**inherited, "DATA_DIR": str(tmp_path / "data"), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def test_people_read_value_origin_and_meaning_though_the_database_is_away(config, tmp_path):
    (tmp_path / "key").write_text(KEY)
    printed = config(
        SITE_URL="https://example.org",
        DATABASE_URL="postgres://ann:hush-hush@127.0.0.1:1/milepost",
        SECRET_KEY_FILE=str(tmp_path / "key"),
    )
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert "SITE_URL https://example.org" in lines
    assert "from the environment; the address under which readers find the site" in lines
    assert "DATABASE_URL postgres://•••@127.0.0.1:1/milepost" in lines
    assert "SECRET_KEY •••" in lines
    assert f"from the file {tmp_path / 'key'}; what sessions and sign-in links are signed with" in (
        lines
    )
    assert "EMAIL_URL (nothing)" in lines
    assert "not set; what sends mail, and from whom it comes" in lines
    assert "hush-hush" not in printed
    assert KEY not in printed


def test_programs_get_json(config, tmp_path):
    found = {each["name"]: each for each in json.loads(config("--json"))}
    assert found["SECRET_KEY"] == {
        "name": "SECRET_KEY",
        "value": "•••",
        "origin": "made",
        "place": str(tmp_path / "data" / "secret_key"),
        "secret": True,
        "meaning": "what sessions and sign-in links are signed with",
    }
    assert found["SITE_URL"]["origin"] == "default"
    assert (tmp_path / "data" / "secret_key").read_text() not in json.dumps(found)
