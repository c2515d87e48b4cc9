"""What is shown in groups is copied in one piece: recovery codes, the key of an app."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.signing_in import make_person, recovery_codes
from tests.browser.kinds import sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

# What the browser would put onto the clipboard.
COPIED = """(element) => {
  getSelection().selectAllChildren(element);
  return String(getSelection());
}"""


def test_each_recovery_code_is_copied_as_one_line(page: Any, base_url: str) -> None:
    person = make_person(username="edith", app=True)
    sign_in(page.context, base_url, person)
    page.goto("/accounts/recovery-codes/")
    copied = page.locator(".account-codes").evaluate(COPIED)
    assert copied.split() == recovery_codes(person)


def test_the_key_of_an_app_is_copied_as_one_word_and_breaks_between_its_groups(
    page: Any, base_url: str
) -> None:
    sign_in(page.context, base_url, make_user("Editor"))
    page.goto("/accounts/app/")
    key = page.locator(".account-key")
    assert key.evaluate(COPIED) == key.text_content()
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.scrollingElement.scrollWidth") == 320
