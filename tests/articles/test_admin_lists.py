"""What the lists and the sections of the admin show."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.document import Fact, InfoboxRow, Reference, Section
from articles.models import User
from tests.factories import make_article, make_comment, make_user
from tests.html import parse

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
SOURCES = "/admin/articles/source/"


@pytest.fixture
def owner(client: Client) -> User:
    """The owner, signed in."""
    user: User = User.objects.create_superuser("owner")
    client.force_login(user)
    return user


def rows(client: Client, address: str) -> list[list[str]]:
    """The texts of a list, row by row: what leads to the row, and then the other columns."""
    body = parse(client.get(address).content).by_id("result_list").one("tbody")
    return [[cell.text for cell in (*row.all("th"), *row.all("td"))] for row in body.all("tr")]


def titles(client: Client, query: str) -> set[str]:
    """The titles in the list of articles."""
    return {row[0] for row in rows(client, f"{LIST}?{query}")}


def make_checked(title: str, checked: str, **more: Any) -> None:
    """An article whose only statement with a source was checked that day."""
    fact = Fact(statement="It is so [@book].", checked=checked)
    make_article(
        title=title, **{"infobox": (), "timeline": (), "facts": (fact,), **more},
        references=(Reference(key="book", url="https://example.org/"),),
    )  # fmt: skip


def test_articles_are_found_by_the_checks_of_their_statements(client: Client, owner: User) -> None:
    today = timezone.localdate()
    make_checked("Never", "")
    make_checked("Long ago", str(today - datetime.timedelta(days=4000)))
    make_checked("Now", str(today))
    # Neither has a statement that could be compared with a source and was not.
    make_checked("No source", "", facts=(Fact(statement="It is so."),))
    prose = (Section(heading="Overview", body="Text [@book]."),)
    make_checked("Prose", str(today), sections=prose)
    row = (InfoboxRow(label="Kind", value="Stone [@book]"),)
    make_checked("Row", str(today), infobox=row)

    assert titles(client, "checks=never") == {"Never", "Row"}
    assert titles(client, "checks=stale") == {"Long ago"}
    assert len(titles(client, "checks=x")) == 6


def test_sources_are_listed_with_their_fullest_titles(client: Client, owner: User) -> None:
    url = "https://example.org/"
    plain = Reference(key="a", title="Signs", url=url)
    full = Reference(key="b", title="Signs of the road", authors=("Ada",), year="1843", url=url)
    nameless = Reference(key="c", publisher="P", year="1843", authors=("Ada",), pages="3", url=url)
    for number, reference in enumerate([plain, full, nameless]):
        make_article(title=f"Road {number}", references=(reference,))
    make_article(title="Other", references=(Reference(key="d", url="https://example.com/"),))

    found = {tuple(row[:3]) for row in rows(client, SOURCES)}

    assert found == {
        ("url:https://example.org/", "Signs of the road", "3"),
        ("url:https://example.com/", "–", "1"),
    }


def test_the_list_of_sources_costs_the_same_for_many(client: Client, owner: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(SOURCES).status_code == 200
        return len(captured)

    def make(number: int) -> None:
        reference = Reference(key="a", title="Signs", url=f"https://example.org/{number}")
        make_article(title=f"Road {number}", references=(reference,))

    make(0)
    client.get(SOURCES)
    few = queries()
    for number in range(1, 6):
        make(number)
    assert queries() == few


def test_sections_are_named_by_what_is_in_them(client: Client, owner: User) -> None:
    tree = parse(client.get("/admin/").content).by_id("content-main")

    assert [caption.text for caption in tree.all("caption")] == [
        "Content", "Discussion", "Milestones and tracks", "Roles", "System tasks",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
def test_what_the_system_does_is_the_owners_to_look_at(client: Client, role: str) -> None:
    client.force_login(make_user(role))

    assert "System tasks" not in client.get("/admin/").content.decode()
    assert client.get("/admin/django_tasks_database/dbtaskresult/").status_code == 403


@pytest.mark.parametrize(
    "address", [LIST, "/admin/discussion/comment/"], ids=["articles", "comments"]
)
def test_deleting_is_the_last_thing_offered(client: Client, owner: User, address: str) -> None:
    make_comment(make_article())

    options = parse(client.get(address).content).one("select", name="action").all("option")

    values = [option["value"] for option in options]
    assert values[1] in {"publish_selected", "approve_selected"}
    assert values[-1] == "delete_selected"
