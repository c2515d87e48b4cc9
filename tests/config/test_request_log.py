"""Each request has an id and a line in the log."""

import logging
import re

import pytest
from django.test import Client

from tests.factories import make_user

NAME = "config.request_log"
pytestmark = pytest.mark.django_db


def lines(caplog):
    return [record for record in caplog.records if record.name == NAME]


def test_an_answer_that_is_for_one_reader_carries_the_id_of_its_line(client, caplog):
    with caplog.at_level(logging.INFO, NAME):
        first, second = client.get("/nowhere/?q=private"), client.get("/nowhere/")
    ids = [answer.headers["X-Request-ID"] for answer in (first, second)]
    assert all(re.fullmatch("[0-9a-f]{16}", id) for id in ids)
    assert ids[0] != ids[1]
    fields = lines(caplog)[0].fields
    assert fields.pop("ms") >= 0
    assert fields == {"method": "GET", "path": "/nowhere/", "status": 404}
    assert "private" not in caplog.text


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (1, "proxy-0123.4567_AB", True),
        (0, "proxy-0123.4567_AB", False),
        (1, "short", False),
        (1, "a" * 65, False),
        (1, "no blanks inside", False),
        (1, "<script>alert(1)</script>", False),
    ],
)
def test_only_a_trusted_proxy_may_name_a_request(client, settings, proxies, given, taken):
    settings.TRUSTED_PROXIES = proxies
    answer = client.get("/nowhere/", headers={"x-request-id": given})
    assert (answer.headers["X-Request-ID"] == given) is taken


def test_what_caches_may_give_to_others_carries_no_id(client):
    answer = client.get("/robots.txt")
    assert "public" in answer.headers["Cache-Control"]
    assert "X-Request-ID" not in answer.headers


def test_the_number_of_an_account_is_told_where_it_was_needed(client, caplog):
    user = make_user("owner", username="ann")
    client.force_login(user)
    with caplog.at_level(logging.INFO, NAME):
        client.get("/admin/")
        client.get("/robots.txt")
    assert [line.fields.get("user") for line in lines(caplog)] == [user.pk, None]
    assert "ann" not in caplog.text


def test_a_slow_request_is_a_warning(client, caplog, settings):
    settings.SLOW_REQUEST_MILLISECONDS = 0
    client.get("/robots.txt")
    [line] = lines(caplog)
    assert line.levelname == "WARNING"
    assert line.getMessage().endswith(" ms, which is slow")


def test_argon2_may_take_its_time(client, caplog, settings):
    settings.SLOW_REQUEST_MILLISECONDS = 0
    with caplog.at_level(logging.INFO, NAME):
        client.post("/accounts/sign-in/", {"login": "nobody", "password": "correct horse"})
    [line] = lines(caplog)
    assert line.levelname == "INFO"


def test_the_page_about_our_mistake_names_the_request(client, monkeypatch):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("articles.views.machines.HttpResponse", lambda *_, **__: 1 / 0)
    answer = client.get("/robots.txt")
    assert answer.status_code == 500
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.content.decode()
