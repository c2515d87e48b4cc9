"""The glossary from A to Z, and the page of a term."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.alphabet import letter_of
from articles.document import RelatedTerm
from articles.models import Article, Term
from articles.views import glossary
from tests.articles.bridges import make_article
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.content)


def make_terms(*names: str) -> None:
    for name in names:
        Term.objects.create(name=name, definition=f"What {name} means.")


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Arch", "a"),
        ("Ångström", "a"),
        ("ÉLAN", "e"),
        ("øre", "ø"),
        ("ßharp", "s"),
        ("Ωmega", "ω"),
        ("Арка", "а"),
        ("جسر", "ج"),
        ("한글", "ㅎ"),
        ("石橋", "漢"),
        ("橋", "漢"),
        ("3D", "#"),
        ("“quoted”", "#"),
        ("", "#"),
        ("😀", "#"),
    ],
)
def test_a_name_stands_under_its_first_letter_without_case_and_marks(
    name: str, letter: str
) -> None:
    assert letter_of(name) == letter


def test_terms_stand_in_order_below_their_letters_and_aliases_refer_to_them(
    client: Client,
) -> None:
    make_terms("Zebra", "arch", "Ångström", "3D printing", "Арка")
    Term.objects.create(name="Voussoir", definition="A stone.", aliases=["Arch stone", "wedge"])

    main = page(client, "/terms/").by_id("main")

    assert [h.text for h in main.all("h2")] == ["0–9", "A", "V", "W", "Z", "А"]
    entries = [(div.one("dt").text, div.one("dd").text) for div in main.all("dl")[1].all("div")]
    assert entries == [
        ("Ångström", "What Ångström means."),
        ("arch", "What arch means."),
        ("Arch stone", "see Voussoir"),
    ]
    assert main.one("p", class_="list-note").text == "6 terms"
    see = main.all("dd", class_="see")[0].one("a")
    assert see["href"] == "/terms/voussoir/"


def test_only_letters_that_exist_are_links_and_each_leads_to_its_own_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glossary, "ENTRIES", 2)
    make_terms("Apse", "Arch", "Barrel", "Buttress", "Corbel", "Ωmega")

    tree = page(client, "/terms/?page=2")

    index = tree.one("nav", class_="alphabet")
    assert {a.text: a["href"] for a in index.all("a")} == {
        "A": "?page=1#letter-a",
        "B": "#letter-b",
        "C": "?page=3#letter-c",
        "Ω": "?page=3#letter-ω",
    }
    assert len(index.all("li")) == 27
    assert [a.text for a in tree.by_id("main").one("dl").all("a")] == ["Barrel", "Buttress"]
    assert page(client, "/terms/?page=3").by_id("letter-c").text == "C"


def test_a_glossary_without_latin_letters_shows_none(client: Client) -> None:
    make_terms("جسر", "قوس")

    index = page(client, "/terms/").one("nav", class_="alphabet")

    assert [li.text for li in index.all("li")] == ["ج", "ق"]


def test_the_page_of_a_term_leads_to_the_very_parts_that_use_it(client: Client) -> None:
    make_article()

    main = page(client, "/terms/thrust/").by_id("main")

    (article,) = main.all("section", class_="uses")
    assert article.one("h3").text == "Stone bridges"
    assert [(a.text, a["href"]) for a in article.one("ul").all("a")] == [
        ("Short answer", "/articles/stone-bridges/#short-answer"),
        ("Related terms", "/articles/stone-bridges/#related-term-thrust"),
    ]
    assert article.one("span", class_="use-text").text == (
        "A stone bridge carries its load by thrust alone."
    )


def test_a_term_shows_its_names_its_article_and_its_neighbours(client: Client) -> None:
    article = make_article(related_terms=())
    make_terms("Abutment", "Apse", "Barrel", "Corbel", "Dome", "Extrados", "Footing")
    Term.objects.create(name="Bridge", aliases=["Crossing"], definition="A way.", article=article)

    main = page(client, "/terms/bridge/").by_id("main")

    assert main.one("p", class_="list-note").text == "Also: Crossing"
    assert main.one("p", class_="more").one("a")["href"] == "/articles/stone-bridges/"
    neighbours = main.one("nav", class_="neighbours").all("a")
    assert [a.text for a in neighbours] == [
        *("Abutment", "Apse", "Barrel"),
        "Bridge",
        *("Corbel", "Dome", "Extrados"),
    ]
    assert [a.text for a in neighbours if a.get("aria-current")] == ["Bridge"]


def test_the_address_of_another_name_leads_to_the_term_for_good(client: Client) -> None:
    Term.objects.create(name="Long memory", definition="A cell.", aliases=["LSTM", "Apse"])
    make_terms("Apse")

    response = client.get("/terms/lstm/")

    assert (response.status_code, response["Location"]) == (301, "/terms/long-memory/")
    assert page(client, "/terms/apse/").one("h1").text == "Apse"
    assert client.get("/terms/nothing/").status_code == 404


def test_the_other_name_of_a_hidden_term_leads_nowhere(client: Client) -> None:
    draft = make_article(publish=False, related_terms=(RelatedTerm(term="Secret plan"),))
    Term.objects.filter(name="Secret plan").update(definition="Hidden.")
    term = Term.objects.get(name="Secret plan")
    term.aliases = ["SP"]
    term.save()

    assert client.get("/terms/sp/").status_code == 404
    assert "Secret" not in client.get("/terms/").text

    Article.objects.filter(pk=draft.pk).update(status="published", published_at=draft.created_at)
    assert client.get("/terms/sp/").status_code == 301


def test_names_of_terms_follow_every_change(client: Client) -> None:
    term = Term.objects.create(name="Arch", definition="A curve.", aliases=["Bow", "Vault"])
    term.name, term.aliases = "Bow", ["Arch"]
    term.save()

    rows = term.names.order_by("order").values_list("name", "is_alias", "letter", "slug")

    assert list(rows) == [("Arch", True, "a", "arch"), ("Bow", False, "b", "bow")]
