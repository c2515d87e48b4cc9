"""A long form that is refused says at its top what is wrong, with a link to each field."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.articles.admin_forms import change_url, open_form
from tests.articles.bridges import make_article
from tests.factories import make_user
from tests.html import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("Editor"))
    return client


def listed(client: Client, **changes: str) -> dict[str, str]:
    """The sentences of the list and the ids they lead to, after sending the form with changes."""
    article = make_article()
    answer = client.post(change_url(article), open_form(client, article) | changes)
    assert answer.status_code == 200
    tree = parse(answer.content)
    links = tree.one("div", id="problem-list").all("a")
    for link in links:
        assert tree.all(id=link["href"].removeprefix("#")), link["href"]
    return {link.text: link["href"] for link in links}


def test_mistakes_of_the_article_and_of_its_parts_are_listed_with_links(editor: Client) -> None:
    found = listed(editor, title="", **{"milestones-1-date": "soonish", "facts-0-statement": ""})
    assert list(found.values()) == [
        "#id_title",
        "#id_facts-0-statement",
        "#id_milestones-1-date",
    ]
    title, fact, milestone = found
    assert title.startswith("Title: ")
    assert fact.startswith("Fact 1, Statement: ")
    assert milestone.startswith("Milestone 2, Date: ")


def test_a_part_that_is_to_be_deleted_is_no_problem(editor: Client) -> None:
    changes = {"milestones-1-date": "soonish", "milestones-1-DELETE": "on"}
    found = listed(editor, title="", **changes)
    assert list(found.values()) == ["#id_title"]


def test_a_form_without_mistakes_has_no_list(editor: Client) -> None:
    tree = parse(editor.get(change_url(make_article())).content)
    assert not tree.all(id="problem-list")
