"""Some hundred of the hostile requests that `tests.withstand.hostile` sends to a real server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

from tests.withstand.attacks import Attacker
from tests.withstand.forms import forms_in
from tests.withstand.judging import judge
from tests.withstand.requests import Answer, Request, to_application
from tests.withstand.staging import prepare
from tests.withstand.values import ALIVE

COUNT = 150
GOOD = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; script-src 'self'"),
    ("Permissions-Policy", "camera=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """As Django's own test client: the end of a request does not end the test's transaction."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
def test_hostile_requests_are_answered_plainly_and_nothing_comes_alive(
    caplog: pytest.LogCaptureFixture,
) -> None:
    application = WSGIHandler()
    found: list[Any] = []
    statuses: set[int] = set()

    def ask(request: Request) -> Answer:
        answer = to_application(application, request)
        statuses.add(answer.status)
        if wrong := judge(request, answer):
            found.append((wrong, request.describe("127.0.0.1:8000")))
        return answer

    attacker = Attacker(prepare(), random.Random(1), ask)
    for number in range(COUNT):
        ask(attacker.next())
        if number % 4 == 0:
            ask(attacker.look())
        assert found == []
    assert [record for record in caplog.records if record.exc_info] == []
    # They get as far as forms and pages, and are not all refused at the door.
    assert {200, 302, 403, 404, 422} <= statuses


# The judge itself ---------------------------------------------------------------------------------


def answer(body: str, kind: str = "text/html", **headers: str) -> Answer:
    given = {**dict(GOOD), "Content-Type": kind, **headers}
    return Answer(200, list(given.items()), body.encode())


def wrong(body: str, kind: str = "text/html", **headers: str) -> list[str]:
    return judge(Request("GET", "/"), answer(body, kind, **headers))


@pytest.mark.parametrize("text", ALIVE[:13], ids=range(13))
def test_the_judge_sees_what_came_alive_in_a_page(text: str) -> None:
    assert wrong("<p>Plain.</p>") == []
    quoted = f"""<p title="{text}"></p><p title='{text}'></p>"""
    assert wrong(f"{quoted}<p>{text}</p>") != []


@pytest.mark.parametrize(
    "page",
    [
        '<a href="javascript:a()">x</a>', '<a href=" java\tscript:a()">x</a>', '<p style="a">x</p>',
        '<a href="//evil.example/">x</a>', '<img src="https://evil.example/a.png">', "<!--mkzq-->",
        "<script>a()</script>", '<script type="application/ld+json">{"a": </script>',
        '<form action="https://evil.example/"></form>', "Traceback (most recent call last)",
    ],
)  # fmt: skip
def test_the_judge_sees_what_a_page_must_not_have(page: str) -> None:
    assert wrong(page) != []


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("application/json", "{}", "{"),
        ("application/atom+xml", "<a/>", "<a>"),
        ("text/csv", "a,-0043,+12\r\n", "a,=b()\r\n"),
        ("text/calendar", "BEGIN:VEVENT\r\nSUMMARY:a\r\n", "ATTENDEE:mkzq\r\n"),
    ],
    ids=["json", "xml", "csv", "ics"],
)
def test_the_judge_reads_files_as_programs_do(kind: str, good: str, bad: str) -> None:
    assert wrong(good, kind) == []
    assert wrong(bad, kind) != []


def test_the_judge_sees_headers_that_are_missing_or_added() -> None:
    for name, _value in GOOD:
        assert wrong("", **{name: ""}) != []
    assert wrong("", **{"Set-Cookie": "mkzq=1"}) != []
    assert wrong("", Location="https://evil.example/") != []
    assert wrong("", Location="/articles/") == []
    assert judge(Request("GET", "/"), Answer(500, GOOD)) != []


def test_forms_are_read_as_browsers_send_them() -> None:
    (form,) = forms_in(
        '<form action="a" method="post"><input name="b" value="&lt;">'
        '<input type="checkbox" name="c">'
        '<textarea name="d">e</textarea>'
        '<select name="f"><option value="1"><option value="2" selected></select></form>'
    )
    assert (form.action, form.method) == ("a", "post")
    assert form.pairs == [("b", "<"), ("d", "e"), ("f", "2")]
