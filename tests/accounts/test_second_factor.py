"""Apps, recovery codes, confirming who one is; passkeys are in tests/browser/test_passkeys.py."""

import datetime
import json
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles.accounts.origins import address_with_passkeys, is_own_origin, passkeys_work
from articles.accounts.sealing import seal, unseal
from articles.models import SiteSettings
from articles.sign_in import sign_in_link
from tests.accounts.signing_in import (
    CODE,
    SECRET,
    code_at,
    is_signed_in,
    make_person,
    recovery_codes,
    send_code,
    sign_in,
)
from tests.factories import PASSWORD
from tests.html import parse

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
HALF_MINUTE = datetime.timedelta(seconds=30)


def step(number):
    return time_machine.travel(NOON + number * HALF_MINUTE, tick=False)


def test_codes_of_the_tests_are_those_of_the_standard():
    """RFC 6238, appendix B, the last six of the eight digits."""
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [code_at(moment, key) for moment in (59, 1111111109, 20000000000)] == [
        "287082", "081804", "353130",
    ]  # fmt: skip


def test_setting_up_an_app_and_signing_in_with_it(client):
    person = make_person(username="edith")
    with step(0):
        sign_in(client, "edith")
        page = parse(client.get("/accounts/app/").content)
        secret = page.one(class_="account-key").text
        picture = page.one("svg", class_="qr")
        assert picture.get("style") is None
        assert picture.one("path")["d"].startswith("M4 4h1v1h-1z"), "a quiet zone of four"

        assert client.post("/accounts/app/", {"code": "000000"}).status_code == 422
        response = client.post("/accounts/app/", {"code": code_at(secret=secret)})
        assert response["Location"] == "/accounts/recovery-codes/"
        shown = parse(client.get("/accounts/recovery-codes/").content).all("li")
        codes = [item.text for item in shown if item.text.isdigit()]
        assert codes == recovery_codes(person)
        assert len(codes) == 10

        other = Client()
        response = sign_in(other, "edith", to="/admin/articles/")
        assert (response["Location"], is_signed_in(other)) == (CODE, False)
        assert other.get("/admin/").status_code == 302
        assert send_code(other, code_at(secret=secret)).status_code == 422, "used to set it up"
    with step(1):
        response = send_code(other, f" {code_at(secret=secret)[:3]} {code_at(secret=secret)[3:]} ")
        assert response["Location"] == "/admin/articles/"
        assert is_signed_in(other)


def test_a_code_counts_once_and_no_older_one_counts_after_it():
    make_person(username="edith", app=True)
    with step(10):
        clients = [Client() for _ in range(4)]
        for client in clients:
            sign_in(client, "edith")
        now, before = code_at(), code_at(time.time() - 30)
        assert send_code(clients[0], now).status_code == 302
        assert send_code(clients[1], now).status_code == 422
        assert send_code(clients[2], before).status_code == 422
        assert not is_signed_in(clients[1])
    with step(11):
        assert send_code(clients[3], code_at()).status_code == 302


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(client, steps, status):
    make_person(username="edith", app=True)
    with step(0):
        sign_in(client, "edith")
        code = code_at((NOON + steps * HALF_MINUTE).timestamp())
        assert send_code(client, code).status_code == status


@pytest.mark.parametrize("code", ["", "x", "१२३४५६", "0" * 5000, "\x00", "-1", "٣" * 6])
def test_a_strange_code_is_answered_by_the_form(client, code):
    make_person(username="edith", app=True)
    sign_in(client, "edith")
    assert send_code(client, code).status_code == 422
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(client):
    person = make_person(username="edith", app=True)
    code = recovery_codes(person)[3]
    sign_in(client, "edith")
    assert send_code(client, code).status_code == 302
    assert len(recovery_codes(person)) == 9
    again = Client()
    sign_in(again, "edith")
    assert send_code(again, code).status_code == 422
    assert send_code(again, recovery_codes(person)[0]).status_code == 302


def test_new_recovery_codes_end_the_old_ones(client):
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "Milepost & Söhne"})
    person = make_person(username="edith", app=True)
    old = recovery_codes(person)
    client.force_login(person)
    assert client.get("/accounts/recovery-codes/new/").status_code == 200
    assert recovery_codes(person) == old
    client.post("/accounts/recovery-codes/new/")
    assert not set(old) & set(recovery_codes(person))
    download = client.get("/accounts/recovery-codes.txt")
    head, codes = download.content.decode().split("\n\n")
    assert head.splitlines() == [
        f"Milepost & Söhne: {settings.SITE_URL}",
        "Recovery codes of edith. Each works once.",
    ]
    assert codes.split() == recovery_codes(person)
    assert download["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in download["Cache-Control"]


def test_the_second_step_needs_the_first(client):
    make_person(username="edith", app=True)
    assert client.get(CODE)["Location"] == "/accounts/sign-in/"
    assert send_code(client, code_at())["Location"] == "/accounts/sign-in/"
    with step(0):
        sign_in(client, "edith")
    with step(40):
        assert send_code(client, code_at())["Location"] == "/accounts/sign-in/", "20 minutes on"
    assert not is_signed_in(client)


def test_a_sign_in_link_asks_for_the_second_factor_too(client):
    person = make_person(username="edith", app=True)
    assert client.post(sign_in_link(person, ""))["Location"] == CODE
    assert not is_signed_in(client)
    # No password is set by half a sign-in.
    assert client.get("/accounts/set-password/")["Location"].startswith("/accounts/sign-in/")
    assert send_code(client, code_at())["Location"] == "/accounts/set-password/"
    assert client.get("/accounts/set-password/").status_code == 200


def test_a_wrong_code_is_told_with_what_may_be_the_reason(client):
    make_person(username="edith", app=True)
    sign_in(client, "edith")
    response = send_code(client, "000000" if code_at() != "000000" else "000001")
    assert response.status_code == 422
    assert "is the clock of your phone right?" in response.content.decode()


def test_a_link_signs_out_whoever_else_was_there(client):
    client.force_login(make_person())
    other = make_person(username="rita", app=True)
    client.post(sign_in_link(other, ""))
    assert not is_signed_in(client)
    assert send_code(client, code_at()).status_code == 302
    assert client.session["_auth_user_id"] == str(other.pk)


# Confirming ---------------------------------------------------------------------------------------


SENSITIVE = [
    "/accounts/app/",
    "/accounts/passkeys/new/",
    "/admin/articles/user/add/",
    "/admin/auth/group/add/",
]


@pytest.mark.parametrize("address", SENSITIVE)
def test_what_concerns_signing_in_asks_again_after_ten_minutes(client, address):
    make_person("owner", username="olga")
    with step(0):
        sign_in(client, "olga")
        assert client.get(address).status_code == 200
    with step(19):
        assert client.get(address).status_code == 200
    with step(21):
        response = client.get(address)
        confirm = response["Location"]
        assert confirm.startswith("/accounts/confirm/?next=")
        assert client.post(confirm, {"password": "guessed"}).status_code == 422
        assert client.get(address).status_code == 302
        assert client.post(confirm, {"password": PASSWORD})["Location"] == address
        assert client.get(address).status_code == 200


def test_a_form_that_gives_rights_can_be_filled_in_slowly(client):
    make_person("owner", username="olga")
    form = {"username": "new", "usable_password": "false"}
    with step(0):
        sign_in(client, "olga")
    with step(100):
        response = client.post("/admin/articles/user/add/", form)
        assert "/accounts/confirm/" not in response.get("Location", "")
    with step(121):
        response = client.post("/admin/articles/user/add/", form)
        assert response["Location"].startswith("/accounts/confirm/?next=")


def test_what_people_write_about_themselves_needs_no_confirming(client):
    person = make_person(username="edith")
    with step(0):
        client.force_login(person)
    with step(100):
        assert client.get(f"/admin/articles/user/{person.pk}/change/").status_code == 200


def test_a_code_confirms_as_well(client):
    make_person(username="edith", app=True)
    with step(0):
        sign_in(client, "edith")
        send_code(client, code_at())
    with step(21):
        assert client.get("/accounts/app/remove/").status_code == 302
        response = client.post(
            "/accounts/confirm/code/?next=/accounts/app/remove/", {"code": code_at()}
        )
        assert response["Location"] == "/accounts/app/remove/"
        assert client.post("/accounts/app/remove/").status_code == 302
    assert not Authenticator.objects.exists(), "recovery codes go with the last factor"


def test_a_first_step_alone_confirms_nothing():
    """A password at the sign-in of an account with a second factor leaves no trace of trust."""
    make_person(username="edith", app=True)
    client = Client()
    sign_in(client, "edith")
    assert "confirmed_at" not in client.session


# What is stored -----------------------------------------------------------------------------------


@given(st.text())
def test_what_is_sealed_comes_back(text):
    assert unseal(seal(text)) == text
    assert not text or text not in seal(text) or len(text) < 4


def test_a_copy_of_the_database_gives_nobody_a_code():
    make_person(username="edith", app=True)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    assert stored.count("gAAAA") == 2


def test_another_secret_key_makes_codes_wrong_and_breaks_nothing(client, settings):
    make_person(username="edith", app=True)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key that is long enough to be taken"
    sign_in(client, "edith")
    assert send_code(client, code_at()).status_code == 422
    settings.SECRET_KEY_FALLBACKS = [old]
    assert send_code(client, code_at()).status_code == 302


def test_the_admin_shows_no_secrets_of_factors(client):
    client.force_login(make_person("owner", app=True))
    for address in ("mfa/", "mfa/authenticator/", "account/", "account/emailaddress/", "accounts/"):
        assert client.get(f"/admin/{address}").status_code == 404
    for secret in (SECRET, "gAAAA"):
        assert secret not in client.get("/admin/articles/user/").content.decode()


def test_nobody_reaches_the_factors_of_others(client):
    other = make_person(username="rita")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x"})
    client.force_login(make_person(username="edith"))
    for method in (client.get, client.post):
        assert method(f"/accounts/passkeys/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


# Passkeys, as far as no browser is needed ---------------------------------------------------------


@pytest.mark.parametrize(
    "credential",
    [
        *("", "{", "[]", "1", "null", '"x"', "{}", "[" * 5000),
        '{"response": 1}',
        '{"id": "", "rawId": "", "response": {}}',
        '{"response": {"clientDataJSON": "!!"}}',
        '{"response": {"clientDataJSON": "bnVsbA"}}',
        '{"response": {"userHandle": "MQ", "clientDataJSON": "e30"}}',
    ],
)
@pytest.mark.parametrize("address", ["sign-in/passkey/", "passkeys/new/", "confirm/passkey/"])
def test_what_is_no_passkey_is_refused_without_breaking(client, address, credential):
    person = make_person()
    Authenticator.objects.create(user=person, type="totp", data={"secret": seal(SECRET)})
    if address != "sign-in/passkey/":
        client.force_login(person)
    else:
        client.get("/accounts/sign-in/passkey/", headers={"accept": "application/json"})
    response = client.post(f"/accounts/{address}", {"credential": credential})
    assert response.status_code in {302, 422}
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize(
    ("site", "host", "origin", "own"),
    [
        ("https://milepost.example", "milepost.example", "https://milepost.example", True),
        ("https://milepost.example", "milepost.example", "https://sub.milepost.example", False),
        ("https://milepost.example", "milepost.example", "http://milepost.example", False),
        ("https://milepost.example", "milepost.example", "https://milepost.example:8443", False),
        (
            "https://milepost.example:8443",
            "milepost.example",
            "https://milepost.example:8443",
            True,
        ),
        ("http://127.0.0.1:8000", "localhost:8000", "http://localhost:8000", True),
        ("http://127.0.0.1:8000", "localhost:8000", "http://localhost:9000", False),
        ("http://127.0.0.1:8000", "localhost:8000", "https://evil.example", False),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", "http://127.0.0.1:8000", False),
    ],
)
def test_a_passkey_counts_on_pages_of_this_site_only(rf, settings, site, host, origin, own):
    settings.SITE_URL, settings.ALLOWED_HOSTS = site, ["*"]
    assert is_own_origin(origin, rf.get("/", headers={"host": host})) is own


@pytest.mark.parametrize(
    ("site", "host", "works", "elsewhere"),
    [
        ("https://milepost.example", "milepost.example", True, ""),
        ("http://milepost.example", "milepost.example", False, ""),
        ("https://192.0.2.7", "192.0.2.7", False, ""),
        ("http://127.0.0.1:8000", "localhost:8000", True, ""),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", False, "http://localhost:8000/accounts/"),
        ("http://[::1]:8000", "[::1]:8000", False, "http://localhost:8000/accounts/"),
    ],
)
def test_passkeys_are_offered_where_browsers_have_them(rf, settings, site, host, works, elsewhere):
    settings.SITE_URL, settings.ALLOWED_HOSTS = site, ["*"]
    request = rf.get("/accounts/", headers={"host": host})
    assert (passkeys_work(request), address_with_passkeys(request)) == (works, elsewhere)
