"""The privacy page says what the program does: which cookies there are, what is kept how long."""

from __future__ import annotations

import hashlib
import importlib
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from articles.accounts import browsers
from articles.discussion import guests
from articles.models import Page, SiteSettings
from articles.privacy import notice, retention
from tests.articles.bridges import make_article
from tests.discussion.talk import send
from tests.factories import PASSWORD, make_first_pages, make_user
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
MIGRATIONS = ["articles.migrations.0017_privacy_page", "articles.migrations.0021_responsible"]


@pytest.fixture(autouse=True)
def pages() -> None:
    make_first_pages()


def tables(client: Client) -> list[dict[str, list[str]]]:
    """The lists on the page: name -> time and purpose."""
    page = parse(client.get("/pages/privacy/").content).by_id("main")
    return [rows(table) for table in page.all("table")]


def rows(table: Element) -> dict[str, list[str]]:
    lines = table.one("tbody").all("tr")
    return {line.one("th").text: [cell.text for cell in line.all("td")] for line in lines}


def test_the_days_on_the_page_are_those_of_the_settings(client: Client) -> None:
    kept = tables(client)[0]
    assert kept["E-mail address given with a comment"][0] == "180 days after the comment"
    assert kept["Hash of the network of a comment"][0] == "1 day after the comment"
    assert kept["Rejected comments and spam"][0] == "30 days after the decision"
    assert kept["Log of who changed what"][0] == "365 days"

    site, _made = SiteSettings.objects.get_or_create(pk=1)
    site.keep_email_days, site.keep_network_days = 17, 3
    site.keep_refused_days, site.keep_log_days = 18, 19
    site.save()

    kept = tables(client)[0]
    assert kept["E-mail address given with a comment"][0] == "17 days after the comment"
    assert kept["Hash of the network of a comment"][0] == "3 days after the comment"
    assert kept["Rejected comments and spam"][0] == "18 days after the decision"
    assert kept["Log of who changed what"][0] == "19 days"


def test_each_kind_of_thing_that_gets_old_is_on_the_page(client: Client) -> None:
    """Whoever adds a step to the retention adds a line for readers."""
    words = {
        "e-mail addresses of guests": "E-mail address given with a comment",
        "hashes of networks": "Hash of the network of a comment",
        "rejected comments and spam": "Rejected comments and spam",
        "sessions that have ended": "Sessions of people who sign in",
        "counts of wrong guesses": "Counts of wrong passwords by hashes of account and network",
        "entries of the log of editing": "Log of who changed what",
        "mails and other tasks that are over": "Mail that this site sent, with its address",
    }
    assert {step.name for step in retention.STEPS} == words.keys()
    assert set(words.values()) <= tables(client)[0].keys()


def test_every_cookie_that_the_site_sets_is_on_the_page_with_its_time(client: Client) -> None:
    article = make_article()
    listed = tables(client)[1]
    send(client, article)
    client.post("/articles/stone-bridges/since/", {"do": "remember"})
    user = make_user("owner")
    browser = Client()
    browser.get("/accounts/sign-in/")
    browser.post("/accounts/sign-in/", {"login": user.username, "password": PASSWORD})
    given = {**client.cookies, **browser.cookies}
    assert {guests.COOKIE, browsers.COOKIE, "sessionid", "csrftoken"} <= given.keys()
    for name, cookie in given.items():
        assert name in listed
        if cookie["max-age"]:
            assert listed[name][0] == f"{round(int(cookie['max-age']) / 86400)} days", name
    assert set(listed) == {line.name for line in notice.cookies(SiteSettings())}


def test_every_cookie_in_the_code_is_on_the_list() -> None:
    """Found by what sets them, so that a new one is not forgotten."""
    setters = subprocess.run(
        ["grep", "-rlE", r"set(_signed)?_cookie\(", "articles", "timeline", "config"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    files = {name for name in setters if name.endswith(".py")}
    assert files == {
        "articles/accounts/browsers.py", "articles/discussion/guests.py", "articles/remembered.py",
    }  # fmt: skip


def test_an_edited_page_has_the_lists_where_it_asks_for_them(client: Client) -> None:
    page = Page.objects.get(slug="privacy")
    page.body = "Ours.\n\n{{cookies}}\n\nNot here: {{kept}}, {{nothing}}."
    page.save()
    main = parse(client.get("/pages/privacy/").content).by_id("main")
    assert len(main.all("table")) == 1
    assert "Not here: {{kept}}, {{nothing}}." in main.text


def test_the_page_says_who_is_responsible_and_how_to_reach_them(client: Client) -> None:
    main = parse(client.get("/pages/privacy/").content).by_id("main")
    assert "Whoever runs this site has not said here who they are." in main.text
    site, _made = SiteSettings.objects.get_or_create(pk=1)
    site.responsible = "Pont & <b>Sons</b>\nOld Street 1\nnora@example.org, https://example.org/me."
    site.save()
    main = parse(client.get("/pages/privacy/").content).by_id("main")
    lines = main.one("address")
    assert [line.text for line in lines.all("bdi")] == [
        "Pont & <b>Sons</b>", "Old Street 1", "nora@example.org, https://example.org/me.",
    ]  # fmt: skip
    assert [link["href"] for link in lines.all("a")] == [
        "mailto:nora@example.org", "https://example.org/me",
    ]  # fmt: skip
    assert "has not said" not in main.text


def migrate(name: str) -> None:
    editor: Any = SimpleNamespace(connection=connection)
    importlib.import_module(name).renew_page(apps, editor)


@pytest.mark.parametrize("migration", MIGRATIONS)
def test_an_upgrade_leaves_an_edited_page_alone(migration: str) -> None:
    page = Page.objects.get(slug="privacy")
    page.body = "Ours."
    page.save()
    migrate(migration)
    page.refresh_from_db()
    assert page.body == "Ours."
    page.delete()
    migrate(migration)
    assert not Page.objects.filter(slug="privacy").exists()


@pytest.mark.parametrize("name", ["privacy.md", "privacy.de.md"])
@pytest.mark.parametrize("migration", MIGRATIONS)
def test_an_upgrade_renews_a_page_that_nobody_touched(
    client: Client, migration: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "What the page said before."
    digest = hashlib.sha256(old.encode()).hexdigest()
    module = importlib.import_module(migration)
    assert name in module.BEFORE.values()
    monkeypatch.setattr(module, "BEFORE", {digest: name})
    page = Page.objects.get(slug="privacy")
    page.body = old
    page.save()
    migrate(migration)
    page.refresh_from_db()
    assert "{{kept}}" in page.body
    assert len(tables(client)) == 2
