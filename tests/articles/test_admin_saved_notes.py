"""What editors are told when they have saved or published: who reads it, whom it names."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import Article, User
from tests.articles.admin_forms import change_url, form_data, open_form
from tests.factories import make_article, make_user
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
ADDRESS = "/articles/road-signs/"


@pytest.fixture
def editor(client: Client) -> User:
    """An editor who is signed in."""
    user = make_user("Editor", public_name="Edith Clarke")
    client.force_login(user)
    return user


def make(**values: Any) -> Article:
    """The article of these tests."""
    return make_article(title="Road signs", slug="road-signs", **values)


def messages(client: Client, address: str, data: dict[str, Any]) -> list[Element]:
    """What the page after saving says at its top."""
    response = client.post(address, data, follow=True)
    assert response.status_code == 200
    return parse(response.content).one("ul", class_="messagelist").all("li")


def test_who_publishes_is_led_to_what_readers_see(client: Client, editor: User) -> None:
    article = make()

    told = messages(
        client, change_url(article), open_form(client, article) | {"status": "published"}
    )

    (note,) = [li for li in told if "Readers" in li.text]
    assert note.text == "Readers see it now: Road signs"
    assert note.one("a")["href"] == ADDRESS
    assert client.get(ADDRESS).status_code == 200


def test_who_saves_what_readers_do_not_see_is_led_to_a_preview(
    client: Client, editor: User
) -> None:
    article = make()

    told = messages(
        client, change_url(article), open_form(client, article) | {"short_answer": "S."}
    )

    (note,) = [li for li in told if "Readers" in li.text]
    assert note.text == "Readers do not see it. Preview"
    assert note.one("a")["href"] == ADDRESS
    tools = parse(client.get(change_url(article)).content).one("ul", class_="object-tools")
    assert [a["href"] for a in tools.all("a") if a.text == "Preview"] == [ADDRESS]
    publishing.publish(article=article)
    tools = parse(client.get(change_url(article)).content).one("ul", class_="object-tools")
    assert [a["href"] for a in tools.all("a") if a.text == "View on site"] == [ADDRESS]


def test_the_day_of_a_scheduled_article_is_named(client: Client, editor: User) -> None:
    article = make()
    publishing.publish(article=article, at=timezone.now() + datetime.timedelta(days=400))

    told = messages(
        client, change_url(article), open_form(client, article) | {"short_answer": "S."}
    )

    (note,) = [li.text for li in told if "Readers" in li.text]
    day = Article.objects.get().published_at
    assert day is not None
    assert note.startswith("Readers see it from ")
    assert str(day.year) in note


def test_articles_that_an_action_published_are_linked_to(client: Client, editor: User) -> None:
    keys = [str(make_article(title=f"Bridge {n}").pk) for n in range(7)]

    told = messages(client, LIST, {"action": "publish_selected", "_selected_action": keys})

    assert told[0].text == "7 articles changed."
    assert len([li for li in told if li.text.startswith("Readers see it now: Bridge")]) == 5


def test_an_author_without_a_public_name_is_told_of(client: Client, editor: User) -> None:
    author = make_user("Writer", username="nn", public_name="")
    article = make(author="")
    Article.objects.update(author=author)
    said = "Readers are told no author: nn has no public name."

    told = messages(client, change_url(article), open_form(client, article))

    assert f"{said} Ask whoever looks after the accounts to give one." in [li.text for li in told]
    client.force_login(User.objects.create_superuser("owner"))
    told = messages(client, change_url(article), open_form(client, article))
    (warning,) = [li for li in told if said in li.text]
    assert warning["class"] == "warning"
    assert warning.one("a")["href"] == f"/admin/articles/user/{author.pk}/change/"
    User.objects.filter(pk=author.pk).update(public_name="Nora Nn")
    told = messages(client, change_url(article), open_form(client, article))
    assert not [li for li in told if "public name" in li.text]


def test_a_title_that_is_taken_leads_to_the_article_that_has_it(
    client: Client, editor: User
) -> None:
    other = make(short_answer="<b>")
    address = f"{LIST}add/"

    response = client.post(address, form_data(client.get(address)) | {"title": "Road signs"})

    tree = parse(response.content)
    (error,) = tree.all("ul", class_="errorlist")
    assert error.one("a")["href"] == change_url(other)
    # The list at the top of the page is made of links itself.
    (link,) = tree.one("div", class_="problem-list").all("a")
    assert (link["href"], link.text) == ("#id_title", f"Title: {error.text}")
