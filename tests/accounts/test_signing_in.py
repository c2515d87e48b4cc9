"""Signing in with name and password, out again, and what is not there."""

import pytest
from django.test import Client

from articles.models import User
from tests.accounts.signing_in import SIGN_IN, is_signed_in, make_person, sign_in
from tests.factories import PASSWORD
from tests.html import parse

pytestmark = pytest.mark.django_db


def test_the_admin_leads_to_the_sign_in_and_back(client):
    person = make_person(username="edith")

    response = client.get("/admin/articles/article/", follow=True)
    page, query = response.redirect_chain[-1][0].split("?")
    assert (page, query) == (SIGN_IN, "next=%2Fadmin%2Farticles%2Farticle%2F")
    assert parse(response.content).one("h1").text == "Sign in"

    response = client.post(f"{page}?{query}", {"login": "edith", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/admin/articles/article/")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https:///evil.example"],
)
def test_nobody_is_led_to_another_site(client, address):
    make_person(username="edith")
    response = sign_in(client, "edith", to=address)
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_the_session_is_another_after_signing_in(client):
    """Whoever planted a session in a browser before gets nothing from it."""
    make_person(username="edith")
    client.get("/accounts/sign-in/passkey/", headers={"accept": "application/json"})
    before = client.session.session_key
    assert before
    sign_in(client, "edith")
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert client.session.get_expiry_age() == pytest.approx(7 * 24 * 3600, abs=10)


def test_a_wrong_password_keeps_the_name_and_not_the_password(client):
    make_person(username="edith")
    response = sign_in(client, "edith", "not this one")
    assert response.status_code == 422
    page = parse(response.content)
    assert page.by_id("id_login")["value"] == "edith"
    assert "value" not in page.by_id("id_password").attributes
    # What is wrong is typed again.
    assert [field["name"] for field in page.all("input") if "autofocus" in field.attributes] == [
        "password"
    ]
    assert "not this one" not in response.content.decode()
    assert page.one(class_="account-problem").text == (
        "This name and this password do not belong together. Upper and lower case matter."
    )
    assert not is_signed_in(client)


def test_password_managers_find_their_fields(client):
    page = parse(client.get(SIGN_IN).content)
    assert page.by_id("id_login")["autocomplete"] == "username"
    assert page.by_id("id_password")["autocomplete"] == "current-password"
    hindrances = {"readonly", "onpaste", "maxlength"}
    assert not hindrances & page.by_id("id_password").attributes.keys()


def test_signing_out_asks_first_and_ends_the_session(client):
    make_person(username="edith")
    sign_in(client, "edith")
    assert client.get("/accounts/sign-out/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/accounts/sign-out/")["Location"] == "/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "address",
    ["signup", "login", "logout", "email", "confirm-email", "inactive", "social", "3rdparty",
     "signup/passkey", "password/set", "2fa", "login/code", "phone/change"],
)  # fmt: skip
def test_nothing_of_the_library_can_be_reached_that_is_not_ours(client, address):
    make_person(username="edith")
    for visitor in (Client(), client):
        for method in (visitor.get, visitor.post):
            assert method(f"/accounts/{address}/").status_code == 404
        sign_in(client, "edith")


@pytest.mark.parametrize("address", ["sign-in/", "confirm/", "", "password/", "app/", "sign-out/"])
def test_pages_of_accounts_are_kept_by_nobody_and_found_by_no_search_engine(client, address):
    make_person(username="edith")
    if address != "sign-in/":
        sign_in(client, "edith")
    response = client.get(f"/accounts/{address}")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert "Cookie" in response["Vary"]
    assert "nonce" not in response["Content-Security-Policy"]


def test_a_password_is_not_given_back_to_a_program(client):
    """django-allauth would answer such a request with the form and its values as JSON."""
    headers = {"x-requested-with": "XMLHttpRequest", "accept": "application/json"}
    response = sign_in(client, "edith", "the typed one", headers=headers)
    assert response["Content-Type"].startswith("text/html")
    assert "the typed one" not in response.content.decode()


@pytest.mark.parametrize(
    "name", ["\x00", "x" * 5000, "\ud83d".encode("utf-8", "replace"), "' OR 1"]
)
def test_a_strange_name_is_answered_by_the_form(client, name):
    assert sign_in(client, name).status_code == 422


def test_a_name_is_found_however_its_letters_are_written(client):
    make_person(username="zo\u00e9")
    assert sign_in(client, "zoe\u0301").status_code == 302


def test_who_may_not_use_the_admin_is_led_to_their_own_page(client):
    make_person("", username="rita")
    assert sign_in(client, "rita")["Location"] == "/accounts/"
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(client):
    person = make_person(username="edith")
    other = Client()
    sign_in(client, "edith")
    sign_in(other, "edith")
    new = {"password1": "an even longer one", "password2": "an even longer one"}

    response = client.post("/accounts/password/", {"oldpassword": "guessed", **new})
    assert response.status_code == 422
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)

    response = client.post("/accounts/password/", {"oldpassword": PASSWORD, **new})
    assert (response.status_code, response["Location"]) == (302, "/accounts/")
    assert User.objects.get(pk=person.pk).check_password("an even longer one")
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_the_admins_own_page_for_passwords_leads_to_ours(client):
    client.force_login(make_person())
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/"


def test_the_cursor_stands_where_one_begins_to_type(client):
    person = make_person(username="edith", app=True)
    assert _with_cursor(client.get(SIGN_IN)) == ["login"]
    sign_in(client, "edith")
    assert _with_cursor(client.get("/accounts/sign-in/code/")) == ["code"]
    client.force_login(person)
    assert _with_cursor(client.get("/accounts/confirm/")) == ["password"]


def _with_cursor(response):
    fields = parse(response.content).all("input")
    return [field["name"] for field in fields if "autofocus" in field.attributes]
