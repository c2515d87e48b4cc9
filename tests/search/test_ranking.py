"""What is found, and in which order."""

from __future__ import annotations

import pytest

from articles.document import InfoboxRow
from articles.models import Term
from tests.search.site import bare, fact, find, kinds, milestone, question, section, titles

pytestmark = pytest.mark.django_db


def test_where_a_word_stands_decides_first() -> None:
    bare("Suspension", "Nothing to do with an arch.")
    bare("Vaults", sections=(section("The arch and its line", "A line."),))
    bare("Stone arch bridges", "They stand.")
    bare("Arch bridges", "They stand.")
    bare("Arch", "It stands.")

    assert titles("arch") == [
        "Arch", "Arch bridges", "Stone arch bridges", "The arch and its line", "Suspension",
    ]  # fmt: skip


def test_a_phrase_comes_before_words_apart_and_those_before_other_forms() -> None:
    bare("First", "Bridges were built of stones.")
    bare("Second", "A bridge may be made of stone.")
    bare("Third", "A stone bridge stands there.")

    assert titles("stone bridge") == ["Third", "Second", "First"]


def test_a_phrase_comes_first_in_headings_too() -> None:
    bare("A", sections=(section("Learning is deep", "x"), section("Deep learning", "y")))

    assert titles("deep learning") == ["Deep learning", "Learning is deep"]


def test_all_words_must_occur_together_in_one_thing() -> None:
    bare("Stone", sections=(section("Bridges", "Of iron."),))

    assert titles("stone iron") == []
    assert titles("bridges iron") == ["Bridges"]


def test_words_in_quotation_marks_must_follow_each_other() -> None:
    bare("First", "The chain of the rule.")
    bare("Second", "The chain rule.")

    assert titles('"chain rule"') == ["Second"]
    assert titles('"rule chain"') == []
    assert titles('"the chain of the rule"') == ["First"]


@pytest.mark.parametrize("typed", ["ALCANTARA", "alcántara", "Alcántara", "alca\u0301ntara"])
def test_accents_and_case_do_not_matter(typed: str) -> None:
    bare("Bridge of Alcántara")
    assert titles(typed) == ["Bridge of Alcántara"]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Many networks were trained", "network train"),
        ("A network was trained", "networks training"),
        ("Errors by back-propagation", "backpropagation"),
        ("Errors by back-propagation", "back propagation"),
        ("Errors by back-propagation", "back-propagation"),
        ("Newton’s law", "newton"),
        ("Newton’s law", "newton's"),
        ("Ο λόγος", "λογοσ"),
        ("Ο λόγος", "ΛΌΓΟΣ"),
        ("اللغة العَرَبِيّة", "العربية"),
        ("我们研究深度学习的历史", "深度学习"),
        ("我们研究深度学习的历史", "历史"),
        ("我们研究深度学习的历史", "史"),
        ("我们研究深度学习的历史", "研究 历史"),
        ("日本の東京タワー", "タワー"),
        ("사람이 학교에서 공부한다", "학교"),
        ("Łódź lies in Poland", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("The № 5 of ½", "5"),
        ("C++ and x86_64", "x86"),
    ],
)
def test_what_is_meant_is_found(text: str, typed: str) -> None:
    bare("Something", text)
    bare("Other", "Quite another matter.")
    assert titles(typed) == ["Something"]


def test_inflections_follow_the_language_of_the_text() -> None:
    bare("Eins", "Die alten Häuser stehen noch.", language="de")
    bare("Zwei", "Ein Auto.", language="de")

    assert titles("Haus") == ["Eins"]
    assert titles("altes haus") == ["Eins"]


def test_the_last_word_may_be_unfinished_and_no_other() -> None:
    bare("Antikythera mechanism", "Bronze gears.")

    assert titles("antik") == ["Antikythera mechanism"]
    assert titles("bronze ge") == ["Antikythera mechanism"]
    assert titles("bron gears") == []


def test_every_kind_of_thing_is_found() -> None:
    bare(
        "About zircon",
        sections=(section("Zircon in rocks", "x"),),
        facts=(fact("Zircon", "It is old."), fact("", "A zircon without a label.")),
        timeline=(milestone("1789", "Zircon analysed", "By Klaproth."),),
        questions=(question("What is zircon?", "A mineral."),),
    )
    Term.objects.create(name="Zircon", definition="A mineral of zirconium.")

    first, second, *headings, last = kinds("zircon")
    assert (first, second, last) == (
        ("term", "Zircon"), ("article", "About zircon"), ("fact", "")
    )  # fmt: skip
    assert sorted(headings) == [
        ("fact", "Zircon"),
        ("milestone", "Zircon analysed"),
        ("question", "What is zircon?"),
        ("section", "Zircon in rocks"),
    ]
    assert kinds("klaproth") == [("milestone", "Zircon analysed")]
    assert kinds("1789") == [("milestone", "Zircon analysed")]


def test_a_term_is_found_by_its_other_names_and_an_article_by_its_infobox() -> None:
    Term.objects.create(name="Backpropagation", definition="A rule.", aliases=["reverse mode"])
    bare("Bridge", infobox=(InfoboxRow(label="Material", value="Cut granite"),))

    assert titles("reverse mode") == ["Backpropagation"]
    assert titles("granite") == ["Bridge"]


def test_a_hit_says_what_it_stands_beside() -> None:
    article = bare("Bridges", facts=(fact("Oldest", "Near Izmir."),))
    (candidate,) = find("izmir").ranked
    assert (candidate.kind, candidate.article) == ("fact", article.pk)


def test_the_order_is_the_same_each_time() -> None:
    for number in range(12):
        bare(f"Bridge {number}", "The same text.")
    assert titles("bridge") == titles("bridge")
    assert len(titles("bridge")) == 12
