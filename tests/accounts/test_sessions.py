"""People see where they are signed in, sign out there, and name their passkeys."""

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.signing_in import is_signed_in, make_person, sign_in
from tests.factories import PASSWORD
from tests.html import parse

pytestmark = pytest.mark.django_db

SESSIONS = "/accounts/sessions/"
NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def browser(agent, username="edith"):
    client = Client(headers={"user-agent": agent})
    assert sign_in(client, username).status_code == 302
    return client


def listed(client):
    return [
        " ".join(row.text.partition("Sign out")[0].split())
        for row in parse(client.get(SESSIONS).content).one(class_="account-list").all("li")
    ]


def test_somebody_sees_where_they_are_signed_in_and_nobody_else_is(client):
    make_person(username="edith")
    make_person(username="rita")
    browser(FIREFOX, "rita")
    with time_machine.travel(NOON, tick=False):
        here = browser(FIREFOX)
    with time_machine.travel(NOON + datetime.timedelta(hours=1), tick=False):
        browser(EDGE)
        browser("curl/8.5")
    with time_machine.travel(NOON + datetime.timedelta(hours=2), tick=False):
        browser(PHONE)
        rows = listed(here)
    assert rows[:2] == [
        "Firefox on Linux (here) Signed in on 25 November 2026, 12:00 UTC.",
        "Safari on iOS Signed in on 25 November 2026, 14:00 UTC.",
    ]
    assert sorted(row.split(" Signed")[0] for row in rows[2:]) == [
        "A browser or program", "Edge on Windows",
    ]  # fmt: skip
    stored = str([session.get_decoded() for session in Session.objects.all()])
    assert "Mozilla" not in stored
    assert "127.0.0.1" not in stored
    assert client.get(SESSIONS)["Location"].startswith("/accounts/sign-in/")


def test_signing_out_everywhere_else_ends_all_sessions_but_this_one():
    make_person(username="edith")
    make_person(username="rita")
    here, elsewhere, other = browser(FIREFOX), browser(PHONE), browser(EDGE, "rita")
    assert here.post(SESSIONS)["Location"] == SESSIONS
    assert "You are signed out everywhere else." in here.get(SESSIONS).text
    assert elsewhere.get(SESSIONS).status_code == 302
    assert [is_signed_in(each) for each in (here, elsewhere, other)] == [True, False, True]
    assert "You are signed in nowhere else." in here.get(SESSIONS).text


def way_out(client, program):
    """What the button behind the one place of this name sends."""
    rows = parse(client.get(SESSIONS).content).one(class_="account-list").all("li")
    (row,) = [row for row in rows if row.text.startswith(program)]
    return {"place": row.one("input", name="place")["value"]}


def test_one_other_session_is_ended_by_itself():
    make_person(username="edith")
    make_person(username="rita")
    here, phone, edge = browser(FIREFOX), browser(PHONE), browser(EDGE)
    other = browser("curl/8.5", "rita")
    page = here.get(SESSIONS).text
    assert not [session.pk for session in Session.objects.all() if session.pk in page]
    assert page.count('name="place"') == 2, "this session is ended by signing out"

    sent = way_out(here, "Safari")
    assert here.post(SESSIONS, sent)["Location"] == SESSIONS
    assert "Signed out there." in here.get(SESSIONS).text
    assert [is_signed_in(each) for each in (here, phone, edge)] == [True, False, True]
    assert here.post(SESSIONS, sent).status_code == 302, "a second press does no harm"
    said = here.get(SESSIONS).text
    assert "Signed out there." not in said
    assert "Nothing was ended: this list has changed meanwhile." in said
    for name in (way_out(edge, "Firefox")["place"], "", "nonsense", "ß", other.session.session_key):
        here.post(SESSIONS, {"place": name})
    assert [is_signed_in(each) for each in (here, edge, other)] == [True] * 3


def test_it_asks_first_who_one_is_and_ends_that_one():
    make_person(username="edith")
    with time_machine.travel(NOON, tick=False):
        here, phone, edge = browser(FIREFOX), browser(PHONE), browser(EDGE)
        sent = way_out(here, "Safari")
    with time_machine.travel(NOON + datetime.timedelta(minutes=11), tick=False):
        confirm = here.post(SESSIONS, sent)["Location"]
        assert is_signed_in(phone)
        here.post(confirm, {"password": PASSWORD})
        assert [is_signed_in(each) for each in (phone, edge)] == [False, True]


def test_it_asks_first_who_one_is():
    make_person(username="edith")
    with time_machine.travel(NOON, tick=False):
        here, elsewhere = browser(FIREFOX), browser(PHONE)
    with time_machine.travel(NOON + datetime.timedelta(minutes=11), tick=False):
        confirm = here.post(SESSIONS)["Location"]
        assert confirm.startswith("/accounts/confirm/?next=")
        assert is_signed_in(elsewhere)
        here.post(confirm, {"password": PASSWORD})
        assert not is_signed_in(elsewhere), "what was asked for is done then"


def test_what_is_over_is_not_on_the_list():
    person = make_person(username="edith")
    with time_machine.travel(NOON - datetime.timedelta(days=8), tick=False):
        browser(EDGE)
    with time_machine.travel(NOON, tick=False):
        browser(PHONE)
        person.set_password("an even longer one")
        person.save()
        here = Client(headers={"user-agent": FIREFOX})
        sign_in(here, "edith", "an even longer one")
        assert len(listed(here)) == 1


def test_a_page_opens_no_session_that_is_over(monkeypatch):
    make_person(username="edith")
    with time_machine.travel(NOON - datetime.timedelta(days=8), tick=False):
        over = browser(EDGE).session.session_key
    opened, decode = [], Session.get_decoded

    def get_decoded(self):
        opened.append(self.pk)
        return decode(self)

    monkeypatch.setattr(Session, "get_decoded", get_decoded)
    with time_machine.travel(NOON, tick=False):
        here = browser(FIREFOX)
        here.get(SESSIONS)
        here.post(SESSIONS)
    assert here.session.session_key in opened
    assert over not in opened
    assert Session.objects.filter(pk=over).exists()


def test_more_sessions_are_no_more_queries():
    make_person(username="edith")
    here = browser(FIREFOX)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            here.get(SESSIONS)
        counts.append(len(queries))
        for _ in range(3):
            browser(PHONE)
    assert counts[0] == counts[1]


# Names of passkeys --------------------------------------------------------------------------------


def make_key(person, name="Old phone"):
    return Authenticator.objects.create(user=person, type="webauthn", data={"name": name})


def test_a_passkey_gets_another_name(client):
    person = make_person(username="edith")
    key = make_key(person)
    client.force_login(person)
    address = f"/accounts/passkeys/{key.pk}/name/"
    assert address in [link["href"] for link in parse(client.get("/accounts/").content).all("a")]
    assert parse(client.get(address).content).by_id("id_name")["value"] == "Old phone"
    for name in ("", " \x07 ", "x" * 81):
        assert client.post(address, {"name": name}).status_code == 422
    assert client.post(address, {"name": " New\tphone "})["Location"] == "/accounts/"
    key.refresh_from_db()
    assert key.data["name"] == "New phone"
    assert "New phone" in client.get("/accounts/").text


def test_nobody_names_the_passkeys_of_others_or_without_showing_who_they_are(client):
    other, person = make_person(username="rita"), make_person(username="edith")
    key, own = make_key(other), make_key(person)
    client.force_login(person)
    assert client.post(f"/accounts/passkeys/{key.pk}/name/", {"name": "x"}).status_code == 404
    with time_machine.travel(datetime.timedelta(minutes=11), tick=False):
        response = client.post(f"/accounts/passkeys/{own.pk}/name/", {"name": "x"})
    assert response["Location"].startswith("/accounts/confirm")
    own.refresh_from_db()
    assert own.data["name"] == "Old phone"
