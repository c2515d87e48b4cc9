"""Links to a new password, and mail to whoever's password or factors changed."""

import re

import pytest
from django.test import Client

from articles.accounts.notices import send_reset_link
from articles.models import User
from tests.accounts.signing_in import code_at, is_signed_in, make_person, send_code, sign_in
from tests.factories import PASSWORD
from tests.html import parse
from tests.mailing import IN_MEMORY, run_what_waits

pytestmark = pytest.mark.django_db

NEW = {"password1": "an even longer one", "password2": "an even longer one"}
RESET = "/accounts/reset-password/"


@pytest.fixture
def outbox(settings, mailoutbox):
    settings.MAILERS = IN_MEMORY
    settings.SITE_URL = "https://milepost.example"
    return mailoutbox


def link_of(mail):
    return re.search(r"https://milepost\.example(/accounts/reset-password/\S+)", mail.body)[1]


def test_without_mail_there_is_no_reset(client, settings):
    settings.MAILERS = {}
    for address in ("", "sent/", "done/", "1-abc-def/"):
        assert client.get(RESET + address).status_code == 404
    assert "Forgot" not in client.get("/accounts/sign-in/").content.decode()
    assert client.post(RESET, {"email": "a@example.org"}).status_code == 404


def test_a_forgotten_password_is_replaced_by_a_mailed_link(client, outbox):
    person = make_person(username="edith", email="Edith@example.org")
    elsewhere = Client()
    sign_in(elsewhere, "edith")
    assert "Forgot" in client.get("/accounts/sign-in/").content.decode()
    assert client.post(RESET, {"email": "edith@EXAMPLE.org"})["Location"] == f"{RESET}sent/"
    run_what_waits()
    (mail,) = outbox
    assert mail.to == ["Edith@example.org"]

    response = client.get(link_of(mail))
    form = response["Location"]
    assert "set-password" in form, "the key is not in the address of a page that links elsewhere"
    page = client.get(form)
    assert parse(page.content).one("input", name="username")["value"] == "edith"
    assert client.post(form, {**NEW, "password2": "other"}).status_code == 422
    assert client.post(form, NEW)["Location"] == f"{RESET}done/"
    done = client.get(f"{RESET}done/").text
    assert "Wherever you were signed in, you are signed out." in done
    assert "everywhere else" not in done
    assert User.objects.get(pk=person.pk).check_password("an even longer one")
    assert not is_signed_in(client)
    assert elsewhere.get("/admin/").status_code == 302
    run_what_waits()
    assert "was replaced by a link" in outbox[1].body

    assert Client().get(link_of(mail)).status_code == 410, "it works once"


def test_a_new_password_by_mail_does_not_replace_the_second_factor(client, outbox):
    make_person(username="edith", email="edith@example.org", app=True)
    client.post(RESET, {"email": "edith@example.org"})
    run_what_waits()
    client.post(client.get(link_of(outbox[0]))["Location"], NEW)
    sign_in(client, "edith", "an even longer one")
    assert not is_signed_in(client)
    assert send_code(client, code_at()).status_code == 302


def test_other_letters_that_a_database_takes_for_the_same_get_no_link(client, outbox):
    """PostgreSQL may take a dotless i for i: each way to write an address would get some more."""
    make_person(email="edith@example.org")
    assert client.post(RESET, {"email": "ed\u0131th@example.org"}).status_code in (302, 422)
    send_reset_link.enqueue(email="ed\u0131th@example.org")
    run_what_waits()
    assert outbox == []
    send_reset_link.enqueue(email="EDITH@example.org")
    run_what_waits()
    assert len(outbox) == 1


def test_nobody_is_flooded_with_links_and_nobody_is_told_of_it(client, outbox):
    make_person(email="edith@example.org")
    for _ in range(5):
        assert client.post(RESET, {"email": "edith@example.org"})["Location"] == f"{RESET}sent/"
    run_what_waits()
    assert len(outbox) == 3


def test_one_network_asks_for_so_many_links_only(outbox):
    statuses = [
        Client().post(RESET, {"email": f"{number}@example.org"}).status_code for number in range(21)
    ]
    assert statuses == [302] * 20 + [429]


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a@example.org\r\nBcc: b@example.org", "\x00@x.y"]
)
def test_what_is_no_address_is_answered_by_the_form(client, outbox, email):
    assert client.post(RESET, {"email": email}).status_code == 422
    run_what_waits()
    assert outbox == []


def test_a_link_names_the_site_and_not_the_host_that_was_asked(client, outbox):
    make_person(email="edith@example.org")
    client.post(RESET, {"email": "edith@example.org"}, headers={"host": "localhost"})
    run_what_waits()
    assert link_of(outbox[0])
    assert "localhost" not in outbox[0].body


def test_people_hear_of_every_change(client, outbox, django_capture_on_commit_callbacks):
    make_person(username="edith", email="edith@example.org")
    sign_in(client, "edith")
    secret = parse(client.get("/accounts/app/").content).one(class_="account-key").text
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/app/", {"code": code_at(secret=secret)})
        client.post("/accounts/recovery-codes/new/")
        client.post("/accounts/app/remove/")
        client.post("/accounts/password/", {"oldpassword": PASSWORD, **NEW})
    run_what_waits()
    assert {mail.subject for mail in outbox} == {
        "Milepost: An authenticator app was added as your second factor.",
        "Milepost: You have new recovery codes; the old ones are over.",
        "Milepost: The authenticator app was removed as your second factor.",
        "Milepost: Your password was changed.",
    }
    assert len(outbox) == 4
    assert all(mail.to == ["edith@example.org"] for mail in outbox)
    assert all("127.0.0.1" not in mail.body for mail in outbox)


def test_a_password_that_the_owner_sets_is_told_to_its_person(client, outbox):
    client.force_login(make_person("owner", username="olga"))
    person = make_person(username="edith", email="edith@example.org")
    form = {**NEW, "usable_password": "true"}
    client.post(f"/admin/articles/user/{person.pk}/password/", {**form, "password2": "no"})
    client.post(f"/admin/articles/user/{person.pk}/password/", form)
    run_what_waits()
    assert [mail.subject for mail in outbox] == ["Milepost: A password was set for you."]
