"""Nobody learns here who has an account: same answers, same work, same mail for the asker."""

import re

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from articles.models import User
from tests.accounts.signing_in import make_person, sign_in
from tests.mailing import IN_MEMORY, run_what_waits

pytestmark = pytest.mark.django_db


def people():
    """A known name and others that must look the same: nobody, no password, shut out."""
    make_person(username="known")
    User.objects.create_user("without", password=None)
    make_person(username="gone", is_active=False)
    return ["known", "nobody", "without", "gone"]


def answer(response, name):
    """The status and all that is shown, but for the name that was typed and the form's token."""
    text = response.content.decode().replace(name, "NAME")
    headers = {
        key: value
        for key, value in response.headers.items()
        if key not in {"Content-Length", "X-Request-ID", "Expires", "ETag"}
    }
    return (
        response.status_code,
        headers,
        re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text),
    )


def test_a_wrong_password_is_answered_alike_for_every_name():
    answers = [answer(sign_in(Client(), name, "wrong", network=1), name) for name in people()]
    assert answers[0][0] == 422
    assert all(other == answers[0] for other in answers[1:])


def test_even_the_right_password_of_somebody_shut_out_is_wrong():
    people()
    right = answer(sign_in(Client(), "gone", network=1), "gone")
    assert right == answer(sign_in(Client(), "nobody", network=1), "nobody")


def test_waiting_is_answered_alike_for_every_name():
    answers = []
    for number, name in enumerate(people()):
        for guess in range(11):
            sign_in(Client(), name, "wrong", network=100 * number + guess)
        answers.append(answer(sign_in(Client(), name, "wrong", network=100 * number + 50), name))
    assert answers[0][0] == 429
    # How long differs by the second at which it was asked.
    texts = {re.sub(r"wait \d+ seconds?", "", text) for _status, _headers, text in answers}
    assert len(texts) == 1


class Counting(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what takes the time."""

    algorithm = "counting"
    runs = 0

    def encode(self, password, salt):
        Counting.runs += 1
        return super().encode(password, salt)


def test_the_same_work_is_done_for_every_name(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.test_no_enumeration.Counting"]
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()
    found = {}
    for number, name in enumerate(people()):
        Counting.runs = 0
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sign_in(Client(), name, "wrong", network=number)
        found[name] = (Counting.runs, len(queries))
    assert set(found.values()) == {(1, found["known"][1])}, found


def ask(email, network):
    return Client().post(
        "/accounts/reset-password/", {"email": email}, REMOTE_ADDR=f"10.9.{network}.1"
    )


def test_asking_for_a_link_is_answered_alike_for_every_address(settings, mailoutbox):
    settings.MAILERS = IN_MEMORY
    make_person(username="known", email="known@example.org")
    User.objects.create_user("without", "without@example.org", password=None)
    make_person(username="gone", email="gone@example.org", is_active=False)
    found = []
    names = ["known@example.org", "nobody@example.org", "without@example.org", "gone@example.org"]
    for number, email in enumerate(names):
        with CaptureQueriesContext(connection) as queries:
            response = ask(email, number)
        found.append((answer(response, email), len(queries), DBTaskResult.objects.count()))
        assert DBTaskResult.objects.count() == number + 1
    assert found[0][0][0] == 302
    assert len({queries for _answer, queries, _rows in found}) == 1
    assert all(given == found[0][0] for given, _queries, _rows in found)

    run_what_waits()
    assert [mail.to for mail in mailoutbox] == [["known@example.org"]]


def test_a_link_of_nobody_looks_like_one_that_is_over(settings, client):
    settings.MAILERS = IN_MEMORY
    person = make_person()
    pages = [
        answer(client.get(f"/accounts/reset-password/{uid}-abc123-0123456789abcdef/"), "-")
        for uid in (str(person.pk), "zzzz")
    ]
    assert pages[0] == pages[1]
    assert pages[0][0] == 410
