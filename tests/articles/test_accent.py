"""The accent colour: whatever an owner chooses, links can be read in both themes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import accent
from articles.models import SiteSettings
from tests.articles.admin_forms import Data, form_data
from tests.html import parse

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")

SETTINGS = "/admin/articles/sitesettings/1/change/"
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def token(name: str) -> tuple[str, str]:
    """The light and the dark value of a token."""
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", TOKENS)
    assert found, name
    return found[1], found[2]


@settings(max_examples=150)
@given(COLOURS)
def test_any_colour_becomes_one_that_can_be_read_on_both_papers(colour: str) -> None:
    made = accent.derive(colour)
    light, dark = made.contrasts
    # A step of the eight bits that a screen has may take a little away from the exact bound.
    assert 6.9 < light < 11.4
    assert 8.3 < dark < 12
    assert accent.contrast(made.on_light, made.light) > 7
    assert accent.contrast(made.on_dark, made.dark) > 7
    assert accent.contrast(made.soft_light, accent.PAPER_LIGHT) > 3.3
    assert accent.contrast(made.soft_dark, accent.PAPER_DARK) > 3.7
    # Text of the page, and links, upon the wash.
    assert accent.contrast(token("ink")[0], made.wash_light) > 12
    assert accent.contrast(token("ink")[1], made.wash_dark) > 9
    assert accent.contrast(made.light, made.wash_light) > 4.5
    assert accent.contrast(made.dark, made.wash_dark) > 4.5
    # What links stand on beside paper.
    assert accent.contrast(made.light, token("paper-2")[0]) > 4.5
    assert accent.contrast(made.dark, token("paper-2")[1]) > 4.5


@given(COLOURS)
def test_a_colour_comes_back_from_its_lightness_chroma_and_hue(colour: str) -> None:
    again = accent.from_oklch(*accent.to_oklch(colour))
    # The gamut's edge may cost a step in one channel.
    for at in (1, 3, 5):
        assert abs(int(again[at : at + 2], 16) - int(colour[at : at + 2], 16)) <= 1


@given(COLOURS)
def test_the_hue_of_the_choice_is_kept(colour: str) -> None:
    _lightness, chroma, hue = accent.to_oklch(colour)
    made = accent.derive(colour)
    for result in (made.light, made.dark):
        _light, left, turned = accent.to_oklch(result)
        if min(chroma, left) > 0.05:
            assert abs(math.remainder(turned - hue, math.tau)) < 0.12


def test_contrast_is_that_of_wcag() -> None:
    assert accent.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert accent.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_colours_are_those_of_the_stylesheet() -> None:
    made = accent.derive(accent.DEFAULT)
    assert (made.light, made.dark) == token("accent")
    assert (made.soft_light, made.soft_dark) == token("accent-2")
    assert (made.wash_light, made.wash_dark) == token("accent-wash")
    assert (made.on_light, made.on_dark) == token("on-accent")
    assert token("paper") == (accent.PAPER_LIGHT, accent.PAPER_DARK)
    names = ["stale", "disputed", *(f"track-{number}" for number in range(1, 6))]
    assert [colours for _name, colours in accent.MEANINGS] == [token(name) for name in names]


def test_the_default_is_taken_for_nothing_else() -> None:
    assert accent.look_alikes(accent.DEFAULT) == []
    assert "7.8 to 1" in accent.describe(accent.DEFAULT)


@pytest.mark.parametrize(
    ("colour", "name"),
    [("#a12a1c", "disputed"), ("#0f4799", "the first track"), ("#8a6100", "stale")],
)
def test_a_colour_that_means_something_already_is_named(colour: str, name: str) -> None:
    assert name in accent.look_alikes(colour)
    assert f"the colour that stands for {name}" in accent.describe(colour)


@pytest.mark.parametrize(
    "text", ["", "green", "#fff", "#12345g", "#1234567", "٠٠٠٠٠٠", "#0a5c48; }"]
)
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="six digits"):
        accent.validate(text)


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#777777", "#74767a"])
def test_grey_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError, match="so grey"):
        accent.validate(colour)


def test_letters_of_a_colour_may_be_large() -> None:
    accent.validate(" #0A5C48 ")
    assert accent.clean(" #0A5C48 ") == "#0a5c48"


# The site --------------------------------------------------------------------------------------


def stylesheets(client: Client, address: str = "/") -> list[str]:
    """The addresses of a page's stylesheets."""
    links = parse(client.get(address).content).all("link")
    return [str(link["href"]) for link in links if link.get("rel") == "stylesheet"]


def settings_form(client: Client, **changes: str) -> Data:
    """What the form of the settings sends."""
    return form_data(client.get(SETTINGS), "sitesettings_form") | changes


@pytest.mark.django_db
def test_a_site_with_the_default_accent_has_no_stylesheet_more(client: Client) -> None:
    SiteSettings.objects.create(pk=1)
    assert not any(address.startswith("/site-") for address in stylesheets(client))


@pytest.mark.django_db
def test_the_owner_changes_the_accent_of_every_page_and_of_the_admin(
    admin_client: Client, client: Client
) -> None:
    data = settings_form(admin_client, accent="#0B3D91")
    answer = admin_client.post(SETTINGS, data, follow=True)
    assert "contrast 9" in answer.content.decode()
    assert "near to the colour that stands for the first track" in answer.content.decode()
    assert SiteSettings.current().accent == "#0b3d91"
    (own,) = [link for link in stylesheets(client) if link.startswith("/site-")]
    assert stylesheets(client)[-1] == own
    assert own in stylesheets(admin_client, "/admin/")
    sheet = client.get(own)
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f"--accent: light-dark({accent.derive('#0b3d91').light}, " in sheet.content.decode()


@pytest.mark.django_db
def test_a_page_that_was_kept_gets_the_rules_of_today(client: Client) -> None:
    SiteSettings.objects.create(pk=1, accent="#7a1fa2")
    (old,) = [link for link in stylesheets(client) if link.startswith("/site-")]
    SiteSettings.objects.update(accent="#0b3d91")
    assert old not in stylesheets(client)
    sheet = client.get(old)
    assert sheet.content.decode() == accent.derive("#0b3d91").css
    assert sheet.headers["Cache-Control"] == "no-cache"


@pytest.mark.django_db
@pytest.mark.parametrize("colour", ["#777777", "red", ""])
def test_the_form_says_why_it_refuses_a_colour(admin_client: Client, colour: str) -> None:
    data = settings_form(admin_client, accent=colour)
    answer = admin_client.post(SETTINGS, data)
    tree = parse(answer.content)
    assert tree.one("ul", id="id_accent_error").text
    assert SiteSettings.current().accent == accent.DEFAULT
