"""A German site says nothing in English but what is in its articles.

Every kind of page that people see is made on a site with SITE_LANGUAGE=de, and none of the English
sentences of the catalogue may be left on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from articles.discussion import notices
from articles.discussion.models import Comment
from articles.models import Article, Page, SiteSettings
from tests.articles.bridges import make_article
from tests.browser.kinds import KINDS, Kind
from tests.factories import make_first_pages, make_user
from tests.html import Element, parse
from tests.mailing import IN_MEMORY, run_what_waits
from tests.test_translations import ids, messages, strings

# What stands between the words that every use of a string has in common.
BETWEEN = re.compile(r"%(?:\([a-z_0-9]+\))?[sd]|%\([a-z]+\)\d*x|</?[a-z][^>]*>")
# Shorter ones are too often words of both languages, or of an article.
SHORTEST = 12
ATTRIBUTES = ("aria-label", "alt", "placeholder", "title", "content")
# In titles of works that the articles of the fixtures cite.
ALLOWED = {"Introduction"}


def english() -> list[tuple[str, re.Pattern[str]]]:
    """Every sentence of the catalogue that reads otherwise in German, and what finds it."""
    found = []
    for message in messages("de"):
        for text in ids(message):
            longest = max((piece.strip() for piece in BETWEEN.split(text)), key=len)
            if len(longest) >= SHORTEST and not any(longest in other for other in strings(message)):
                found.append((text, re.compile(rf"(?<!\w){re.escape(longest)}(?!\w)")))
    return found


ENGLISH = english()


@pytest.fixture(autouse=True)
def german(settings, db):
    settings.LANGUAGE_CODE = "de"
    # Made when the tables were, in the language of that moment, as those of a German site were.
    Page.objects.all().delete()
    with translation.override("de"):
        yield


def said(page: Element) -> Iterator[str]:
    """Every text of a page that somebody may read or hear."""
    # The names of permissions are rows, which Django writes in English.
    rows = {id(part) for box in page.all("select", name="user_permissions") for part in box.walk()}
    for element in page.walk():
        if element.tag in ("script", "style") or id(element) in rows:
            continue
        yield from (child for child in element.children if isinstance(child, str) and child.strip())
        yield from (value for name in ATTRIBUTES if (value := element.get(name)))


def left_in_english(texts: Iterator[str]) -> set[str]:
    all_of_it = "\n".join(" ".join(text.split()) for text in texts)
    return {text for text, pattern in ENGLISH if pattern.search(all_of_it)} - ALLOWED


def test_the_catalogue_has_sentences_to_look_for():
    assert len(ENGLISH) > 500
    assert left_in_english(iter(["No comments yet."])) == {"No comments yet."}
    assert left_in_english(iter(["Noch keine Beiträge."])) == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_english_sentence_is_left_on_a_page(client: Client, kind: Kind):
    if kind.role == "newcomer":
        user = make_user("Editor")
        user.set_unusable_password()
        user.save()
        client.force_login(user)
    elif kind.role:
        client.force_login(make_user(kind.role))
    response = client.get(kind.make(), headers={"accept": "text/html"})
    page = parse(response.content.decode())
    assert page.one("html")["lang"] == "de"
    assert left_in_english(said(page)) == set()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/articles/article/",
        "/admin/articles/article/add/",
        "/admin/articles/user/add/",
        "/admin/articles/term/",
        "/admin/articles/page/",
        "/admin/articles/revision/",
        "/admin/articles/source/",
        "/admin/discussion/comment/",
        "/admin/timeline/track/add/",
    ],
)
def test_no_english_sentence_is_left_in_the_admin(client: Client, address: str):
    make_article()
    client.force_login(make_user("owner"))
    response = client.get(address)
    assert response.status_code == 200
    assert left_in_english(said(parse(response.content.decode()))) == set()


@pytest.mark.parametrize(
    "address",
    ["feeds/articles.atom", "feeds/comments.atom", "articles/stone-bridges/feed.atom", "llms.txt"],
)
def test_no_english_sentence_is_left_in_a_file_for_programs(client: Client, address: str):
    make_article()
    text = client.get(f"/{address}").content.decode()
    assert left_in_english(iter([text])) == set()


def test_the_first_pages_and_the_front_page_are_german(client: Client):
    SiteSettings.objects.all().delete()
    make_first_pages()
    titles = Page.objects.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Über diese Website", "Datenschutz", "Impressum", "Kontakt"]
    page = parse(client.get("/pages/privacy/").content.decode())
    assert "Wenn Sie lesen" in page.text
    front = parse(client.get("/").content.decode())
    assert front.one("h1").text == "Nachschlageartikel, die sich prüfen lassen"
    assert "Datenschutz" in front.one("footer").text


def test_a_new_article_is_in_the_language_of_the_site():
    assert Article().language == "de"


def test_a_form_that_was_filled_in_wrongly_is_answered_in_german(client: Client):
    address = f"{make_article().get_absolute_url()}discussion/new/"
    page = parse(client.get(address).content.decode())
    token = page.one("input", name="csrfmiddlewaretoken")["value"]
    response = client.post(
        address, {"csrfmiddlewaretoken": token, "email": "nowhere", "about": "nothing"}
    )
    page = parse(response.content.decode())
    assert "Schreiben Sie Ihren Beitrag." in page.text
    assert left_in_english(said(page)) == set()


def test_moderators_are_told_in_german(settings):
    settings.MAILERS = IN_MEMORY
    make_user("Moderator", email="moderator@example.org")
    comment = Comment.objects.create(
        article=make_article(), name="Ana", body="Gut.", status=Comment.Status.HELD
    )
    assert notices.tell_moderators(comment)
    run_what_waits()
    (letter,) = mail.outbox
    assert letter.subject == "Ein Beitrag wartet: Stone bridges (Milepost)"
    assert left_in_english(iter([letter.subject, letter.body])) == set()


def test_numbers_and_days_are_written_as_germans_write_them(client: Client):
    article = make_article()
    page = parse(client.get(article.get_absolute_url()).content.decode())
    days = [time.text for time in page.all("time")]
    assert any(re.fullmatch(r"\d{1,2}\. [A-ZÄa-zä]+ \d{4}", day) for day in days), days
