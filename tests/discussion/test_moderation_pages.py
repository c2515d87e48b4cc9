"""Deciding about comments in the admin, one and many, and what the moderators see."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.models import Article, User
from tests.articles.bridges import make_article
from tests.factories import make_comment, make_user
from tests.html import parse

LIST = "/admin/discussion/comment/"


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def moderator(client: Client, db: None) -> User:
    person = make_user("Moderator", public_name="Mo")
    client.force_login(person)
    return person


def test_many_are_approved_at_once_with_who_did_it(
    client: Client, article: Article, moderator: User
) -> None:
    comments = [make_comment(article, status="held") for _ in range(3)]
    already = make_comment(article)
    keys = [str(comment.pk) for comment in [*comments, already]]

    response = client.post(
        LIST, {"action": "approve_selected", "_selected_action": keys}, follow=True
    )

    rows = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    assert {(row.status, row.decided_by) for row in rows} == {("approved", moderator)}
    assert [str(message) for message in response.context["messages"]] == [
        "3 comments: approved.",
        "1 comment was so already, or is deleted.",
    ]
    assert LogEntry.objects.filter(user=moderator).count() == 4


@pytest.mark.parametrize(
    ("label", "status"), [("Approve", "approved"), ("Reject", "rejected"), ("Spam", "spam")]
)
def test_the_buttons_of_a_page_decide_about_its_comment_and_lead_to_what_still_waits(
    client: Client, article: Article, moderator: User, label: str, status: str
) -> None:
    comment = make_comment(article, status="held")

    response = press(client, comment, label)

    comment.refresh_from_db()
    assert comment.status == status
    assert response.redirect_chain == [(f"{LIST}?status__exact=held", 302)]


def test_a_decision_can_be_taken_back(client: Client, article: Article, moderator: User) -> None:
    comment = make_comment(article, status="rejected")

    press(client, comment, "Approve")

    comment.refresh_from_db()
    assert comment.status == "approved"


def test_of_two_moderators_the_second_is_told_that_the_first_was_quicker(
    client: Client, article: Article, moderator: User
) -> None:
    comment = make_comment(article, status="held")

    response = press(client, comment, "Reject", meanwhile="approved")

    comment.refresh_from_db()
    assert comment.status == "approved"
    assert [str(message) for message in response.context["messages"]] == [
        "Nothing was changed: somebody decided about this comment meanwhile."
    ]


def press(client: Client, comment: Comment, label: str, *, meanwhile: str = "") -> Any:
    """Open the page of a comment and press one of its buttons."""
    form = parse(client.get(f"{LIST}{comment.pk}/change/").content).one("form", class_="decide")
    data = {field["name"]: field["value"] for field in form.all("input")}
    (button,) = [button for button in form.all("button") if button.text == label]
    if meanwhile:
        moderation.decide(comments=[comment.pk], status=meanwhile)
    return client.post(form["action"], data | {"action": button["value"]}, follow=True)


def test_deleting_in_the_admin_keeps_replies_below_a_placeholder(
    client: Client, article: Article, moderator: User
) -> None:
    first = make_comment(article, name="Eve")
    reply = make_comment(article, parent=first)

    asked = client.get(f"{LIST}{first.pk}/delete/")
    client.post(f"{LIST}{first.pk}/delete/", {"post": "yes"})

    assert "protected" not in asked.content.decode()
    first.refresh_from_db()
    assert (first.status, first.name, first.decided_by) == ("deleted", "", moderator)
    assert Comment.objects.get(pk=reply.pk).is_approved


def test_a_deleted_comment_cannot_be_brought_back(article: Article) -> None:
    first = make_comment(article)
    make_comment(article, parent=first)
    moderation.delete(comments=[first.pk])

    assert moderation.decide(comments=[first.pk], status="approved") == 0
    with pytest.raises(ValueError, match="deleted"):
        moderation.decide(comments=[first.pk], status="deleted")


def test_the_list_shows_what_is_said_by_whom_about_what(
    client: Client, article: Article, moderator: User
) -> None:
    make_comment(
        article, name="Ana", body="Is that so?\n\n" + "x" * 500, about_name="Fact: Mortar",
        status="held",
    )  # fmt: skip

    row = parse(client.get(LIST).content).one("table", id="result_list").one("tbody").one("tr")

    cells = [cell.text for cell in row.walk() if cell.tag in {"th", "td"}]
    assert cells[1].startswith("Is that so? xxx")
    assert cells[1].endswith("…")
    assert cells[2:6] == ["Stone bridges", "Ana (guest)", "Held", "Fact: Mortar"]


def test_the_list_is_filtered_and_searched(
    client: Client, article: Article, moderator: User
) -> None:
    other = make_article(title="Other", slug="other")
    held = make_comment(article, status="held", body="About keystones")
    make_comment(article, body="About mortar")
    elsewhere = make_comment(other, status="held")

    def found(query: str) -> set[str]:
        tree = parse(client.get(f"{LIST}?{query}").content)
        return {box["value"] for box in tree.all("input", name="_selected_action")}

    assert found("status__exact=held") == {str(held.pk), str(elsewhere.pk)}
    assert found(f"article={other.pk}") == {str(elsewhere.pk)}
    assert found("q=keystones") == {str(held.pk)}
    assert found("article=x") == set()
    assert found(f"article={'9' * 30}") == set()


def test_the_list_says_which_articles_it_offers_and_marks_what_waits(
    client: Client, article: Article, moderator: User
) -> None:
    make_comment(make_article(title="Quiet", slug="quiet"))
    make_comment(article, status="held")
    tree = parse(client.get(LIST).content)
    titles = [each.text for each in tree.by_id("changelist-filter").all("summary")]
    assert "By article with comments that wait" in titles
    assert [link.text for link in tree.all("a") if "?article=" in link["href"]] == [article.title]
    assert tree.one(class_="mark-held").text == "Held"


def test_the_front_of_the_admin_counts_what_waits_and_leads_there(
    client: Client, article: Article, moderator: User
) -> None:
    def waiting() -> str:
        text: str = parse(client.get("/admin/").content).one("p", class_="waiting").text
        return text

    assert waiting() == "No comments wait."
    make_comment(article, status="held")
    assert waiting() == "1 comment waits for a decision"
    make_comment(article, status="held")
    assert waiting() == "2 comments wait for a decision"
    link = parse(client.get("/admin/").content).one("p", class_="waiting").one("a")["href"]
    assert len(parse(client.get(link).content).all("input", name="_selected_action")) == 2


def test_the_page_of_a_comment_shows_all_there_is_to_judge_it(
    client: Client, article: Article, moderator: User
) -> None:
    above = make_comment(article, name="Ben", body="First words.")
    comment = make_comment(
        article, parent=above, name="Ana", email="ana@example.org", body="**Second** <b>words</b>.",
        about="fact-mortar", about_name="Fact: Mortar", about_text="As it was.", status="held",
    )  # fmt: skip

    body = client.get(f"{LIST}{comment.pk}/change/").content.decode()

    text = parse(body).one("div", class_="said")
    assert text.text == "Second <b>words</b>."
    for words in ("ana@example.org", "As it was.", "Fact: Mortar", "First words.", "Stone bridges"):
        assert words in body
    assert 'name="_save"' not in body


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_and_with_three(
    client: Client, article: Article, moderator: User, count: int, django_assert_num_queries: object
) -> None:
    for _ in range(count):
        make_comment(article, status="held", user=make_user())
    client.get(LIST)

    # Session, user, two for permissions, the site's settings; the filter's articles, count, date
    # hierarchy (two), rows.
    with django_assert_num_queries(10):  # type: ignore[operator]
        client.get(LIST)


def test_an_editor_deletes_an_article_with_its_discussion(client: Client, article: Article) -> None:
    make_comment(article, parent=make_comment(article))
    client.force_login(make_user("Editor"))

    client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"})

    assert not Article.objects.exists()
    assert not Comment.objects.exists()
