"""What an editor sends after the session has ended comes back, and can be sent again."""

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from articles.models import Article, SiteSettings, User
from tests.articles.admin_forms import add_row, form_data, open_form
from tests.articles.bridges import make_article
from tests.factories import make_user
from tests.html import parse

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
HERE = {"origin": "http://testserver"}
TEXT = 'An arch carries\r\nits load by "thrust" alone.\r\n\r\n<b>Not bold</b>'


@pytest.fixture
def editor():
    """The browser of an editor, which has to show its tokens."""
    client = Client(enforce_csrf_checks=True, headers=HERE)
    client.force_login(make_user("Editor"))
    return client


@pytest.fixture
def typed(editor):
    """A new article as it was typed, with parts that a script added."""
    data = form_data(editor.get(ADD))
    add_row(data, "sections", heading="Thrust", body=TEXT)
    add_row(data, "facts", label="Age", statement="3,000 years.")
    return data | {"title": "Arches", "short_answer": "Curved.", "_continue": "Save"}


def again(response):
    """What the button of the page would send."""
    return form_data(response, "")


def sign_out(editor):
    """As from another tab of the same browser: its other cookies stay."""
    editor.cookies.pop("sessionid")


def sign_in(editor):
    """From another tab: with it the browser gets another token."""
    editor.force_login(make_user("Editor"))
    editor.cookies["csrftoken"] = get_token(RequestFactory().get("/"))


def test_nothing_typed_is_lost_and_a_second_press_saves_it(editor, typed):
    sign_out(editor)
    page = editor.post(ADD, typed)
    assert page.status_code == 403
    assert page.headers["Cache-Control"] == "no-store"
    shown = parse(page.content)
    assert shown.one("h1").text == "You were signed out; nothing was saved"
    link = next(a for a in shown.all("a") if "Sign in" in a.text)
    assert (link["href"], link["target"]) == ("/accounts/sign-in/?next=/admin/", "_blank")
    assert not Article.objects.filter(title="Arches").exists()

    sign_in(editor)
    stale = editor.post(ADD, again(page))
    assert stale.status_code == 403
    assert "What you sent is not lost: send it again from here." in stale.text

    saved = editor.post(ADD, again(stale))
    article = Article.objects.get(title="Arches")
    # The button that was pressed first counts.
    assert saved.headers["Location"] == f"/admin/articles/article/{article.pk}/change/"
    assert article.sections.get().body == TEXT.replace("\r\n", "\n")
    assert article.facts.get().label == "Age"


def test_every_text_stands_there_with_its_name_and_no_token_does(editor, typed):
    sign_out(editor)
    page = editor.post(ADD, typed | {"published_at": "2026-05-01T10:00:00"})
    text = parse(page.content).one("textarea").text
    assert text == (
        "Title: Arches Short answer: Curved. Language: en Published: 2026-05-01T10:00:00 "
        'Section 1, Heading: Thrust Section 1, Text: An arch carries its load by "thrust" alone. '
        "<b>Not bold</b> Fact 1, Label: Age Fact 1, Statement: 3,000 years."
    )


def test_an_article_that_is_there_comes_back_too_and_others_are_still_not_overwritten(editor):
    article = make_article()
    data = open_form(editor, article) | {"short_answer": "Mine."}
    sign_out(editor)
    page = editor.post(f"/admin/articles/article/{article.pk}/change/", data)
    assert again(page)["opened_at"] == data["opened_at"]
    assert again(page)["short_answer"] == "Mine."


def test_a_form_from_another_site_is_not_shown(editor, typed):
    elsewhere = {"origin": "https://evil.example"}
    for signed_in in (True, False):
        if not signed_in:
            sign_out(editor)
        page = editor.post(ADD, typed, headers=elsewhere)
        assert page.status_code == 403
        assert not page.cookies
        assert "Arches" not in page.text
        assert "<textarea" not in page.text
    # Nor does it become one of ours by way of a page that does not check it.
    assert "Send again" not in editor.post(ADD, typed, headers={"origin": "null"}).text


def test_without_an_origin_the_texts_can_be_copied_but_not_be_sent(typed):
    page = Client().post(ADD, typed)
    assert "Section 1, Heading: Thrust" in page.text
    assert "Send again" not in page.text


def test_a_password_is_not_said_again(editor):
    token = form_data(editor.get(ADD))["csrfmiddlewaretoken"]
    sign_out(editor)
    sent = {"username": "ann", "password1": "correct horse staple", "csrfmiddlewaretoken": token}
    page = editor.post("/admin/articles/user/add/", sent)
    assert "Username: ann" in page.text
    assert "correct horse" not in page.text
    assert "Send again" not in page.text


def test_who_is_asked_for_a_second_factor_meanwhile_loses_nothing(editor, typed):
    SiteSettings.objects.update_or_create(pk=1, defaults={"require_second_factor": True})
    page = editor.post(ADD, typed)
    assert page.status_code == 403
    assert "first you need a second factor" in parse(page.content).one("h1").text
    assert again(page)["sections-0-heading"] == "Thrust"


def test_who_lost_a_right_meanwhile_gets_back_what_was_typed(editor, typed):
    editor.force_login(make_user("Moderator"))
    editor.cookies["csrftoken"] = get_token(RequestFactory().get("/"))
    stale = editor.post(ADD, typed)
    page = editor.post(ADD, again(stale))
    assert page.status_code == 403
    assert "You may not do this, or no longer." in page.text
    assert "Section 1, Heading: Thrust" in page.text


def test_who_works_here_no_longer_gets_back_what_was_typed(editor, typed):
    editor.force_login(User.objects.create_user("reader"))
    editor.cookies["csrftoken"] = get_token(RequestFactory().get("/"))
    page = editor.post(ADD, again(editor.post(ADD, typed)))
    assert page.status_code == 403
    assert "Section 1, Heading: Thrust" in page.text


@pytest.mark.parametrize("origin", ["http://testserver", ""])
def test_what_is_no_form_is_refused_without_a_word_to_the_owner(origin, caplog):
    strict = Client(enforce_csrf_checks=True, headers={"origin": origin} if origin else {})
    page = strict.post(ADD, b"--x", content_type="multipart/form-data; boundary=" + "x" * 300)
    assert page.status_code == 403
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
