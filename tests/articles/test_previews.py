"""The fragments that previews of links show: what readers may see, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Term
from tests.articles.bridges import make_article, make_editor
from tests.html import parse

pytestmark = pytest.mark.django_db


def test_a_term_is_previewed_by_its_definition(client: Client) -> None:
    make_article()

    response = client.get("/terms/thrust/preview/")

    assert parse(response.content).text.strip() == (
        "ThrustThe push of an arch against what it stands on."
    )
    assert response["X-Robots-Tag"] == "noindex"
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=0", "must-revalidate"}


def test_an_article_is_previewed_by_its_short_answer_without_citations(client: Client) -> None:
    make_article(language="ar")

    response = client.get("/articles/stone-bridges/preview/")

    preview = parse(response.content)
    assert preview.text.strip() == "Stone bridgesA stone bridge carries its load by thrust alone."
    assert (preview.one("div").get("lang"), preview.one("div").get("dir")) == ("ar", "rtl")


def test_a_long_answer_is_cut_between_words(client: Client) -> None:
    make_article(short_answer="stones " * 100)

    text = parse(client.get("/articles/stone-bridges/preview/").content).text.strip()

    assert text.endswith("stones …")
    assert len(text) < 420


def test_what_readers_may_not_see_has_no_preview_even_for_editors(client: Client) -> None:
    make_article(publish=False)
    client.force_login(make_editor())

    assert client.get("/articles/stone-bridges/preview/").status_code == 404
    assert client.get("/terms/thrust/preview/").status_code == 404
    assert client.get("/terms/nothing/preview/").status_code == 404


def test_a_term_without_definition_says_so(client: Client) -> None:
    make_article()
    Term.objects.update(definition="")

    assert "No definition yet." in client.get("/terms/thrust/preview/").content.decode()
