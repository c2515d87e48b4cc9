"""Who may do what, asked at the admin's own addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from articles import publishing, store
from articles.models import Article, Category, SiteSettings, Term
from tests.articles.admin_forms import change_url, form_data, open_form
from tests.factories import find_role, make_article, make_user

pytestmark = pytest.mark.django_db

type Act = Callable[[Client, Article], bool]


def change_text(client: Client, article: Article) -> bool:
    response = client.get(change_url(article))
    data = form_data(response) | {"title": "Changed", "facts-0-statement": "Changed."}
    client.post(change_url(article), data)
    document = store.load(Article.objects.get(pk=article.pk))
    assert (document.title == "Changed") == (document.facts[0].statement == "Changed.")
    return document.title == "Changed"


def add_article(client: Client, article: Article) -> bool:
    address = "/admin/articles/article/add/"
    client.post(address, form_data(client.get(address)) | {"title": "A new one"})
    return Article.objects.filter(title="A new one").exists()


def delete_fact(client: Client, article: Article) -> bool:
    data = form_data(client.get(change_url(article))) | {"facts-0-DELETE": "on"}
    client.post(change_url(article), data)
    return article.facts.count() == 1


def delete_article(client: Client, article: Article) -> bool:
    client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"})
    return not Article.objects.filter(pk=article.pk).exists()


def publish_by_form(client: Client, article: Article) -> bool:
    data = form_data(client.get(change_url(article))) | {"status": "published"}
    client.post(change_url(article), data)
    return Article.objects.get(pk=article.pk).is_live


def publish_by_action(client: Client, article: Article) -> bool:
    data = {"action": "publish_selected", "_selected_action": [str(article.pk)]}
    client.post("/admin/articles/article/", data)
    return Article.objects.get(pk=article.pk).is_live


def withdraw_by_action(client: Client, article: Article) -> bool:
    publishing.publish(article=article)
    data = {"action": "withdraw_selected", "_selected_action": [str(article.pk)]}
    question = client.post("/admin/articles/article/", data)
    # Nothing happens before the question is answered.
    assert Article.objects.get(pk=article.pk).is_live
    if question.status_code == 200:
        client.post("/admin/articles/article/", form_data(question, ""))
    return not Article.objects.get(pk=article.pk).is_live


def restore(client: Client, article: Article) -> bool:
    document = store.load(article)
    changed = type(document)(title="Changed", slug=document.slug)
    store.save(changed, article=Article.objects.get(pk=article.pk))
    address = f"/admin/articles/article/{article.pk}/history/1/restore/"
    client.post(address, form_data(client.get(address), ""))
    return Article.objects.get(pk=article.pk).title == article.title


def start_copy(client: Client, article: Article) -> bool:
    client.post(f"/admin/articles/article/{article.pk}/working-copy/")
    return article.working_copies.exists()


def merge_copy(client: Client, article: Article) -> bool:
    copy = publishing.start_working_copy(article=article, author=None)
    Article.objects.filter(pk=copy.pk).update(title="Merged")
    client.post(f"/admin/articles/article/{copy.pk}/merge/")
    return Article.objects.get(pk=article.pk).title == "Merged"


def change_term(client: Client, article: Article) -> bool:
    term = Term.objects.get()
    address = f"/admin/articles/term/{term.pk}/change/"
    data = form_data(client.get(address), "term_form") | {"definition": "Changed."}
    client.post(address, data)
    return Term.objects.get().definition == "Changed."


def change_category(client: Client, article: Article) -> bool:
    address = f"/admin/articles/category/{article.category_id}/change/"
    data = form_data(client.get(address), "category_form") | {"name": "Changed"}
    client.post(address, data)
    return Category.objects.get().name == "Changed"


def change_settings(client: Client, article: Article) -> bool:
    address = "/admin/articles/sitesettings/1/change/"
    data = form_data(client.get(address), "sitesettings_form") | {"name": "Changed"}
    client.post(address, data)
    return SiteSettings.current().name == "Changed"


def make_superuser(client: Client, article: Article) -> bool:
    me = client.get("/admin/").wsgi_request.user
    address = f"/admin/articles/user/{me.pk}/change/"
    data = form_data(client.get(address), "user_form") | {"is_superuser": "on"}
    client.post(address, data)
    me.refresh_from_db()
    return me.is_superuser


def see_draft(client: Client, article: Article) -> bool:
    return client.get(article.get_absolute_url()).status_code == 200


def see_list(client: Client, article: Article) -> bool:
    return client.get("/admin/articles/article/").status_code == 200


def see_history(client: Client, article: Article) -> bool:
    address = f"/admin/articles/article/{article.pk}/history/"
    return all(client.get(path).status_code == 200 for path in (address, f"{address}1/"))


#        action               Writer Editor Moderator reader
TABLE: list[tuple[Act, tuple[bool, bool, bool, bool]]] = [
    (see_list, (True, True, True, False)),
    (see_draft, (True, True, True, False)),
    (see_history, (True, True, True, False)),
    (add_article, (True, True, False, False)),
    (change_text, (True, True, False, False)),
    (delete_fact, (True, True, False, False)),
    (change_term, (True, True, False, False)),
    (start_copy, (True, True, False, False)),
    (publish_by_form, (False, True, False, False)),
    (publish_by_action, (False, True, False, False)),
    (withdraw_by_action, (False, True, False, False)),
    (merge_copy, (False, True, False, False)),
    (restore, (False, True, False, False)),
    (delete_article, (False, True, False, False)),
    (change_category, (False, True, False, False)),
    (change_settings, (False, True, False, False)),
    (make_superuser, (False, False, False, False)),
]
ROLES = ("Writer", "Editor", "Moderator", "")
CASES = [
    pytest.param(role, act, allowed[index], id=f"{role or 'reader'} {act.__name__}")
    for act, allowed in TABLE
    for index, role in enumerate(ROLES)
]


@pytest.mark.parametrize(("role", "act", "may"), CASES)
def test_each_role_can_do_what_the_table_says_and_nothing_else(client, role, act, may):
    find_role("Writer")
    article = make_article()
    client.force_login(make_user(role))
    assert act(client, article) is may


def test_the_roles_come_with_the_site():
    find_role("Writer")
    names = Group.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["Editor", "Moderator", "Writer"]


def test_who_may_not_publish_sees_the_status_and_cannot_send_one(client):
    article = make_article()
    client.force_login(make_user("Writer"))
    data = open_form(client, article)
    assert "status" not in data
    data |= {"status": "published", "published_at": "2020-01-01T00:00:00", "title": "Changed"}
    assert client.post(change_url(article), data).status_code == 302
    found = Article.objects.get(pk=article.pk)
    assert (found.title, found.status, found.published_at) == ("Changed", "draft", None)


def test_a_writer_changes_a_live_article_without_taking_it_off_the_site(client):
    article = make_article(live=True)
    client.force_login(make_user("Writer"))
    data: dict[str, Any] = open_form(client, article) | {"title": "Changed"}
    assert client.post(change_url(article), data).status_code == 302
    found = Article.objects.get(pk=article.pk)
    assert (found.title, found.is_live) == ("Changed", True)


def test_who_may_only_look_sees_every_part_and_no_field(client):
    article = make_article()
    client.force_login(make_user("Moderator"))
    response = client.get(change_url(article))
    page = response.content.decode()
    assert form_data(response).keys() <= {"csrfmiddlewaretoken", "opened_at"} | {
        name for name in form_data(response) if name.endswith("_FORMS")
    }
    for text in ("Oldest", "First milestones", "Who paid?", "cowper2001", "Overview"):
        assert text in page


def test_a_visitor_is_sent_to_the_sign_in(client):
    response = client.get("/admin/articles/article/")
    assert (response.status_code, response["Location"]) == (
        302, "/admin/login/?next=/admin/articles/article/",
    )  # fmt: skip
