"""Passkeys in Chromium, with an authenticator that the browser plays (WebAuthn of its protocol)."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from articles.models import SiteSettings, User
from tests.browser.kinds import sign_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


class Device:
    """An authenticator with a memory and a lock that opens at once, unless it is told not to."""

    def __init__(self, page: Any) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.name = {"authenticatorId": made["authenticatorId"]}

    def lock(self) -> None:
        """From now on its owner is not recognised."""
        self.session.send("WebAuthn.setUserVerified", {**self.name, "isUserVerified": False})

    def keys(self) -> list[Any]:
        """The passkeys in it."""
        found: list[Any] = self.session.send("WebAuthn.getCredentials", self.name)["credentials"]
        return found


@pytest.fixture
def authenticator(page: Any) -> Device:
    return Device(page)


@pytest.fixture
def editor(page: Any, base_url: str) -> User:
    """Somebody who is signed in and has no second factor."""
    person = make_user("Editor", username="edith")
    sign_in(page.context, base_url, person)
    return person


def add_passkey(page: Any, name: str) -> None:
    page.goto("/accounts/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def sign_out(page: Any) -> None:
    page.goto("/accounts/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", level=1).wait_for()


def test_a_passkey_is_made_and_signs_in_without_a_name_or_password(
    page: Any, authenticator: Device, editor: User
) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"require_second_factor": True})
    add_passkey(page, "My laptop")
    (key,) = authenticator.keys()
    assert (key["rpId"], key["isResidentCredential"]) == ("localhost", True)
    page.goto("/accounts/")
    assert page.get_by_text("My laptop").first.is_visible()

    sign_out(page)
    page.goto("/admin/articles/article/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/articles/article/")
    assert page.get_by_role("heading", level=1).is_visible()


def test_a_passkey_is_the_second_step_and_confirms_who_one_is(
    page: Any, authenticator: Device, editor: User
) -> None:
    add_passkey(page, "My phone")
    sign_out(page)
    page.goto("/accounts/sign-in/")
    page.get_by_label("User name").fill("edith")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/sign-in/code/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")

    page.goto("/accounts/confirm/passkey/?next=/accounts/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accounts/")

    page.get_by_role("link", name="Remove My phone").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("The passkey is removed.").wait_for()
    assert not Authenticator.objects.exists()


def test_a_device_that_does_not_open_signs_nobody_in_and_the_page_says_so(
    page: Any, authenticator: Device, editor: User
) -> None:
    add_passkey(page, "My laptop")
    sign_out(page)
    authenticator.lock()
    page.goto("/accounts/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").get_by_text("The passkey was not used").wait_for()
    page.goto("/admin/")
    assert page.get_by_role("heading", name="Sign in").is_visible()


def test_a_passkey_of_somebody_who_was_shut_out_signs_nobody_in(
    page: Any, authenticator: Device, editor: User
) -> None:
    add_passkey(page, "My laptop")
    sign_out(page)
    User.objects.update(is_active=False)
    page.goto("/accounts/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This did not work. Please try again.").wait_for()


def test_signing_in_goes_the_same_way_with_and_without_javascript(reader: Any) -> None:
    make_user("Editor", username="edith")
    reader.goto("/admin/articles/article/")
    reader.get_by_label("User name").fill("edith")
    reader.get_by_label("Password").fill("wrong")
    reader.keyboard.press("Enter")
    reader.get_by_role("alert").get_by_text("do not belong together").wait_for()
    assert reader.get_by_label("User name").input_value() == "edith"
    reader.get_by_label("Password").fill(PASSWORD)
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/admin/articles/article/")
