"""A guest comments, a moderator approves: by keyboard, on a phone, with JavaScript and without."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.discussion.models import Comment
from articles.models import Article, SiteSettings
from tests.articles.bridges import make_article
from tests.browser.kinds import sign_in
from tests.factories import make_user

PHONE = {"width": 360, "height": 740}
ADDRESS = "/articles/stone-bridges/"


@pytest.fixture
def article(live_server: Any, db: Any) -> Article:
    """An article, and a site where nobody types too fast."""
    SiteSettings.objects.create(pk=1, form_seconds=0)
    return make_article()


def press(page: Page, role: Any, name: str | re.Pattern[str]) -> None:
    """Follow a link or press a button by keyboard."""
    target = page.get_by_role(role, name=name).first
    target.focus()
    page.keyboard.press("Enter")


def type_in(page: Page, name: str, text: str) -> None:
    """Type into a field."""
    page.get_by_role("textbox", name=name).focus()
    page.keyboard.type(text)


def write(page: Page, name: str, body: str) -> None:
    """Fill the form and send it."""
    type_in(page, "Your comment", body)
    type_in(page, "Name", name)
    press(page, "button", "Send")


def test_a_comment_is_held_approved_and_shown(
    reader: Page, article: Article, browser: Any, base_url: str
) -> None:
    reader.set_viewport_size(PHONE)
    reader.goto(ADDRESS)
    press(reader, "link", "Discuss Mortar")
    expect(reader.get_by_role("combobox", name="About")).to_have_value("fact-mortar")
    write(reader, "Zoë", "The bridge at *Alcántara* has none.")
    expect(reader.get_by_text("Your comment is held for review")).to_be_visible()
    held = Comment.objects.get()
    assert (held.status, held.about, held.about_text) == (
        "held", "fact-mortar", "Many stand without any mortar.",
    )  # fmt: skip
    reader.goto(ADDRESS)
    expect(reader.locator("#discussion")).not_to_contain_text("Zoë")

    with browser.new_context(base_url=base_url, viewport=PHONE) as context:
        sign_in(context, base_url, make_user("Moderator"))
        moderator = context.new_page()
        moderator.goto("/admin/")
        press(moderator, "link", "1 comment waits for a decision")
        press(moderator, "link", re.compile("The bridge at"))
        press(moderator, "button", "Approve")
        expect(moderator.get_by_text("1 comment: approved.")).to_be_visible()

    reader.goto(ADDRESS)
    shown = reader.locator(f"#comment-{held.pk}")
    expect(shown).to_contain_text("The bridge at Alcántara has none.")
    expect(shown).to_contain_text("Fact: Mortar")
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_who_is_known_replies_at_once(reader: Page, article: Article) -> None:
    first = Comment.objects.create(
        article=article, name="Ana", body="Who built it?", status=Comment.Status.APPROVED
    )
    reader.goto(ADDRESS)
    press(reader, "link", "Write a comment")
    write(reader, "Ben", "A first one.")
    expect(reader.get_by_text("Your comment is held for review")).to_be_visible()
    Comment.objects.filter(name="Ben").update(status=Comment.Status.APPROVED)

    reader.goto(ADDRESS)
    reader.locator(f"#comment-{first.pk}").get_by_role("link", name=re.compile("Reply")).focus()
    reader.keyboard.press("Enter")
    write(reader, "Ben", "Lacer did, for Trajan.")

    expect(reader.get_by_text("Lacer did, for Trajan.")).to_be_visible()
    reply = Comment.objects.get(parent=first)
    assert reply.status == Comment.Status.APPROVED
    reader.goto(f"/comments/{reply.pk}/")
    expect(reader).to_have_url(re.compile(f"{ADDRESS}#comment-{reply.pk}$"))


def test_what_is_wrong_comes_back_with_the_text(reader: Page, article: Article) -> None:
    SiteSettings.objects.update(longest_comment=100)
    reader.goto(ADDRESS)
    press(reader, "link", "Write a comment")
    text = "word " * 40
    write(reader, "Zoë", text)

    expect(reader.locator(".comment-form").get_by_role("alert").first).to_contain_text("Shorten")
    expect(reader.get_by_role("textbox", name="Your comment")).to_have_value(text)
    expect(reader.get_by_role("textbox", name="Name")).to_have_value("Zoë")
    assert Comment.objects.count() == 0


def test_a_comment_can_be_given_up(reader: Page, article: Article) -> None:
    reader.goto(ADDRESS)
    press(reader, "link", "Write a comment")
    press(reader, "link", "Cancel")
    expect(reader.locator(".comment-form")).to_have_count(0)
    expect(reader.get_by_role("link", name="Write a comment")).to_be_visible()
    assert not Comment.objects.exists()


def test_a_text_is_not_thrown_away_unasked(page: Page, article: Article) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(ADDRESS)
    press(page, "link", "Write a comment")
    page.get_by_label("Your comment", exact=True).fill("Half a thought")
    press(page, "link", "Cancel")
    assert asked == ["What you wrote will be gone."]
    expect(page.get_by_label("Your comment", exact=True)).to_have_value("Half a thought")


def test_a_text_is_not_lost_by_asking_for_a_form_again(page: Page, article: Article) -> None:
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.goto(ADDRESS)
    press(page, "link", "Write a comment")
    type_in(page, "Your comment", "Long thoughts.")
    field = page.get_by_role("textbox", name="Your comment")

    press(page, "link", "Write a comment")
    expect(field).to_be_focused()
    assert asked == []
    press(page, "link", "Discuss Mortar")
    expect(field).to_be_focused()
    assert asked == ["What you wrote will be gone."]
    expect(field).to_have_value("Long thoughts.")
    expect(page).to_have_url(re.compile(f"{ADDRESS}$"))

    page.remove_listener("dialog", refuse)
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "link", "Discuss Mortar")
    expect(page.get_by_role("combobox", name="About")).to_have_value("fact-mortar")
