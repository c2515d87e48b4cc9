"""Publishing a working copy in the admin: what stands in the way is said where it is settled."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from articles import publishing, store
from articles.models import Article
from tests.articles.admin_forms import form_data
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

NOT_PUBLISHED = "Not published. Tick this box to replace those changes"


@pytest.fixture
def publisher(client: Client) -> Client:
    """The browser of somebody who may publish."""
    client.force_login(make_user("Editor", public_name="Edith Clarke"))
    return client


def moved_copy() -> tuple[Article, Article]:
    """An article that was changed after its working copy was made, and the copy."""
    article = make_article()
    copy = publishing.start_working_copy(article=article, author=None)
    Article.objects.filter(pk=copy.pk).update(title="Merged")
    changed = type(store.load(article))(title="Changed", slug=article.slug)
    store.save(changed, article=Article.objects.get(pk=article.pk))
    return article, copy


def merge_url(copy: Article) -> str:
    """The page that publishes a working copy."""
    return f"/admin/articles/article/{copy.pk}/merge/"


def open_merge(client: Client, copy: Article) -> dict[str, Any]:
    """What its form would send when it was just opened, which says nothing of an error."""
    response = client.get(merge_url(copy))
    assert response.status_code == 200
    assert NOT_PUBLISHED not in response.content.decode()
    return form_data(response, "")


def test_publishing_over_changes_without_the_box_says_so_and_keeps_the_summary(publisher):
    article, copy = moved_copy()
    data = open_merge(publisher, copy) | {"summary": "Spring edition"}
    response = publisher.post(merge_url(copy), data)
    assert response.status_code == 422
    assert NOT_PUBLISHED in response.content.decode()
    assert form_data(response, "")["summary"] == "Spring edition"
    assert Article.objects.get(pk=article.pk).title == "Changed"


def test_with_the_box_the_working_copy_replaces_the_changes(publisher):
    article, copy = moved_copy()
    data = open_merge(publisher, copy) | {"replaces": "2"}
    assert publisher.post(merge_url(copy), data).status_code == 302
    assert Article.objects.get(pk=article.pk).title == "Merged"
