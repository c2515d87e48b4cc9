"""What a visitor's program does wrong is a line of the log, without traceback and without keys."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from articles.sign_in import sign_in_link
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name.startswith("django.security")]


def test_a_form_with_too_many_fields_is_a_warning_and_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = Client().post(
        "/admin/login/",
        b"&".join(b"a=1" for _ in range(30_000)),
        content_type="application/x-www-form-urlencoded",
    )
    (line,) = lines(caplog)
    assert response.status_code == 400
    assert (line.levelname, line.levelno, line.exc_info) == ("WARNING", logging.WARNING, None)


def test_a_form_without_a_token_does_not_write_the_key_in_its_address_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    address = sign_in_link(make_user(), "").rstrip("/")
    key = address.rpartition("/")[2]
    response = Client(enforce_csrf_checks=True).post(f"{address}/")
    (line,) = lines(caplog)
    assert response.status_code == 403
    assert line.getMessage() == "Forbidden (CSRF cookie not set.): /accounts/sign-in/…/"
    assert key not in caplog.text


def test_a_mistake_of_ours_stays_an_error_with_its_traceback_and_without_the_key(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(token: str) -> None:
        raise RuntimeError

    monkeypatch.setattr("articles.views.sign_in.person_of", fail)
    address = sign_in_link(make_user(), "")
    assert Client(raise_request_exception=False).get(address).status_code == 500
    (line,) = (record for record in caplog.records if record.name == "django.request")
    assert line.levelname == "ERROR"
    assert line.exc_info is not None
    assert line.getMessage() == "Internal Server Error: /accounts/sign-in/…/"


def test_everything_that_django_refuses_is_told_of_like_this(settings: Any) -> None:
    def below(kind: type[Exception]) -> set[str]:
        return {kind.__name__}.union(*map(below, kind.__subclasses__()))

    loggers = settings.LOGGING["loggers"]
    for name in below(SuspiciousOperation) - {"DisallowedHost"}:
        assert loggers[f"django.security.{name}"]["filters"] == ["refused"]
    assert loggers["django.security.DisallowedHost"]["filters"] == ["refused_host"]
