"""The authors of a reference, as editors type them."""

import pytest

from articles.models import Article
from tests.articles.admin_forms import add_row, change_url, open_form
from tests.articles.bridges import make_article
from tests.factories import make_user
from tests.html import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(client) -> Article:
    client.force_login(make_user("Editor"))
    return make_article()


@pytest.mark.parametrize(
    "typed", ["Lucien Febvre; Henri-Jean Martin", "Lucien Febvre\r\nHenri-Jean Martin;\r\n"]
)
def test_authors_stand_one_a_line_or_between_semicolons(client, article, typed):
    data = open_form(client, article)
    add_row(data, "references", key="book", title="The Book", authors=typed, source_kind="book")
    assert client.post(change_url(article), data).status_code == 302
    assert article.references.get(key="book").authors == ["Lucien Febvre", "Henri-Jean Martin"]


def test_a_name_with_a_semicolon_that_a_file_brought_stays_while_its_row_is_left_alone(
    client, article
):
    article.references.create(key="odd", title="Odd", authors=["A; B"], anchor="reference-odd")
    data = open_form(client, article) | {"short_answer": "Another answer."}
    assert client.post(change_url(article), data).status_code == 302
    assert article.references.get(key="odd").authors == ["A; B"]


def test_a_name_with_a_semicolon_stays_also_when_something_else_of_its_row_changes(client, article):
    article.references.create(key="odd", title="Odd", authors=["A; B"], anchor="reference-odd")
    data = open_form(client, article)
    title = next(name for name, value in data.items() if value == "Odd" and "title" in name)
    assert client.post(change_url(article), data | {title: "Odder"}).status_code == 302
    odd = article.references.get(key="odd")
    assert (odd.title, odd.authors) == ("Odder", ["A; B"])


def test_the_form_says_how_authors_are_listed(client, article):
    page = parse(client.get(change_url(article)).content)
    label = page.one("label", for_="id_references-__prefix__-authors")
    assert label.text == "Authors, one a line"
