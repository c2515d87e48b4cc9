"""People in the admin: adding a colleague, their rights, and links that let them in."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from articles.models import User
from tests.articles.admin_forms import form_data
from tests.factories import find_role, make_user
from tests.html import parse

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/user/add/"


@pytest.fixture
def owner(client: Client) -> User:
    owner: User = make_user("owner", username="owner")
    client.force_login(owner)
    return owner


def give(person: User, *names: str) -> None:
    person.is_staff = True
    person.save()
    person.user_permissions.set(Permission.objects.filter(codename__in=names))


def add(client: Client, **changes: Any) -> Any:
    data = form_data(client.get(ADD), "user_form") | {"username": "nora"} | changes
    return client.post(ADD, data, follow=True)


def test_an_address_is_called_the_same_everywhere(client: Client, owner: User) -> None:
    assert "E-mail address (optional)" in client.get(ADD).text
    for address in ("/admin/articles/user/", f"/admin/articles/user/{owner.pk}/change/"):
        page = client.get(address).text
        assert "E-mail address" in page
        assert "Email address" not in page


def test_a_colleague_is_added_in_one_step_and_comes_by_a_link(client: Client, owner: User) -> None:
    page = client.get(ADD).text
    assert "LDAP" not in page
    role = find_role("Editor")
    response = add(client, public_name="Nora Pont", groups=[str(role.pk)])

    nora = User.objects.get(username="nora")
    assert (nora.is_staff, nora.is_superuser, nora.is_active) == (True, False, True)
    assert (list(nora.groups.all()), nora.slug) == ([role], "nora-pont")
    assert not nora.has_usable_password()
    assert response.redirect_chain == [(f"/admin/articles/user/{nora.pk}/change/", 302)]
    assert "sign_in_link nora" in response.text
    assert "Has none." in response.text

    address = f"/admin/articles/user/{nora.pk}/sign-in-link/"
    assert not parse(client.get(address).content).all(class_="made-link")
    made = client.post(address)
    assert "no-store" in made["Cache-Control"]
    assert LogEntry.objects.filter(change_message="Made a sign-in link.").count() == 1
    link = parse(made.content).one(class_="made-link").text
    hers = Client()
    assert hers.post(link[link.index("/accounts/") :])["Location"] == "/accounts/set-password/"
    assert hers.session["_auth_user_id"] == str(nora.pk)


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        ("short", "short", "password1"),
        ("a long enough one", "another one", "password2"),
        ("a long enough one", "", "password2"),
        ("", "a long enough one", "password2"),
    ],
)
def test_a_password_of_somebody_new_is_checked(
    client: Client, owner: User, one: str, other: str, where: str
) -> None:
    response = add(client, password1=one, password2=other)
    assert list(response.context["adminform"].form.errors) == [where]
    assert not User.objects.filter(username="nora").exists()


def test_a_password_of_somebody_new_works(client: Client, owner: User) -> None:
    add(client, password1="a long enough one", password2="a long enough one")
    assert Client().login(username="nora", password="a long enough one")


def test_only_the_owner_gives_roles_and_makes_links(client: Client, owner: User) -> None:
    person = make_user("", username="pat")
    give(person, "add_user", "change_user", "view_user")
    client.force_login(person)
    role = find_role("Editor")
    add(client, groups=[str(role.pk)], is_superuser="on")
    nora = User.objects.get(username="nora")
    address = f"/admin/articles/user/{nora.pk}/"
    client.post(
        f"{address}change/",
        form_data(client.get(f"{address}change/"), "user_form")
        | {"groups": [str(role.pk)], "is_superuser": "on"},
    )
    nora.refresh_from_db()
    assert (nora.is_superuser, nora.groups.count()) == (False, 0)
    assert client.post(f"{address}sign-in-link/").status_code == 403
    assert client.get(f"/admin/articles/user/{owner.pk}/password/").status_code == 403


def test_a_link_needs_somebody_who_may_sign_in_and_a_fresh_confirmation(
    client: Client, owner: User
) -> None:
    gone = make_user("Writer", username="gone", is_active=False)
    assert client.get(f"/admin/articles/user/{gone.pk}/sign-in-link/").status_code == 404
    assert client.get("/admin/articles/user/x/sign-in-link/").status_code == 404
    session = client.session
    session["confirmed_at"] = 0
    session.save()
    response = client.post(f"/admin/articles/user/{owner.pk}/sign-in-link/")
    assert response["Location"].startswith("/accounts/confirm/?next=")
    assert not LogEntry.objects.exists()


def test_the_form_of_a_person_shows_no_hash(client: Client, owner: User) -> None:
    page = client.get(f"/admin/articles/user/{owner.pk}/change/").text
    assert "Has a password." in page
    assert "pbkdf2" not in page
    assert "argon2" not in page
    assert "algorithm" not in page


def test_who_may_change_and_delete_people_gets_no_rights_by_it(client: Client, owner: User) -> None:
    person = make_user("", username="pat")
    give(person, *(f"{verb}_{what}" for verb in ("view", "change", "delete")
                   for what in ("user", "group")))  # fmt: skip
    client.force_login(person)
    nora, role = make_user("Editor", username="nora"), find_role("Writer")
    people, roles = "/admin/articles/user/", "/admin/auth/group/"
    assert client.get(f"{people}{nora.pk}/password/").status_code == 403
    assert client.get(f"{people}{nora.pk}/delete/").status_code == 200
    assert client.post(f"{people}{owner.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [owner.pk], "post": "yes"}
    client.post(people, chosen)
    assert User.objects.filter(pk=owner.pk).exists()
    before = set(role.permissions.all())
    every = list(Permission.objects.values_list("pk", flat=True))
    answer = client.post(f"{roles}{role.pk}/change/", {"name": "Writer", "permissions": every})
    assert answer.status_code == 403
    assert set(role.permissions.all()) == before
    assert client.post(f"{roles}{role.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{roles}{role.pk}/change/").status_code == 200


def test_deleting_somebody_needs_a_fresh_confirmation(client: Client, owner: User) -> None:
    nora = make_user("Editor", username="nora")
    session = client.session
    session["confirmed_at"] = 0
    session.save()
    chosen = {"action": "delete_selected", "_selected_action": [nora.pk], "post": "yes"}
    for path, data in ((f"{nora.pk}/delete/", {"post": "yes"}), ("", chosen)):
        response = client.post(f"/admin/articles/user/{path}", data)
        assert response["Location"].startswith("/accounts/confirm/?next=")
    assert User.objects.filter(pk=nora.pk).exists()
