"""The page of an author: what the person wants to be known, and nothing else."""

from __future__ import annotations

import pytest
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
