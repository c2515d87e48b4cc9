"""The site's own pages, and the footer that leads to them."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Page, SiteSettings
from tests.articles.bridges import make_editor
from tests.factories import make_first_pages, make_user
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages() -> None:
    make_first_pages()


def page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.content)


def footer(client: Client) -> list[str]:
    """The addresses of pages in the footer."""
    links = page(client, "/articles/").one("footer").all("a")
    return [a["href"] for a in links if a["href"].startswith("/pages/")]


def test_a_new_site_says_what_it_is_and_what_it_stores_and_invents_no_imprint(
    client: Client,
) -> None:
    assert footer(client) == ["/pages/about/", "/pages/privacy/"]
    assert page(client, "/pages/about/").one("h1").text == "About"
    privacy = page(client, "/pages/privacy/").by_id("main")
    assert [h.text for h in privacy.all("h2")] == [
        "Who is responsible",
        "How long what is kept",
        "All cookies",
        "When you read",
        "When you write a comment",
        "When you have an account",
    ]
    for slug in ("imprint", "contact"):
        assert client.get(f"/pages/{slug}/").status_code == 404


def test_a_page_appears_when_it_has_a_text_and_goes_when_it_has_none(client: Client) -> None:
    imprint = Page.objects.get(slug="imprint")
    imprint.body = "Nora Pont, Bridge Street 1"
    imprint.save()

    assert footer(client) == ["/pages/about/", "/pages/privacy/", "/pages/imprint/"]
    assert "Bridge Street" in page(client, "/pages/imprint/").by_id("main").text

    Page.objects.get(slug="about").delete()
    Page.objects.filter(slug="privacy").delete()
    assert footer(client) == ["/pages/imprint/"]

    imprint.is_published = False
    imprint.save()
    assert footer(client) == []
    assert client.get("/pages/imprint/").status_code == 404


def test_the_footer_keeps_the_order_and_the_titles_of_the_pages(client: Client) -> None:
    Page.objects.create(title="House rules", slug="rules", body="Be kind.", position=1)
    Page.objects.create(title="Hidden", slug="hidden", body="Text.", in_footer=False)

    assert footer(client)[0] == "/pages/rules/"
    assert SiteSettings.current().footer_pages[0] == ["House rules", "rules"]
    assert page(client, "/pages/hidden/").one("h1").text == "Hidden"


def test_the_first_pages_are_made_once_and_overwrite_nothing() -> None:
    Page.objects.filter(slug="about").update(body="Ours.")
    Page.objects.get(slug="privacy").save()

    make_first_pages()

    assert Page.objects.get(slug="about").body == "Ours."
    assert Page.objects.count() == 4


def test_no_html_of_a_page_gets_through_and_citations_are_plain_text(client: Client) -> None:
    body = "<script>alert(1)</script>\n\n## Part\n\nSee [[Term]] [x](javascript:alert(1))"
    Page.objects.create(title="<b>Bold</b>", slug="bold", body=body)

    main = page(client, "/pages/bold/").by_id("main")

    assert main.one("h1").text == "<b>Bold</b>"
    assert main.one("h2").text == "Part"
    assert main.all("script") == main.all("a") == []
    assert "<script>alert(1)</script>" in main.text
    assert "See Term" in main.text


def test_editors_see_a_page_that_is_not_there_yet_and_are_told_so(client: Client) -> None:
    client.force_login(make_editor())

    response = client.get("/pages/imprint/")

    assert parse(response.content).one("p", class_="draft-note").text == (
        "This page has no text yet. Only editors see it, and nothing leads here."
    )
    assert response["Cache-Control"] == "private, no-store"


def test_an_editor_writes_a_page_in_the_admin_and_is_told_what_is_to_do(client: Client) -> None:
    client.force_login(make_user("Editor"))
    contact = Page.objects.get(slug="contact")

    listed = client.get("/admin/articles/page/").text
    assert listed.count("the page has no text yet") == 2
    data = {
        "title": "Contact",
        "slug": "contact",
        "body": "Write to us.\n\n- by post",
        "is_published": "on",
        "in_footer": "on",
        "position": "40",
    }
    response = client.post(f"/admin/articles/page/{contact.pk}/change/", data)

    assert response.status_code == 302
    assert "/pages/contact/" in footer(client)
    assert page(client, "/pages/contact/").by_id("main").one("li").text == "by post"


def test_the_footer_costs_no_query(
    client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    Page.objects.get(slug="about").save()

    # How many articles there are, those of the page, and the settings.
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/articles/")


def test_all_pages_are_not_deleted_by_a_slip() -> None:
    assert not hasattr(Page.objects, "delete")
