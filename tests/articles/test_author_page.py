"""The page of an author: what the person wants to be known, and nothing else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import User
from tests.articles.bridges import make_article
from tests.factories import make_user
from tests.html import parse

pytestmark = pytest.mark.django_db


def test_an_author_is_shown_by_public_name_biography_and_website_alone(client: Client) -> None:
    make_article()
    User.objects.filter(public_name="Nora Pont").update(
        username="secret-login",
        email="secret@a.example",
        first_name="Secret",
        biography="Builds <bridges>.\n\nLives in Bergen.",
        website="https://a.example/nora",
    )

    response = client.get("/authors/nora-pont/")

    main = parse(response.content).by_id("main")
    assert main.one("h1").text == "Nora Pont"
    assert [p.text for p in main.one("div", class_="biography").all("p")] == [
        "Builds <bridges>.",
        "Lives in Bergen.",
    ]
    link = main.one("a", href="https://a.example/nora")
    assert (link.text, link["rel"]) == ("a.example/nora", "me nofollow noopener")
    assert "secret" not in response.text.lower()


def test_an_owner_writes_a_biography_with_its_paragraphs(client: Client) -> None:
    author = make_user("", username="nora", public_name="Nora Pont", slug="nora-pont")
    client.force_login(make_user("owner", username="owner"))
    joined = author.date_joined.strftime("%Y-%m-%d"), author.date_joined.strftime("%H:%M:%S")
    data = {
        "username": "nora",
        "public_name": "Nora Pont",
        "slug": "nora-pont",
        "biography": "One.\n\nTwo.",
        "website": "https://a.example/",
        "date_joined_0": joined[0],
        "date_joined_1": joined[1],
    }

    response = client.post(f"/admin/articles/user/{author.pk}/change/", data)

    assert response.status_code == 302
    author.refresh_from_db()
    assert (author.biography, author.website) == ("One.\n\nTwo.", "https://a.example/")


def test_a_website_is_an_address_that_a_browser_may_follow() -> None:
    with pytest.raises(ValidationError, match="https://"):
        User(username="x", password="x", website="javascript:alert(1)").full_clean()


# What people write about themselves ---------------------------------------------------------------


@pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
def test_everybody_who_edits_writes_about_themselves_and_changes_nothing_else(
    client: Client, role: str
) -> None:
    person = make_user(role, username="nora", public_name="Nora Pont", slug="nora-pont")
    client.force_login(person)
    address = f"/admin/articles/user/{person.pk}/change/"
    assert f'href="{address}"' in client.get("/admin/").text
    shown = parse(client.get(address).content)
    assert not shown.all("input", name="public_name")
    assert not shown.all("input", name="is_superuser")
    before = User.objects.filter(pk=person.pk).values().get()

    response = client.post(
        address,
        {
            "biography": "One.\n\nTwo.",
            "website": "https://a.example/",
            "username": "owner",
            "public_name": "Somebody Else",
            "slug": "somebody-else",
            "password": "x",
            "is_superuser": "on",
            "groups": [str(group.pk) for group in Group.objects.all()],
        },
    )

    assert response.status_code == 302
    after = User.objects.filter(pk=person.pk).values().get()
    assert after == before | {"biography": "One.\n\nTwo.", "website": "https://a.example/"}
    assert [group.name for group in person.groups.all()] == [role]
    refused = client.post(address, {"biography": "", "website": "javascript:alert(1)"})
    assert refused.status_code == 200
    assert User.objects.get(pk=person.pk).website == "https://a.example/"


@pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
def test_nobody_but_the_owner_writes_about_others_or_sets_passwords(
    client: Client, role: str
) -> None:
    other = make_user("", username="other", public_name="Other", slug="other")
    person = make_user(role, username="nora")
    client.force_login(person)

    data = {"biography": "Slander.", "website": ""}
    assert client.post(f"/admin/articles/user/{other.pk}/change/", data).status_code == 403
    assert User.objects.get(pk=other.pk).biography == ""
    for user in (other, person):
        assert client.get(f"/admin/articles/user/{user.pk}/password/").status_code == 403
    assert client.post(f"/admin/articles/user/{person.pk}/delete/").status_code == 403


def test_who_may_not_use_the_admin_writes_nothing(client: Client) -> None:
    reader = make_user("", username="reader")
    client.force_login(reader)

    response = client.post(f"/admin/articles/user/{reader.pk}/change/", {"biography": "Me."})

    assert response.status_code == 403
    assert User.objects.get(pk=reader.pk).biography == ""
