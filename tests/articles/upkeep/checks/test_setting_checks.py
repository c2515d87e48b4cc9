"""What the doctor says of settings: each is made wrong and must be named."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.upkeep.checks import noted, refused_forms, refused_hosts, setting_checks
from articles.upkeep.checks.findings import State
from articles.upkeep.checks.noted import Noted

SITE = "https://example.org"


@pytest.fixture(autouse=True)
def well(settings, tmp_path):
    settings.SITE_URL = SITE
    settings.DATA_DIR = tmp_path


def test_all_is_well(settings):
    settings.SECRET_KEY = "".join(chr(ord("0") + number) for number in range(60))
    results = [check.function() for check in setting_checks.CHECKS]
    assert {result.state for result in results} == {State.FINE}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:8000", "which only this machine can reach"),
        ("https://localhost", "which only this machine can reach"),
        ("http://example.org", "is not encrypted"),
    ],
)
def test_an_address_that_serves_nobody_well(settings, url, said):
    settings.SITE_URL = url
    finding = setting_checks.site_url()
    assert finding.state is State.LOOK
    assert url in finding.what
    assert said in finding.what
    assert "SITE_URL" in finding.how


def test_debug_is_named(settings):
    settings.DEBUG = True
    finding = setting_checks.debug()
    assert finding.state is State.WRONG
    assert finding.what.startswith("DEBUG is on")


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [
        ("a" * 60, State.WRONG, "few different characters"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", State.LOOK, "has 36 characters"),
    ],
)
def test_a_key_that_can_be_guessed(settings, key, state, said):
    settings.SECRET_KEY = key
    finding = setting_checks.secret_key()
    assert (finding.state, said in finding.what) == (state, True)
    assert key not in finding.what + finding.how


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SITEURL", "SITE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("MAIL_URL", "EMAIL_URL"),
        ("SECRET_KEYFILE", "SECRET_KEY_FILE"),
    ],
)
def test_a_variable_that_sets_nothing(monkeypatch, name, meant):
    monkeypatch.setenv(name, "postgres://ann:hush-hush@h/n")
    finding = setting_checks.variables()
    assert finding.state is State.LOOK
    assert name in finding.what
    assert f"If {meant} is meant" in finding.how
    assert "hush" not in finding.what


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True, headers={"host": "example.org"})


@pytest.mark.django_db
def test_a_form_refused_behind_a_proxy_is_named_with_its_cure(settings, strict):
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.CSRF_TRUSTED_ORIGINS = ["http://example.org"]
    settings.SITE_URL = "http://example.org"
    answer = strict.post("/admin/login/", headers={"origin": SITE})
    assert answer.status_code == 403
    finding = setting_checks.refused()
    assert finding.state is State.LOOK, "anybody may have made it up"
    assert "403, “CSRF verification failed”" in finding.what
    assert f"it said that it came from {SITE}" in finding.what
    assert "the site is called http://example.org" in finding.what
    assert "set SITE_URL to it" in finding.how


@pytest.mark.django_db
@pytest.mark.parametrize("origin", [SITE, "https://evil.example", "null", "https://[", ""])
def test_a_form_refused_for_another_reason_is_not(settings, strict, origin):
    settings.ALLOWED_HOSTS = ["example.org"]
    assert strict.post("/admin/login/", headers={"origin": origin}).status_code == 403
    assert refused_forms.last() is None
    assert setting_checks.refused().state is State.FINE


def test_after_a_week_it_is_forgotten(monkeypatch, settings):
    old = Noted(timezone.now() - timedelta(days=8), "http://example.org")
    monkeypatch.setattr(refused_forms, "last", lambda: old)
    assert setting_checks.refused().state is State.FINE
    recent = replace(old, at=timezone.now())
    monkeypatch.setattr(refused_forms, "last", lambda: recent)
    assert setting_checks.refused().state is State.LOOK


def test_a_file_that_is_damaged_is_no_form(settings):
    (settings.DATA_DIR / refused_forms.FILE).write_text('{"at": 5')
    assert refused_forms.last() is None


@pytest.mark.django_db
def test_a_request_for_another_host_is_named_with_both_names(settings, caplog):
    ask = Client(raise_request_exception=False).get
    for host in ("intern.example:8000", "other.example"):
        answer = ask("/", headers={"host": host})
        assert answer.status_code == 400
        assert host not in answer.content.decode()
    (line,) = (record for record in caplog.records if "DisallowedHost" in record.name)
    assert line.getMessage() == (
        "A request for the host “intern.example:8000” was refused (400): "
        "SITE_URL names “example.org”."
    )
    assert (line.levelname, line.exc_info) == ("WARNING", None)
    finding = setting_checks.refused_host()
    assert finding.state is State.LOOK
    assert "the host “intern.example:8000” was refused (400)" in finding.what
    assert "set SITE_URL to it" in finding.how


def test_a_host_is_one_short_line(rf):
    request = rf.get("/", headers={"host": "a\r\nb\x1b[31m" + "c" * 500})
    assert refused_hosts.shown(request) == "a??b?[31m" + "c" * 91


def test_a_disk_that_takes_no_file_makes_no_flood_of_lines(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    assert [noted.note("refused_host.json", "x") for _turn in range(3)] == [True, False, False]
