"""Guessing becomes slow, and nobody is locked out by somebody else's guesses."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.accounts.adapters import AccountAdapter
from articles.accounts.allowances import LIMITS, Bucket, TooMany, take
from articles.accounts.models import Allowance
from articles.sign_in import sign_in_link
from tests.accounts.signing_in import (
    SIGN_IN,
    code_at,
    is_signed_in,
    known_browser,
    make_person,
    send_code,
    sign_in,
)  # fmt: skip
from tests.factories import PASSWORD
from tests.html import parse

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)


def later(**passed):
    return time_machine.travel(NOON + datetime.timedelta(**passed), tick=False)


@pytest.fixture
def noon():
    with later():
        yield


def guess(username, password, network):
    """What the sign-in page asks for a name and a password, without drawing a page a time."""
    request = RequestFactory().post(SIGN_IN, REMOTE_ADDR=f"10.{network // 256}.{network % 256}.7")
    request.user = AnonymousUser()
    try:
        found = AccountAdapter(request).authenticate(request, username=username, password=password)
    except ValidationError as error:
        return error.code
    return found


def test_a_thousand_wrong_tries_from_many_networks_do_not_lock_the_owner_out():
    make_person(username="edith")
    owner = known_browser("edith")
    answers = [guess("edith", f"guess {number}", network=number) for number in range(1000)]
    assert answers[:10] == [None] * 10
    assert answers.count("wait") > 900

    assert sign_in(Client(), "edith", network=5000).status_code == 429, "a stranger waits"
    assert sign_in(owner, "edith", network=3).status_code == 302
    assert is_signed_in(owner)


def test_links_that_sign_in_are_never_throttled(client):
    person = make_person(username="edith")
    for number in range(30):
        sign_in(client, "edith", "wrong", network=7)
        sign_in(Client(), "edith", "wrong", network=number)
    assert sign_in(client, "edith", network=7).status_code == 429
    assert client.post(sign_in_link(person, "")).status_code == 302
    assert is_signed_in(client)


def test_who_waits_is_told_how_long_and_loses_only_the_password(client, noon):
    make_person(username="edith")
    for _ in range(10):
        assert sign_in(client, "edith", "wrong").status_code == 422
    response = sign_in(client, "edith")
    assert (response.status_code, response["Retry-After"]) == (429, "15")
    page = parse(response.content)
    assert page.one(class_="account-problem").text == (
        "There were many wrong tries. Please wait 15 seconds and try again."
    )
    assert page.by_id("id_login")["value"] == "edith"
    assert not is_signed_in(client)

    with later(seconds=14):
        assert sign_in(client, "edith").status_code == 429
    with later(seconds=16):
        assert sign_in(client, "edith").status_code == 302


def test_waits_grow_to_a_limit_and_are_forgotten():
    make_person(username="edith")
    moment, waits = NOON, []
    for number in range(30):
        with time_machine.travel(moment, tick=False):
            response = sign_in(Client(), "edith", "wrong", network=number)
        if response.status_code == 429:
            waits.append(int(response["Retry-After"]))
            moment += datetime.timedelta(seconds=waits[-1])
    assert waits[:5] == [15, 30, 60, 120, 240]
    assert waits == sorted(waits)
    assert max(waits) == 900, "a quarter of an hour at most"
    with time_machine.travel(moment + datetime.timedelta(hours=10), tick=False):
        guesses = [sign_in(Client(), "edith", "wrong", network=1).status_code for _ in range(10)]
    assert guesses == [422] * 10


def test_one_network_is_slowed_down_whatever_names_it_tries():
    statuses = [
        sign_in(Client(), f"name{number}", "x", network=1).status_code for number in range(31)
    ]
    assert statuses == [422] * 30 + [429]
    assert sign_in(Client(), "name0", "x", network=2).status_code == 422


def test_signing_in_in_between_gives_no_more_guesses():
    """Whoever has an account here must not win new guesses at others by signing in to it."""
    make_person(username="insider")
    for number in range(30):
        sign_in(Client(), f"victim{number}", "x", network=1)
        if number % 5 == 0:
            sign_in(Client(), "insider", network=1)
    assert sign_in(Client(), "victim99", "x", network=1).status_code == 429


def test_right_passwords_use_nothing_up():
    make_person(username="edith")
    for _ in range(40):
        assert sign_in(Client(), "edith", network=1).status_code == 302


def test_a_known_browser_has_an_allowance_of_its_own(noon):
    make_person(username="edith")
    owner = known_browser("edith")
    for _ in range(10):
        assert sign_in(owner, "edith", "mistyped", network=1).status_code == 422
    assert sign_in(owner, "edith", network=1).status_code == 429
    assert sign_in(Client(), "edith", network=1).status_code == 302, "and spends no other's"
    with later(seconds=16):
        assert sign_in(owner, "edith", network=1).status_code == 302
        for _ in range(9):
            owner.post("/accounts/sign-out/")
            assert sign_in(owner, "edith", "mistyped").status_code == 422


def test_a_browser_is_known_to_the_accounts_that_signed_in_there_only():
    make_person(username="edith")
    make_person(username="mallory")
    attacker = known_browser("mallory")
    for number in range(12):
        sign_in(Client(), "edith", "x", network=number)
    assert sign_in(attacker, "edith", network=77).status_code == 429


def test_the_browsers_cookie_tells_nothing_and_cannot_be_made(client):
    make_person(username="edith")
    browser = known_browser("edith")
    cookie = browser.cookies["milepost_browser"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/accounts/", "Lax")
    assert "edith" not in cookie.value
    for number in range(12):
        sign_in(Client(), "edith", "x", network=number)
    client.cookies["milepost_browser"] = cookie.value[:-2] + "xx"
    assert sign_in(client, "edith", network=77).status_code == 429


def test_a_row_tells_neither_names_nor_networks():
    sign_in(Client(), "edith", "x", network=77)
    rows = list(Allowance.objects.order_by("kind"))
    assert [row.kind for row in rows] == ["account", "network"]
    assert all(len(row.key) == 32 and "edith" not in row.key for row in rows)


def test_codes_are_throttled_and_a_known_browser_keeps_its_own_allowance(noon):
    make_person(username="edith", app=True)
    owner = Client()
    sign_in(owner, "edith", network=1)
    assert send_code(owner, code_at()).status_code == 302
    owner.post("/accounts/sign-out/")

    # Somebody who knows the password guesses codes.
    attacker = Client()
    sign_in(attacker, "edith", network=2)
    assert [send_code(attacker, "000000").status_code for _ in range(6)] == [422] * 5 + [429]
    assert int(send_code(attacker, code_at()).headers["Retry-After"]) == 15

    with later(seconds=10):
        sign_in(owner, "edith", network=1)
        assert send_code(owner, code_at(NOON.timestamp() + 30)).status_code == 302
    assert is_signed_in(owner)


def test_guesses_of_somebody_signed_in_are_throttled_by_session(noon):
    make_person(username="edith")
    thief, owner = Client(), Client()
    for client in (thief, owner):
        sign_in(client, "edith")
    new = {"password1": "an even longer one", "password2": "an even longer one"}
    statuses = [
        thief.post("/accounts/password/", {"oldpassword": "x", **new}).status_code for _ in range(6)
    ]
    assert statuses == [422] * 5 + [429]
    assert thief.post("/accounts/confirm/", {"password": "x"}).status_code == 429
    response = owner.post("/accounts/password/", {"oldpassword": PASSWORD, **new})
    assert response.status_code == 302


def test_guesses_at_the_same_moment_are_all_counted():
    """`take` draws before the guess is looked at, so that none of many at once is free."""
    bucket = Bucket("code", "edith")
    for _ in range(5):
        take(bucket)
    with pytest.raises(TooMany):
        take(bucket)
    assert Allowance.objects.get().level == pytest.approx(5, abs=0.01)


def test_old_rows_are_forgotten():
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=25)):
        sign_in(Client(), "edith", "x", network=1)
    sign_in(Client(), "rita", "x", network=2)
    assert Allowance.objects.forgotten().count() == 2
    call_command("retention")
    assert Allowance.objects.count() == 2
    assert not Allowance.objects.forgotten().exists()


@given(level=st.floats(0, 1000), kind=st.sampled_from(sorted(LIMITS)))
def test_waits_are_never_longer_than_said_and_grow_with_the_level(level, kind):
    limit = LIMITS[kind]
    assert datetime.timedelta(0) <= limit.wait(level) <= limit.longest
    assert limit.wait(level) <= limit.wait(level + 1)
    assert limit.wait(limit.fullest) == limit.longest
    # By the time a row is deleted it says nothing any more.
    assert limit.fullest * limit.leak < datetime.timedelta(days=1)


def test_a_clock_that_is_set_back_makes_no_wait_longer(client):
    make_person(username="edith")
    with later(days=30):
        for _ in range(12):
            sign_in(Client(), "edith", "wrong", network=1)
    with later():
        assert int(sign_in(client, "edith", network=2)["Retry-After"]) <= 30
