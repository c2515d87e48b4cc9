"""SITE_LANGUAGE: what it may be, and that readers cannot change it."""

import pytest
from django.test import Client
from django.utils import translation

from config.environment import read_language


@pytest.mark.parametrize(
    ("value", "language"), [("de", "de"), (" DE ", "de"), ("en", "en"), ("", "en")]
)
def test_a_language_is_taken_by_its_code(monkeypatch, value, language):
    monkeypatch.setenv("SITE_LANGUAGE", value)
    assert read_language("SITE_LANGUAGE") == language


def test_english_stands_where_nothing_is_set(monkeypatch):
    monkeypatch.delenv("SITE_LANGUAGE", raising=False)
    assert read_language("SITE_LANGUAGE") == "en"


@pytest.mark.parametrize("value", ["fr", "de-AT", "Deutsch", "../de"])
def test_another_one_ends_the_start_with_a_sentence_that_names_what_there_is(monkeypatch, value):
    monkeypatch.setenv("SITE_LANGUAGE", value)
    with pytest.raises(SystemExit) as stopped:
        read_language("SITE_LANGUAGE")
    assert str(stopped.value) == (
        f"Milepost cannot start: SITE_LANGUAGE is “{value.lower()}”; "
        "it is en (English) or de (Deutsch)."
    )


@pytest.mark.django_db
def test_every_reader_gets_the_language_of_the_site(settings):
    settings.LANGUAGE_CODE = "de"
    with translation.override("de"):
        answers = [
            Client().get("/", headers={"accept-language": wanted}) for wanted in ("en", "de", "fr")
        ]
    assert len({answer.content for answer in answers}) == 1
    assert b'<html lang="de"' in answers[0].content
    assert "accept-language" not in answers[0].get("Vary", "").lower()
