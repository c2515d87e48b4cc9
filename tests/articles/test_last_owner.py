"""Somebody must be left who may do everything: the last owner cannot be taken away or shut out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from articles.models import User
from tests.articles.admin_forms import errors_in, form_data
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/articles/user/"
REFUSED = "This is the only owner of the site. Make somebody else an owner first."


@pytest.fixture
def owner(client: Client) -> User:
    owner: User = make_user("owner", username="olga")
    client.force_login(owner)
    return owner


def change(client: Client, person: User, *unticked: str) -> Any:
    address = f"{PEOPLE}{person.pk}/change/"
    data = form_data(client.get(address), "user_form")
    return client.post(address, {name: data[name] for name in data if name not in unticked})


def delete(client: Client, *people: User) -> Any:
    data = {
        "action": "delete_selected",
        "_selected_action": [person.pk for person in people],
        "post": "yes",
    }
    return client.post(PEOPLE, data, follow=True)


@pytest.mark.parametrize("flag", ["is_superuser", "is_active", "is_staff"])
def test_the_last_owner_stays_one_and_can_sign_in(client: Client, owner: User, flag: str) -> None:
    make_user("owner", username="shut", is_active=False)
    make_user("owner", username="kept-out", is_staff=False)
    response = change(client, owner, flag)
    assert (response.status_code, errors_in(response)) == (200, [REFUSED])
    owner.refresh_from_db()
    assert getattr(owner, flag) is True
    assert change(client, owner).status_code == 302, "all else can be changed"


@pytest.mark.parametrize("flag", ["is_superuser", "is_active", "is_staff"])
def test_one_of_two_owners_can_stop_being_one(client: Client, owner: User, flag: str) -> None:
    other = make_user("owner", username="otto")
    assert change(client, other, flag).status_code == 302
    assert change(client, owner, flag).status_code == 200


def test_the_last_owner_is_not_deleted(client: Client, owner: User) -> None:
    writer = make_user("Writer", username="will")
    address = f"{PEOPLE}{owner.pk}/delete/"
    for response in (
        client.get(address, follow=True),
        client.post(address, {"post": "yes"}, follow=True),
    ):
        assert response.redirect_chain == [(f"{PEOPLE}{owner.pk}/change/", 302)]
        assert REFUSED in response.text
    assert REFUSED in delete(client, writer, owner).text
    assert User.objects.filter(pk__in=[owner.pk, writer.pk]).count() == 2, "all or none"


def test_owners_cannot_all_be_deleted_at_once(client: Client, owner: User) -> None:
    other = make_user("owner", username="otto")
    assert REFUSED in delete(client, owner, other).text
    assert User.objects.owners().count() == 2
    assert REFUSED not in delete(client, other).text
    assert list(User.objects.owners()) == [owner]
