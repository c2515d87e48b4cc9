"""The licence of a site's texts, wherever a reader or a program meets it."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.formats import json_file, markdown_file
from articles.models import SiteSettings
from tests.articles.bridges import make_article, make_document
from tests.html import parse

pytestmark = pytest.mark.django_db

URL = "https://creativecommons.org/licenses/by-sa/4.0/"


def choose(**values: str) -> SiteSettings:
    site: SiteSettings = SiteSettings.objects.update_or_create(pk=1, defaults=values)[0]
    return site


def test_without_a_choice_all_rights_are_reserved(client: Client) -> None:
    make_article()

    for address in ("/", "/articles/stone-bridges/"):
        footer = parse(client.get(address).content).one("footer")
        assert "All rights reserved." in footer.text
    assert "licence: All rights reserved\n" in client.get("/articles/stone-bridges.md").text


def test_a_licence_stands_in_the_footer_and_in_both_files(client: Client) -> None:
    choose(licence="cc-by-sa")
    make_article()

    link = parse(client.get("/").content).one("footer").one("a", rel="license noopener")
    assert (link.text, link["href"]) == ("The texts may be used under CC BY-SA 4.0.", URL)
    assert client.get("/articles/stone-bridges.md").text.startswith(
        f"---\nformat: 1\nlicence: CC BY-SA 4.0, {URL}\ntitle: Stone bridges\n"
    )
    data = json.loads(client.get("/articles/stone-bridges.json").content)
    assert data["licence"] == {"name": "CC BY-SA 4.0", "url": URL}


def test_the_files_are_read_as_the_article_alone(client: Client) -> None:
    choose(licence="own", own_licence="Ask: we say yes", own_licence_url="https://a.example/ask")
    make_article()

    text = client.get("/articles/stone-bridges.md").text
    data = client.get("/articles/stone-bridges.json").text

    assert "licence: 'Ask: we say yes, https://a.example/ask'" in text
    assert markdown_file.parse(text) == json_file.parse(data) == make_document()


def test_terms_of_ones_own_are_shown_as_they_were_written(client: Client) -> None:
    choose(licence="own", own_licence="Free for <schools>.", own_licence_url="")

    footer = parse(client.get("/").content).one("footer")

    assert "Free for <schools>." in footer.text
    assert footer.all("a", rel="license noopener") == []


def test_terms_of_ones_own_want_words_and_an_address_that_can_be_followed() -> None:
    with pytest.raises(ValidationError, match="in a few words"):
        SiteSettings(licence="own").full_clean()
    with pytest.raises(ValidationError, match="https://"):
        SiteSettings(own_licence_url="javascript:alert(1)").full_clean()
