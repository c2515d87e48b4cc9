"""An editor's way through the site: sign in, set a password, edit, look."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from articles.models import Article
from articles.sign_in import sign_in_link
from tests.articles.admin_forms import change_url
from tests.articles.bridges import make_article
from tests.browser.kinds import sign_in
from tests.factories import make_comment, make_user

PASSWORD = "correct horse battery"


def open_empty_row(page: Any, article: Article) -> Any:
    """The first empty row of a milestone, by the script's link or by the page without it."""
    by_script = page.get_by_role("button", name="Add another Milestone")
    by_page = page.get_by_role("link", name=re.compile("^Without JavaScript"))
    by_script.or_(by_page).click()
    return page.locator(f"#milestones-{article.milestones.count()}")


def test_an_editor_signs_in_by_a_link_edits_an_article_and_sees_it_on_the_page(
    reader: Any,
) -> None:
    article = make_article()
    editor = make_user("Editor", username="edith")
    editor.set_unusable_password()
    editor.save()

    reader.goto(sign_in_link(editor, ""))
    expect(reader.get_by_text("This link signs you in as edith.")).to_be_visible()
    reader.get_by_role("button", name="Sign in").click()
    reader.get_by_label("New password", exact=True).fill(PASSWORD)
    reader.get_by_label("New password, once more").fill(PASSWORD)
    reader.get_by_role("button", name="Set password").click()
    expect(reader.get_by_text("Your password is set.")).to_be_visible()

    reader.goto("/articles/stone-bridges/")
    reader.get_by_role("link", name="Edit", exact=True).click()
    row = open_empty_row(reader, article)
    row.get_by_label("Date").fill("c. 1345")
    row.get_by_label("Title").fill("Ponte Vecchio rebuilt")
    row.get_by_label("Practice").check()
    fact = reader.locator("#facts-0")
    fact.get_by_label("Statement").fill("It has stood for 2,850 years [@huerta2001, p. 3].")
    reader.get_by_label("What changed, in a few words").fill("Newer count")
    reader.get_by_role("button", name="Save", exact=True).click()
    expect(reader.get_by_text("was changed successfully")).to_be_visible()

    reader.goto("/articles/stone-bridges/")
    expect(reader.locator("#fact-oldest")).to_contain_text("It has stood for 2,850 years")
    milestone = reader.locator(".milestones > li", has_text="Ponte Vecchio rebuilt")
    expect(milestone.locator(".when")).to_contain_text("c. 1345")
    expect(reader.locator(".milestones h3")).to_have_text(
        [
            "Alcántara bridge finished",
            "Anji bridge opened",
            "Ponte Vecchio rebuilt",
            "Hooke states the law of the arch",
        ]
    )
    revision = Article.objects.get().revisions.latest("number")
    assert (revision.author, revision.summary) == (editor, "Newer count")


def test_leaving_with_unsaved_text_asks_first_and_saving_does_not(page: Any, base_url: str) -> None:
    article = make_article()
    sign_in(page.context, base_url, make_user("Editor"))
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/admin/")
    page.goto(change_url(article))
    page.locator("#id_title").click()
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_url(f"{base_url}/admin/")
    assert asked == []

    page.goto(change_url(article))
    page.locator("#id_title").fill("Arches of stone")
    page.get_by_role("button", name="Edit as a working copy").click(no_wait_after=True)
    page.wait_for_timeout(300)
    page.get_by_role("link", name="Home").click(no_wait_after=True)
    page.wait_for_timeout(300)
    expect(page).to_have_url(base_url + change_url(article))
    assert asked == ["beforeunload", "beforeunload"]

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert len(asked) == 2
    assert Article.objects.get().title == "Arches of stone"


def test_who_signed_in_comes_back_with_the_password(page: Any) -> None:
    user = make_user("Editor", username="edith")
    user.set_password(PASSWORD)
    user.save()
    page.goto("/admin/")
    page.get_by_label("User name").fill("edith")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Articles", exact=True).first).to_be_visible()


def test_a_draft_is_seen_by_editors_only(page: Any, new_context: Any, base_url: str) -> None:
    make_article(publish=False)
    assert page.goto("/articles/stone-bridges/").status == 404

    editors = new_context()
    sign_in(editors, base_url, make_user("Editor"))
    draft = editors.new_page()
    assert draft.goto("/articles/stone-bridges/").status == 200
    expect(draft.get_by_text("Draft. Only editors see this page.")).to_be_visible()
    draft.goto("/articles/")
    expect(draft.get_by_role("link", name="Stone bridges")).to_have_count(0)


def test_the_buttons_that_decide_on_a_comment_are_as_large_as_buttons_are(
    page: Any, base_url: str
) -> None:
    comment = make_comment(make_article(), status="held")
    sign_in(page.context, base_url, make_user("Moderator"))
    page.goto(f"/admin/discussion/comment/{comment.pk}/change/")
    for name in ("Approve", "Reject", "Spam"):
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box["height"] >= 30


def test_the_day_of_a_check_is_entered_by_a_button_in_rows_old_and_new(
    page: Any, base_url: str
) -> None:
    article = make_article()
    sign_in(page.context, base_url, make_user("Editor"))
    page.goto(change_url(article))
    day = page.evaluate("new Date().toLocaleDateString('sv')")
    number = article.facts.count()
    page.get_by_role("button", name="Add another Fact").click()
    page.locator("#id_facts-0-checked").fill("2001-02-03")

    for row in (0, number):
        page.locator(f"#facts-{row}").get_by_role("button", name="Today: Last verified").click()
        assert page.locator(f"#id_facts-{row}-checked").input_value() == day
    page.locator(f"#id_facts-{number}-statement").fill("A new one.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert str(article.facts.get(statement="A new one.").checked) == day


def test_the_list_of_articles_is_seen_whole_beside_its_filters(page: Any, base_url: str) -> None:
    make_article(title="The exploration of the Solar System by probes")
    sign_in(page.context, base_url, make_user("Editor"))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/admin/articles/article/")

    widths = "e => [e.scrollWidth, e.clientWidth]"
    scrolled, seen = page.locator(".results").evaluate(widths)
    assert scrolled == seen
