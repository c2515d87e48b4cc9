"""A stranger who never stops guessing and asking keeps nobody out who can read their own mail."""

import datetime
import re

import pytest
import time_machine
from django.test import Client

from articles.accounts.allowances import LIMITS
from tests.accounts.signing_in import code_at, is_signed_in, make_person, send_code, sign_in
from tests.html import parse
from tests.mailing import IN_MEMORY, run_what_waits

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
RESET = "/accounts/reset-password/"
NEW = {"password1": "an even longer one", "password2": "an even longer one"}


@pytest.fixture
def outbox(settings, mailoutbox):
    settings.MAILERS = IN_MEMORY
    settings.SITE_URL = "https://milepost.example"
    return mailoutbox


class Stranger:
    """Tries everything again and again, each time from another network."""

    def __init__(self):
        self.network = 0

    def hammer(self, times):
        for _ in range(times):
            self.network += 1
            place = {"REMOTE_ADDR": f"10.{self.network // 256}.{self.network % 256}.7"}
            sign_in(Client(), "edith", "wrong", network=self.network)
            Client().post(RESET, {"email": "edith@example.org"}, **place)
            Client().get(f"{RESET}1-abc123-0123456789abcdef/", **place)
            Client().post("/accounts/sign-in/edith:guess/", **place)


def link_in(mail):
    return re.search(r"https://milepost\.example(/accounts/reset-password/\S+)", mail.body)[1]


def choose_password(browser, mail):
    """Open the link of the mail and set the new password; whether that worked."""
    form = browser.get(link_in(mail))["Location"]
    return browser.post(form, NEW)["Location"] == f"{RESET}done/"


def test_the_owner_comes_in_on_a_new_device_whatever_a_stranger_tries(outbox):
    make_person(username="edith", email="edith@example.org")
    stranger, owner = Stranger(), Client()
    for hour in range(6):
        with time_machine.travel(NOON + datetime.timedelta(hours=hour), tick=False):
            stranger.hammer(12)
            run_what_waits()
    # Right after a mail came, when no other comes for the longest time.
    assert len(outbox) < 12, "the mailbox is not flooded"
    with time_machine.travel(NOON + datetime.timedelta(hours=5, minutes=59), tick=False):
        stranger.hammer(3)
        refused = sign_in(owner, "edith", network=5000)
        assert refused.status_code == 429
        ways = [link["href"] for link in parse(refused.content).all("a") if link.get("href")]
        assert RESET in ways
        # Nothing to read stands between the password and its button.
        assert refused.text.index("Forgot") < refused.text.index("cannot keep you out")

        asked = owner.post(RESET, {"email": "edith@example.org"}, REMOTE_ADDR="10.77.0.7")
        assert asked["Location"] == f"{RESET}sent/"
        run_what_waits()
        stranger.hammer(3)
        assert choose_password(owner, outbox[-1])
        stranger.hammer(3)
        assert sign_in(owner, "edith", NEW["password1"], network=5000).status_code == 302
        assert is_signed_in(owner)


@pytest.mark.parametrize("ended_by", ["signing in", "the link itself"])
def test_a_link_is_mailed_after_the_last_one_ended(outbox, ended_by):
    make_person(username="edith", email="Edith@example.org")
    owner = Client()
    with time_machine.travel(NOON, tick=False):
        for number in range(4):
            place = {"REMOTE_ADDR": f"10.0.{number}.7"}
            Client().post(RESET, {"email": "edith@example.org"}, **place)
        run_what_waits()
        last = outbox[-1]
        if ended_by == "signing in":
            assert sign_in(owner, "edith").status_code == 302
            assert Client().get(link_in(last)).status_code == 410
        else:
            assert choose_password(owner, last)
        outbox.clear()
        Client().post(RESET, {"email": "edith@example.org"}, REMOTE_ADDR="10.77.0.7")
        run_what_waits()
        assert choose_password(Client(), outbox[-1])


def test_the_last_link_lives_longer_than_any_wait_for_another(settings):
    assert 10 * LIMITS["reset"].longest.total_seconds() < settings.PASSWORD_RESET_TIMEOUT


def test_a_page_that_refuses_says_the_same_of_nobody(outbox):
    make_person(username="edith")
    pages = []
    with time_machine.travel(NOON, tick=False):
        for name in ("edith", "nobody"):
            for network in range(11):
                page = sign_in(Client(), name, "wrong", network=network).text
            pages.append(
                re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', "", page.replace(name, "-"))
            )
    assert pages[0] == pages[1]
    assert "cannot keep you out" in pages[0]


def test_a_mailed_link_gives_a_browser_passwords_but_no_codes_of_its_own(outbox):
    """Who reads the mailbox could ask for link after link, and guess codes with each."""
    make_person(username="edith", email="edith@example.org", app=True)
    statuses = []
    for number in range(3):
        thief = Client()
        with time_machine.travel(NOON + datetime.timedelta(seconds=4 * number), tick=False):
            thief.post(RESET, {"email": "edith@example.org"}, REMOTE_ADDR=f"10.0.{number}.7")
            run_what_waits()
            links = [mail for mail in outbox if "/reset-password/" in mail.body]
            assert choose_password(thief, links[-1])
            sign_in(thief, "edith", NEW["password1"], network=number)
            statuses += [send_code(thief, "000000").status_code for _ in range(3)]
    assert statuses == [422] * 5 + [429] * 4
    with time_machine.travel(NOON + datetime.timedelta(hours=1), tick=False):
        for number in range(31):
            sign_in(Client(), f"name{number}", "wrong", REMOTE_ADDR="127.0.0.1")
        sign_in(thief, "edith", NEW["password1"])
        assert send_code(thief, code_at()).status_code == 302, "and nobody is kept out by that"
