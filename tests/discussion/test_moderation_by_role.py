"""Who may decide about comments, asked at the admin's own addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from articles.discussion.models import Comment
from tests.articles.bridges import make_article
from tests.factories import find_role, make_comment, make_user
from tests.html import parse

pytestmark = pytest.mark.django_db

LIST = "/admin/discussion/comment/"
type Act = Callable[[Client, Comment], bool]


def page_of(comment: Comment) -> str:
    return f"{LIST}{comment.pk}/change/"


def act(client: Client, comment: Comment, action: str) -> str:
    client.post(LIST, {"action": action, "_selected_action": [str(comment.pk)]})
    return Comment.objects.get(pk=comment.pk).status


def see_list(client: Client, comment: Comment) -> bool:
    return client.get(LIST).status_code == 200


def see_comment(client: Client, comment: Comment) -> bool:
    return client.get(page_of(comment)).status_code == 200


def approve(client: Client, comment: Comment) -> bool:
    return act(client, comment, "approve_selected") == "approved"


def reject(client: Client, comment: Comment) -> bool:
    return act(client, comment, "reject_selected") == "rejected"


def mark_as_spam(client: Client, comment: Comment) -> bool:
    return act(client, comment, "spam_selected") == "spam"


def delete(client: Client, comment: Comment) -> bool:
    client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"})
    return not Comment.objects.filter(pk=comment.pk).exists()


def delete_in_bulk(client: Client, comment: Comment) -> bool:
    data = {"action": "delete_selected", "_selected_action": [str(comment.pk)], "post": "yes"}
    client.post(LIST, data)
    return not Comment.objects.filter(pk=comment.pk).exists()


def change_the_text(client: Client, comment: Comment) -> bool:
    client.post(page_of(comment), {"body": "Put into somebody's mouth.", "status": "approved"})
    found = Comment.objects.get(pk=comment.pk)
    return (found.body, found.status) != (comment.body, comment.status)


def add(client: Client, comment: Comment) -> bool:
    return client.get(f"{LIST}add/").status_code == 200


def see_the_count(client: Client, comment: Comment) -> bool:
    return "1 comment waits for a decision" in client.get("/admin/").content.decode()


#        action                 Writer Editor Moderator reader
TABLE: list[tuple[Act, tuple[bool, bool, bool, bool]]] = [
    (see_list, (True, True, True, False)),
    (see_comment, (True, True, True, False)),
    (see_the_count, (False, True, True, False)),
    (approve, (False, True, True, False)),
    (reject, (False, True, True, False)),
    (mark_as_spam, (False, True, True, False)),
    (delete, (False, True, True, False)),
    (delete_in_bulk, (False, True, True, False)),
    (change_the_text, (False, False, False, False)),
    (add, (False, False, False, False)),
]
ROLES = ("Writer", "Editor", "Moderator", "")
CASES = [
    pytest.param(role, act, allowed[index], id=f"{role or 'reader'} {act.__name__}")
    for act, allowed in TABLE
    for index, role in enumerate(ROLES)
]


@pytest.mark.parametrize(("role", "act", "may"), CASES)
def test_each_role_can_do_what_the_table_says_and_nothing_else(
    client: Client, role: str, act: Act, may: bool
) -> None:
    find_role("Writer")
    comment = make_comment(make_article(), status="held")
    client.force_login(make_user(role))

    assert act(client, comment) is may


@pytest.mark.parametrize(
    ("role", "buttons"), [("Writer", []), ("Moderator", ["Approve", "Reject", "Spam"])]
)
def test_the_page_of_a_comment_offers_what_one_may_do(
    client: Client, role: str, buttons: list[str]
) -> None:
    comment = make_comment(make_article(), status="held")
    client.force_login(make_user(role))

    tree = parse(client.get(page_of(comment)).content)

    found = [
        button.text for form in tree.all("form", class_="decide") for button in form.all("button")
    ]
    assert found == buttons
