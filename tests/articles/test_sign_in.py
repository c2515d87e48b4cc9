"""One-time sign-in links, and the password that comes after."""

import datetime
import time

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.accounts import recency
from articles.models import User
from articles.sign_in import SpentLink, UnknownLink, claim, person_of, sign_in_link

SITE = "https://milepost.example"
PASSWORD = "correct horse battery"


@pytest.fixture
def admin(db):
    user = User(username="admin", is_staff=True, is_superuser=True)
    user.set_unusable_password()
    user.save()
    return user


def path_of(user):
    return sign_in_link(user, SITE).removeprefix(SITE)


def token_of(user):
    return path_of(user).split("/")[-2]


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_link_is_a_whole_address_of_the_site(admin):
    assert sign_in_link(admin, SITE).startswith("https://milepost.example/accounts/sign-in/")


def test_opening_a_link_asks_and_signs_nobody_in(admin, client):
    for _ in range(2):
        response = client.get(path_of(admin))
        assert response.status_code == 200
        assert "signs you in as <bdi>admin</bdi>" in response.content.decode()
    assert not signed_in(client)
    assert User.objects.get().last_login is None


def test_confirming_signs_in_and_asks_for_a_password(admin, client):
    response = client.post(path_of(admin))
    assert (response.status_code, response["Location"]) == (302, "/accounts/set-password/")
    assert client.session["_auth_user_id"] == str(admin.pk)
    assert client.get("/admin/").status_code == 200


NEW = {"new_password1": "another long one", "new_password2": "another long one"}


@pytest.fixture
def forgetful(admin):
    admin.set_password(PASSWORD)
    admin.save()
    return admin


def test_who_forgot_the_password_sets_another_by_a_link_once(forgetful, client):
    elsewhere = Client()
    elsewhere.force_login(forgetful)
    forgetful.refresh_from_db()
    response = client.post(path_of(forgetful), follow=True)
    assert response.redirect_chain == [("/accounts/set-password/", 302)]
    assert "without the old one" in response.content.decode()
    assert client.get("/accounts/password/")["Location"] == "/accounts/set-password/"

    assert client.post("/accounts/set-password/", NEW)["Location"] == "/admin/"
    forgetful.refresh_from_db()
    assert forgetful.check_password("another long one")
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    again = client.post("/accounts/set-password/", NEW | {"new_password1": "x"})
    assert again["Location"] == "/accounts/password/"


def test_a_link_stands_for_a_password_for_ten_minutes(forgetful, client):
    start = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(start):
        client.post(path_of(forgetful))
    with time_machine.travel(start + datetime.timedelta(minutes=10, seconds=1)):
        client.post("/accounts/confirm/", {"password": PASSWORD})
        response = client.post("/accounts/set-password/", NEW)
        assert response["Location"] == "/accounts/password/"
        assert client.get("/accounts/password/").status_code == 200
    forgetful.refresh_from_db()
    assert forgetful.check_password(PASSWORD)


def test_a_link_stands_for_the_password_of_nobody_else(forgetful, client):
    """Of whoever signs in with a password in a browser where another's link was used before."""
    other = User.objects.create_user("other", is_staff=True)
    session = client.session
    session[recency.LINK_KEY] = {"user": other.pk, "at": time.time()}
    session.save()
    client.post("/accounts/sign-in/", {"login": "admin", "password": PASSWORD})
    assert recency.LINK_KEY in client.session
    assert client.session["_auth_user_id"] == str(forgetful.pk)
    assert client.post("/accounts/set-password/", NEW)["Location"] == "/accounts/password/"


def test_a_link_works_once(admin, client):
    path = path_of(admin)
    client.post(path)
    client.logout()
    for response in (client.post(path), client.get(path)):
        assert response.status_code == 410
        assert "uv run manage.py sign_in_link admin" in response.content.decode()
    assert not signed_in(client)


def test_every_link_made_before_a_sign_in_is_over_after_it(admin):
    first, second = token_of(admin), token_of(admin)
    claim(person_of(second))
    with pytest.raises(SpentLink):
        person_of(first)


def test_of_two_who_confirm_at_the_same_moment_one_signs_in(admin):
    token = token_of(admin)
    one, other = person_of(token), person_of(token)
    claim(one)
    with pytest.raises(SpentLink):
        claim(other)


def test_a_link_is_good_for_an_hour(admin, client):
    with time_machine.travel(datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC), tick=False):
        path = path_of(admin)
    with time_machine.travel(datetime.datetime(2026, 5, 1, 12, 59, tzinfo=datetime.UTC)):
        assert client.get(path).status_code == 200
    with time_machine.travel(datetime.datetime(2026, 5, 1, 13, 0, 1, tzinfo=datetime.UTC)):
        assert client.get(path).status_code == 410
        assert client.post(path).status_code == 410


def test_a_person_who_was_shut_out_has_no_use_of_a_link(admin, client):
    path = path_of(admin)
    User.objects.update(is_active=False)
    assert client.post(path).status_code == 410
    User.objects.all().delete()
    assert client.post(path).status_code == 410


@pytest.mark.parametrize(
    "change",
    [lambda token: token[:-1], lambda token: "x" + token, lambda _token: "nonsense"],
    ids=["cut off", "changed", "made up"],
)
def test_a_link_that_the_site_never_made_is_not_found(admin, client, change):
    path = f"/accounts/sign-in/{change(token_of(admin))}/"
    response = client.get(path)
    assert response.status_code == 404
    assert "This link does not sign in" in response.content.decode()
    assert client.post(path).status_code == 404


@given(st.text())
def test_no_text_but_a_link_is_taken_for_one(text):
    with pytest.raises(UnknownLink):
        person_of(text)


def test_a_link_is_never_cached_and_never_indexed(admin, client):
    for path in (path_of(admin), "/accounts/sign-in/nonsense/"):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_a_form_from_elsewhere_signs_nobody_in(admin, client):
    client.handler.enforce_csrf_checks = True
    assert client.post(path_of(admin)).status_code == 403
    assert User.objects.get().last_login is None


def test_signing_in_ends_the_session_of_somebody_else(admin, client):
    client.force_login(User.objects.create_user("other"))
    client.post(path_of(admin))
    assert client.session["_auth_user_id"] == str(admin.pk)


def test_a_first_password_is_set_and_works(admin, client):
    client.post(path_of(admin))
    page = client.get("/accounts/set-password/").content.decode()
    assert '<a href="/admin/">Later</a>' in page
    passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    response = client.post("/accounts/set-password/", passwords)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert "Your password is set." in client.get("/admin/").content.decode()
    client.logout()
    assert client.login(username="admin", password=PASSWORD)


def test_a_name_for_readers_may_be_given_with_the_first_password(admin, client):
    client.post(path_of(admin))
    passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post("/accounts/set-password/", {**passwords, "public_name": " Ada  Byron "})
    admin.refresh_from_db()
    assert (admin.public_name, admin.slug) == ("Ada Byron", "ada-byron")
    assert client.login(username="admin", password=PASSWORD)


@pytest.mark.parametrize(
    "fields",
    [{"public_name": "Ada Byron"}, {"is_superuser": False}],
    ids=["has one", "may not change users"],
)
def test_only_who_may_change_names_and_has_none_is_asked_for_one(admin, client, fields):
    User.objects.filter(pk=admin.pk).update(**fields)
    client.post(path_of(admin))
    passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "public_name" not in client.get("/accounts/set-password/").content.decode()
    client.post("/accounts/set-password/", {**passwords, "public_name": "Nora Pont"})
    admin.refresh_from_db()
    assert admin.has_usable_password()
    assert admin.public_name == fields.get("public_name", "")


def test_a_password_that_is_too_weak_is_refused_with_its_reason(admin, client):
    client.post(path_of(admin))
    passwords = {"new_password1": "short", "new_password2": "short"}
    response = client.post("/accounts/set-password/", passwords)
    assert response.status_code == 422
    assert "It must contain at least 10 characters." in response.content.decode()
    assert list(response.context["form"].errors) == ["new_password1"]
    admin.refresh_from_db()
    assert not admin.has_usable_password()


def test_a_password_that_exists_is_not_replaced_without_the_old_one(admin, client):
    admin.set_password(PASSWORD)
    admin.save()
    client.force_login(admin)
    passwords = {"new_password1": "another long one", "new_password2": "another long one"}
    response = client.post("/accounts/set-password/", passwords)
    assert response["Location"] == "/accounts/password/"
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_setting_a_password_needs_a_sign_in(db, client):
    response = client.get("/accounts/set-password/")
    assert response["Location"] == "/accounts/sign-in/?next=/accounts/set-password/"


def test_the_command_prints_a_link_that_works(admin, client, capsys):
    call_command("sign_in_link", "admin", site_url="https://milepost.example/")
    link = capsys.readouterr().out.strip()
    assert client.post(link.removeprefix(SITE)).status_code == 302
    assert signed_in(client)


def test_the_command_refuses_whom_it_does_not_know_or_who_may_not_sign_in(admin):
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("sign_in_link", "nobody")
    User.objects.update(is_active=False, last_login=timezone.now())
    with pytest.raises(CommandError, match="“admin” may not sign in"):
        call_command("sign_in_link", "admin")
