"""How much one person and one network may say, counted from the comments themselves."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory

from articles.discussion.models import Comment
from articles.models import Article, SiteSettings
from articles.networks import client_address, network_hash
from tests.articles.bridges import make_article
from tests.discussion.talk import HTMX, fields, open_form, problems, send
from tests.factories import make_user
from tests.html import parse

NOON = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def article(db: None) -> Article:
    with time_machine.travel(NOON - datetime.timedelta(days=1)):
        return make_article()


def say(client: Client, article: Article, minute: int, **changes: Any) -> Any:
    """Open a form so many minutes after noon, and send it a minute later."""
    with time_machine.travel(NOON + datetime.timedelta(minutes=minute), tick=False):
        data = open_form(client, article) | {"name": "Ana", "body": f"At {minute}."}
        return send(client, article, data, **changes)


def limit(**values: int) -> None:
    SiteSettings.objects.create(pk=1, form_seconds=0, **values)


@pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
def test_a_person_who_says_too_much_waits_with_the_text_kept(
    client: Client, article: Article, headers: Any
) -> None:
    limit(comments_per_person=3)
    for minute in (0, 10, 20):
        assert say(client, article, minute).status_code == 302

    response = say(client, article, 30, headers=headers)

    # The first of the three was sent at one past noon.
    assert (response.status_code, response["Retry-After"]) == (429, "1801")
    assert problems(response) == [
        (
            "Many comments came from you or your network. Your text is kept here: please send it "
            "again in 31 minutes."
        )
    ]
    assert fields(parse(response.content))["body"] == "At 30."
    assert Comment.objects.count() == 3
    assert say(client, article, 61).status_code == 302


def test_a_network_has_a_limit_of_its_own(article: Article) -> None:
    limit(comments_per_network=2)
    here, there = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "198.51.100.7"}
    near = {"REMOTE_ADDR": "192.0.2.200"}

    assert say(Client(), article, 0, meta=here).status_code == 302
    assert say(Client(), article, 1, meta=near).status_code == 302
    assert say(Client(), article, 2, meta=here).status_code == 429
    assert say(Client(), article, 3, meta=there).status_code == 302


def test_what_was_spam_or_rejected_counts(client: Client, article: Article) -> None:
    limit(comments_per_person=1)
    say(client, article, 0)
    Comment.objects.update(status="spam")

    assert say(client, article, 1).status_code == 429


def test_who_signs_in_has_the_limit_of_a_person_wherever_they_are(
    client: Client, article: Article
) -> None:
    limit(comments_per_person=1, comments_per_network=1)
    client.force_login(make_user())

    assert say(client, article, 0).status_code == 302
    assert say(client, article, 1).status_code == 429


def test_editors_have_no_limit(client: Client, article: Article) -> None:
    limit(comments_per_person=1, comments_per_network=1)
    client.force_login(make_user("Editor"))

    assert [say(client, article, minute).status_code for minute in (0, 1)] == [302, 302]


def test_a_form_sent_twice_is_not_counted_twice(client: Client, article: Article) -> None:
    limit(comments_per_person=1)
    with time_machine.travel(NOON):
        data = open_form(client, article) | {"name": "Ana", "body": "Once."}
        answers = [send(client, article, data).status_code for _ in range(3)]

    assert answers == [302, 302, 302]


# Networks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:2::3", "2001:db8:1:ffff::4", True),
        ("2001:db8:1::", "2001:db8:2::", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("192.0.2.1:4711", "192.0.2.1", True),
        ("[2001:db8:1::1]:80", "2001:db8:1::2", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("nonsense", "", True),
        ("nonsense", "192.0.2.1", False),
    ],
)
def test_a_network_is_256_addresses_or_one_site(one: str, other: str, same: bool) -> None:
    assert (network_hash(one) == network_hash(other)) is same


def test_a_hash_shows_no_address_and_depends_on_the_secret_key(settings: Any) -> None:
    before = network_hash("192.0.2.1")
    settings.SECRET_KEY = "another key that is long enough to be accepted here"

    assert (len(before), "192" in before) == (32, False)
    assert network_hash("192.0.2.1") != before


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "203.0.113.9, ", "127.0.0.1"),
    ],
)
def test_only_what_trusted_proxies_say_is_believed(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == address


def test_what_was_said_before_the_clock_was_set_back_makes_nobody_wait_for_that_day(
    client: Client, article: Article
) -> None:
    limit(comments_per_person=1, comments_per_network=1)
    a_year = 365 * 24 * 60
    assert say(client, article, a_year).status_code == 302
    assert say(client, article, a_year + 5).status_code == 429
    assert say(client, article, 0).status_code == 302
    assert say(client, article, 5).status_code == 429
