"""Odd and hostile input to the admin: a clear message or a 4xx, never an error of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from articles import store
from articles.admin.recording import state_of
from articles.document import Fact, InfoboxRow, Milestone, Reference, Section
from articles.models import Article, Page, Term, User
from tests.articles.admin_forms import (
    add_row,
    change_url,
    errors_in,
    form_data,
    open_form,
)
from tests.factories import make_article, make_first_pages, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> User:
    """A superuser who is signed in: everything is open to mistakes."""
    user = make_user("owner")
    client.force_login(user)
    return user


VALUES = {
    "nothing": "",
    "nul": "a\x00b",
    "controls": "\x1b[31m\u202e\ufffe",
    "long": "x" * 10_000,
    "number": "9" * 40,
    "negative": "-1",
    "word": "NaN",
    "markup": "<script>alert(1)</script>",
    "list": "[]",
    "emoji": "🪨" * 300,
    "surrogates in utf-8": b"\xed\xa0\x80",
    "no utf-8": b"\xff\xfe",
}


SMALL = {
    "infobox": (InfoboxRow(label="Field", value="Roads"),),
    "sections": (Section(heading="Overview", body="Text."),),
    "facts": (Fact(label="Oldest", statement="In Rome."),),
    "timeline": (Milestone(date="1908", title="Signs", tracks=("Law",)),),
    "references": (Reference(key="unclear"),),
}


def send(client: Client, article: Article, data: dict[str, Any]) -> int:
    """Send the form as if it was opened just now. The status of the answer."""
    data["opened_at"] = state_of(Article.objects.get(pk=article.pk))
    status = client.post(change_url(article), data).status_code
    assert client.get(change_url(article)).status_code == 200 if status == 302 else True
    return status


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_no_value_in_all_fields_at_once_breaks_the_form(client, owner, value):
    article = make_article(**SMALL)
    data = open_form(client, article)
    names = [name for name in data if not name.endswith(("_FORMS", "-id", "token"))]
    assert send(client, article, data | dict.fromkeys(names, value)) == 200


@pytest.mark.parametrize("value", ["\x00", "9" * 40], ids=["nul", "number"])
def test_no_value_in_one_field_breaks_the_form(client, owner, value):
    article = make_article(**SMALL)
    data = open_form(client, article) | {"opened_at": state_of(article)}
    # What a form says of its rows is read in one way for all kinds; those of facts are tested.
    names = [
        name
        for name in data
        if ("__prefix__" not in name and not name.endswith(("token", "_NUM_FORMS")))
        or name in {"facts-MIN_NUM_FORMS", "facts-MAX_NUM_FORMS"}
    ]
    assert len(names) > 60
    accepted = {}
    for name in names:
        # Each is tried on the article as it was: one that was saved would hide what others do.
        with transaction.atomic():
            status = client.post(change_url(article), data | {name: value}).status_code
            transaction.set_rollback(True)
        assert status in {200, 302}, name
        if status == 302 and not name.endswith(("_FORMS", "-id")):
            accepted[name] = value
    # Digits are a text like any other; NUL is none.
    assert ("facts-0-statement" in accepted) == (value != "\x00")
    assert send(client, article, data | accepted) == 302


@pytest.mark.parametrize("value", ["", "x", "-5", "1000000000", "\x00"], ids=ascii)
@pytest.mark.parametrize("name", ["TOTAL_FORMS", "INITIAL_FORMS", "MAX_NUM_FORMS"])
def test_a_form_that_lies_about_its_rows_harms_nothing(client, owner, name, value):
    article = make_article()
    before = store.load(article).facts
    data = open_form(client, article) | {f"facts-{name}": value}
    response = client.post(change_url(article), data)
    assert response.status_code in {200, 302}
    assert store.load(Article.objects.get(pk=article.pk)).facts == before


def test_a_form_without_its_management_form_is_refused_with_a_message(client, owner):
    article = make_article()
    before = store.load(article)
    data = {
        name: value
        for name, value in open_form(client, article).items()
        if not name.startswith("facts-")
    }
    response = client.post(change_url(article), data | {"title": "Changed"})
    assert response.status_code == 200
    assert "ManagementForm data is missing" in response.content.decode()
    assert store.load(Article.objects.get(pk=article.pk)) == before


def test_repeated_parameters_count_once(client, owner):
    article = make_article()
    data: dict[str, Any] = open_form(client, article)
    data |= {
        name: [data[name], data[name]] for name in ("facts-TOTAL_FORMS", "title", "facts-0-id")
    }
    assert client.post(change_url(article), data).status_code == 302
    assert len(store.load(Article.objects.get(pk=article.pk)).facts) == 2


def test_a_row_of_another_article_cannot_be_reached(client, owner):
    article, other = make_article(), make_article()
    data = open_form(client, article)
    theirs = other.facts.first()
    data |= {"facts-0-id": str(theirs.pk), "facts-0-statement": "Mine now."}
    client.post(change_url(article), data)
    theirs.refresh_from_db()
    assert (theirs.article, theirs.statement) == (
        other, "The oldest stand in Rome [@cowper2001].",
    )  # fmt: skip


def test_more_rows_than_a_form_may_hold_are_refused(client, owner):
    article = make_article()
    data = open_form(client, article)
    for number in range(400):
        add_row(data, "facts", statement=f"Fact {number}")
    response = client.post(change_url(article), data)
    assert response.status_code == 200
    assert "Please submit at most" in response.content.decode()
    assert article.facts.count() == 2


def test_texts_at_their_limit_are_saved_and_one_more_letter_is_refused(client, owner):
    article = make_article()
    data = open_form(client, article) | {"title": "x" * 300, "facts-0-statement": "y" * 5000}
    assert client.post(change_url(article), data).status_code == 302
    data = open_form(client, article) | {"title": "x" * 301, "facts-0-statement": "y" * 5001}
    page = client.post(change_url(article), data).content.decode()
    assert "Ensure this value has at most 300 characters (it has 301)." in page
    assert "Ensure this value has at most 5000 characters (it has 5001)." in page


ADDRESSES = [
    "/admin/articles/article/?q=%00",
    "/admin/articles/article/?title=%00",
    "/admin/articles/article/?category=%00&tag=x&author=-1",
    "/admin/articles/article/?category=" + "9" * 40,
    "/admin/articles/article/?tag=½&shown=x&sources=x&language=x",
    "/admin/articles/article/?p=x&o=999.-x",
    "/admin/articles/article/?o=%00",
    "/admin/articles/article/?nothing__of__this=1",
    "/admin/articles/article/?q=" + "x" * 5000,
    "/admin/articles/article/x/change/",
    "/admin/articles/article/%00/change/",
    "/admin/articles/article/" + "9" * 40 + "/change/",
    "/admin/articles/article/" + "9" * 40 + "/history/",
    "/admin/articles/article/½/history/",
    "/admin/articles/article/1/history/" + "9" * 40 + "/",
    "/admin/articles/article/" + "9" * 40 + "/preview/",
    "/admin/articles/article/" + "9" * 40 + "/merge/",
    "/admin/articles/article/add/?title=%00&category=x&tags=x,%00&author=9" + "9" * 40,
    "/admin/articles/fact/?article__id__exact=x",
    "/admin/articles/fact/?article__id__exact=%00",
    "/admin/articles/fact/add/?article=%00",
    "/admin/timeline/milestone/?article__id__exact=" + "9" * 40,
    "/admin/timeline/milestone/?tracks__id__exact=x",
    "/admin/articles/term/?q=%00%22%27",
    "/admin/articles/revision/?created_at__year=x",
    "/admin/articles/sitesettings/2/change/",
    "/admin/autocomplete/?app_label=articles&model_name=article&field_name=tags&term=%00",
    "/admin/autocomplete/?app_label=articles&model_name=term&field_name=article&term=%00&page=x",
    "/admin/auth/group/?q=%00",
    "/admin/articles/user/?q=%00&username=%00",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_of_the_admin_breaks(client, owner, address):
    make_article()
    response = client.get(address)
    assert response.status_code in {200, 301, 302, 400, 404}


@pytest.mark.parametrize("kind", ["fact", "reference", "relatedterm", "section"])
@pytest.mark.parametrize("value", ["\x00", "x" * 10_000, "9" * 40], ids=["nul", "long", "number"])
def test_no_value_breaks_the_pages_of_parts(client, owner, kind, value):
    article = make_article(**SMALL)
    row = getattr(article, f"{kind}s").first()
    address = f"/admin/articles/{kind}/{row.pk}/change/"
    data = form_data(client.get(address), f"{kind}_form")
    for name in data.keys() - {"csrfmiddlewaretoken", "opened_at"}:
        now = {"opened_at": state_of(Article.objects.get(pk=article.pk))}
        address = f"/admin/articles/{kind}/{getattr(article, f'{kind}s').get().pk}/change/"
        response = client.post(address, data | now | {name: value})
        assert response.status_code in {200, 302}, name


@pytest.mark.parametrize("value", ["x", "\x00", "9" * 40, "-1", "½", ""], ids=ascii)
@pytest.mark.parametrize(
    "address",
    ["/admin/articles/article/", "/admin/discussion/comment/", "/admin/articles/user/"],
)
def test_a_chosen_row_that_can_be_none_is_refused(client, owner, address, value):
    make_article()
    data = {"action": "delete_selected", "_selected_action": value}
    assert client.post(address, data).status_code == 400


def test_a_chosen_task_that_can_be_none_is_refused(client, owner):
    address = "/admin/django_tasks_database/dbtaskresult/"
    data = {"action": "x", "_selected_action": "no uuid"}
    assert client.post(address, data).status_code == 400


@pytest.mark.parametrize("name", ["articles/fact", "discussion/comment", "auth/group"])
def test_two_filters_that_fail_are_an_unfiltered_list_and_no_error(client, owner, name):
    for query in ("p=x&e=1", "id__in=x&e=x", "nothing__of__this=1&e=1"):
        response = client.get(f"/admin/{name}/?{query}", follow=True)
        assert response.status_code in {200, 400}


@pytest.mark.parametrize("slug", ["a/b", "//", "\ud800", "[a](b)", " ", "x" * 500], ids=ascii)
@pytest.mark.parametrize("name", ["user", "page", "term", "category", "article"])
def test_a_slug_that_can_be_no_address_comes_back_with_a_message(client, owner, name, slug):
    article = make_article()
    make_first_pages()
    row = {
        "user": make_user("Writer"),
        "page": Page.objects.first(),
        "term": Term.objects.first(),
        "category": article.category,
        "article": article,
    }[name]
    address = f"/admin/articles/{name}/{row.pk}/change/"
    data = form_data(client.get(address), f"{name}_form")
    data["slug"] = slug.encode("utf-8", "surrogatepass")
    response = client.post(address, data)
    assert response.status_code in {200, 302}
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("article", ["", "x", "0", "9" * 40])
def test_a_milestone_of_no_article_comes_back_with_a_message(client, owner, article):
    address = "/admin/timeline/milestone/add/"
    data = form_data(client.get(address), "milestone_form")
    response = client.post(address, data | {"date": "1908", "title": "Signs", "article": article})
    assert response.status_code == 200
    assert errors_in(response) != []
