"""After the secret key was changed, what the former one signed and sealed goes on working.

While it is among the former keys, and not a moment longer.
"""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from articles.accounts import browsers, factors
from articles.accounts.factors import Seals, seals
from articles.accounts.sealing import opens, unseal
from articles.accounts.sessions import sessions_of
from articles.discussion.forms import age_of, opened_now
from articles.sign_in import UnknownLink, person_of, sign_in_link
from tests.accounts.signing_in import (
    SECRET,
    code_at,
    is_signed_in,
    make_person,
    recovery_codes,
    send_code,
    sign_in,
)
from tests.accounts.test_mail_to_people import NEW as NEW_PASSWORD
from tests.accounts.test_mail_to_people import RESET, link_of
from tests.accounts.test_mail_to_people import outbox as outbox  # noqa: PLC0414 - a fixture
from tests.articles.bridges import make_article
from tests.html import parse
from tests.mailing import run_what_waits

pytestmark = pytest.mark.django_db

NEW = "a-new-secret-key-that-is-long-enough-to-be-taken"


@pytest.fixture
def change(settings):
    """A function that changes the key, and one that forgets the former one."""

    def changing(*, forget=False):
        if not forget:
            settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
            settings.SECRET_KEY = NEW
        else:
            settings.SECRET_KEY_FALLBACKS = []

    return changing


def test_a_session_is_ended_by_the_name_that_it_had(change):
    person = make_person(username="edith")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, "edith")
    (row,) = parse(here.get("/accounts/sessions/").content).all("input", name="place")
    change()
    here.post("/accounts/sessions/", {"place": row["value"]})
    assert [is_signed_in(client) for client in (here, elsewhere)] == [True, False]
    assert len(sessions_of(person)) == 1


def test_nobody_is_signed_out(change):
    person, gone = Client(), Client()
    for client in (person, gone):
        client.force_login(make_person())
    change()
    assert person.get("/admin/").status_code == 200
    change(forget=True)
    assert person.get("/admin/").status_code == 200, "the session was signed anew meanwhile"
    assert gone.get("/admin/").status_code == 302


def test_a_link_that_signs_in_goes_on_working(change):
    person = make_person()
    token = sign_in_link(person, "").split("/")[-2]
    change()
    assert person_of(token) == person
    change(forget=True)
    with pytest.raises(UnknownLink):
        person_of(token)


def test_a_mailed_link_to_a_new_password_goes_on_working(client, outbox, change):
    person = make_person(email="edith@example.org")
    client.post(RESET, {"email": "edith@example.org"})
    run_what_waits()
    link = link_of(outbox[0])
    change()
    form = client.get(link)["Location"]
    assert client.post(form, NEW_PASSWORD)["Location"] == f"{RESET}done/"
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD["password1"])


def test_an_open_form_of_a_guest_goes_on_working(change):
    article = make_article()
    opened = opened_now(article, "a-submission")
    change()
    assert age_of(opened, article, "a-submission") is not None
    change(forget=True)
    assert age_of(opened, article, "a-submission") is None


def test_a_browser_stays_known_and_is_marked_anew(change, rf):
    person = make_person(username="edith")
    client = Client()
    sign_in(client, "edith")

    def kinds():
        request = rf.get("/accounts/sign-in/")
        request.COOKIES["milepost_browser"] = client.cookies["milepost_browser"].value
        return [bucket.kind for bucket in browsers.password_buckets(request, "edith")]

    change()
    assert kinds() == ["browser"]
    client.post("/accounts/sign-out/")
    sign_in(client, person.username)
    change(forget=True)
    assert kinds() == ["browser"]


def test_codes_go_on_working_and_are_sealed_anew(client, change, settings):
    person = make_person(username="edith", app=True)
    codes = recovery_codes(person)
    change()
    assert seals() == Seals(former=["edith"], unknown=[])
    sign_in(client, "edith")
    assert send_code(client, code_at()).status_code == 302
    assert factors.reseal_all(settings.SECRET_KEY_FALLBACKS) == 2
    assert factors.reseal_all(settings.SECRET_KEY_FALLBACKS) == 0
    change(forget=True)
    assert seals() == Seals(former=[], unknown=[])
    assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert recovery_codes(person) == codes
    data = Authenticator.objects.get(type="totp").data
    assert data.keys() == {"secret", factors.LAST_STEP}, "a used code stays used"


def test_what_no_key_opens_stays_as_it_is(change, settings):
    make_person(username="edith", app=True)
    change()
    change(forget=True)
    before = json.dumps(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))
    assert seals() == Seals(former=[], unknown=["edith"])
    assert factors.reseal_all(["yet-another-key-that-is-long-enough-too"]) == 0
    after = json.dumps(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))
    assert after == before


def test_all_are_sealed_anew_or_none(change, settings, monkeypatch):
    make_person(username="edith", app=True)
    change()
    save = Authenticator.save

    def cut_off(row, **options):
        if row.type == Authenticator.Type.RECOVERY_CODES:
            raise KeyboardInterrupt
        save(row, **options)

    monkeypatch.setattr(Authenticator, "save", cut_off)
    with pytest.raises(KeyboardInterrupt):
        factors.reseal_all(settings.SECRET_KEY_FALLBACKS)
    for row in Authenticator.objects.all():
        assert not any(opens([NEW], row.data[name]) for name in factors.SEALED if name in row.data)
