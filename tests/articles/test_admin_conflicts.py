"""Two people at one article: nobody's work is overwritten unseen, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles import publishing, store
from articles.models import Article, Revision, User
from tests.articles.admin_forms import (
    add_row,
    change_url,
    errors_in,
    form_data,
    open_form,
    row_of,
)
from tests.factories import make_article, make_user
from tests.html import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def edith(client: Client) -> User:
    """The editor whose browser `client` is."""
    user = make_user("Editor", public_name="Edith Clarke")
    client.force_login(user)
    return user


@pytest.fixture
def other() -> Client:
    """The browser of another editor, Olga Ladyzhenskaya."""
    client = Client()
    client.force_login(make_user("Editor", public_name="Olga Ladyzhenskaya"))
    return client


def edit(client: Client, article: Article, **changes: Any) -> None:
    """Open the form, change fields and save."""
    data = open_form(client, article) | changes
    assert client.post(change_url(article), data).status_code == 302


def conflict_in(response: HttpResponse) -> str:
    """What the box of the conflict says first."""
    return parse(response.content).one(class_="conflict").all("p")[0].text


def test_saving_over_somebody_elses_save_is_refused_by_name_and_time(client, edith, other):
    article = make_article()
    data = open_form(client, article) | {"title": "Mine", "facts-0-statement": "My fact."}
    edit(other, article, title="Theirs", summary="Better title")
    response = client.post(change_url(article), data)
    assert Article.objects.get(pk=article.pk).title == "Theirs"
    page = response.content.decode()
    revision = Revision.objects.latest_of(article)
    # In the box with the way out, and nowhere else.
    assert page.count("Olga Ladyzhenskaya changed this article on ") == 1
    assert errors_in(response) == []
    assert "Please correct the error" not in page
    assert "after you opened it (Better title)." in page
    assert reverse("admin:articles_article_revision", args=[article.pk, revision.number]) in page


def test_what_was_typed_is_still_on_the_page_that_refuses(client, edith, other):
    article = make_article()
    data = open_form(client, article) | {"title": "Mine", "facts-0-statement": "My fact."}
    add_row(data, "milestones", date="1066", title="A new milestone")
    edit(other, article, title="Theirs", **{"facts-0-DELETE": "on"})
    kept = form_data(client.post(change_url(article), data))
    assert kept["title"] == "Mine"
    assert kept["facts-0-statement"] == "My fact."
    assert kept["facts-1-statement"] == "Nobody has counted them."
    assert kept[row_of(kept, "milestones", "title", "A new milestone") + "date"] == "1066"


def test_sending_the_refused_page_again_is_refused_again(client, edith, other):
    article = make_article()
    data = open_form(client, article) | {"title": "Mine"}
    edit(other, article, title="Theirs")
    again = form_data(client.post(change_url(article), data))
    assert client.post(change_url(article), again).status_code == 200
    assert Article.objects.get(pk=article.pk).title == "Theirs"


def test_the_box_replaces_exactly_what_was_shown(client, edith, other):
    article = make_article()
    data = open_form(client, article) | {"title": "Mine"}
    edit(other, article, title="Theirs")
    refusal = client.post(change_url(article), data)
    conflict = refusal.context["adminform"].form.conflict
    assert f'name="replaces" value="{conflict.state}"' in refusal.content.decode()
    data = form_data(refusal) | {"replaces": conflict.state}

    edit(other, article, title="Theirs again")
    response = client.post(change_url(article), data)
    assert response.status_code == 200
    assert Article.objects.get(pk=article.pk).title == "Theirs again"

    data["replaces"] = response.context["adminform"].form.conflict.state
    assert client.post(change_url(article), data).status_code == 302
    assert Article.objects.get(pk=article.pk).title == "Mine"


def test_replacing_keeps_parts_that_others_added_and_brings_back_what_they_deleted(
    client, edith, other
):
    article = make_article()
    data = open_form(client, article) | {"facts-0-statement": "My wording."}
    theirs = open_form(other, article) | {"facts-0-DELETE": "on"}
    add_row(theirs, "facts", label="Theirs", statement="A fact of theirs.")
    assert other.post(change_url(article), theirs).status_code == 302
    refusal = client.post(change_url(article), data)
    data = form_data(refusal) | {"replaces": refusal.context["adminform"].form.conflict.state}
    assert client.post(change_url(article), data).status_code == 302
    facts = store.load(Article.objects.get(pk=article.pk)).facts
    assert {fact.statement for fact in facts} == {
        "My wording.", "Nobody has counted them.", "A fact of theirs.",
    }  # fmt: skip


def test_an_old_form_does_not_undo_a_publication(client, edith, other):
    article = make_article()
    data = open_form(client, article) | {"title": "Mine"}
    publishing.publish(article=article)
    response = client.post(change_url(article), data)
    assert response.status_code == 200
    assert conflict_in(response).startswith(
        "The status or the address of this article was changed after you opened it."
    )
    assert Article.objects.get(pk=article.pk).status == "published"


def test_the_person_who_changed_only_the_status_is_named_too(client, edith, other):
    article = make_article()
    data = open_form(client, article)
    edit(other, article, status="published")
    assert conflict_in(client.post(change_url(article), data)).startswith(
        "Olga Ladyzhenskaya changed the status or the address of this article on "
    )


def test_a_form_that_does_not_say_when_it_was_opened_is_refused(client, edith):
    article = make_article()
    data = open_form(client, article) | {"title": "Mine"}
    del data["opened_at"]
    response = client.post(change_url(article), data)
    assert response.status_code == 200
    assert Article.objects.get(pk=article.pk).title == article.title


def test_an_import_in_between_is_called_an_import(client, edith):
    article = make_article()
    data = open_form(client, article)
    document = store.load(article)
    store.save(replace(document, title="Imported"), article=article)
    message = conflict_in(client.post(change_url(article), data))
    assert message.startswith("An import changed this article on ")


def test_my_own_second_save_from_the_same_page_is_no_conflict(client, edith):
    article = make_article()
    edit(client, article, title="First", _continue="1")
    edit(client, article, title="Second")
    assert Article.objects.get(pk=article.pk).title == "Second"


def test_a_milestone_on_its_own_page_is_guarded_as_well(client, edith, other):
    article = make_article()
    milestone = article.milestones.first()
    address = reverse("admin:timeline_milestone_change", args=[milestone.pk])
    data = form_data(client.get(address), "milestone_form") | {"title": "Mine"}
    edit(other, article, title="Theirs")
    response = client.post(address, data)
    assert response.status_code == 200
    assert "Olga Ladyzhenskaya changed this article on " in response.content.decode()
    milestone.refresh_from_db()
    assert milestone.title == "First milestones"
