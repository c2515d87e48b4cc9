"""Infoboxes that lost their structure, with labels known and unknown."""

from __future__ import annotations

import pytest

from articles.formats.plain_text import Understood, parse


def understood(infobox: str, prose: str = "Nothing to add.", **options: object) -> Understood:
    text = f"#Infobox\n{infobox}\n#Overview\n{prose}\n"
    return parse(text, name="page.txt", **options)


def rows(infobox: str, prose: str = "Nothing to add.", **options: object) -> list[tuple[str, str]]:
    document = understood(infobox, prose, **options).document
    return [(row.label, row.value) for row in document.infobox]


@pytest.mark.parametrize(
    ("infobox", "prose", "expected"),
    [
        # Small words up to a capital or a figure, before a word that labels end in.
        (
            (
                "Quillmoor Tramway Owner City Trams Service type Narrow gauge, tourist Opened 1 "
                "May 1904 Lantern relay length 12 km Number of tracks Single"
            ),
            "Quillmoor Tramway climbs a hill.",
            [
                ("Owner", "City Trams"),
                ("Service type", "Narrow gauge, tourist"),
                ("Opened", "1 May 1904"),
                ("Lantern relay length", "12 km"),
                ("Number of tracks", "Single"),
            ],
        ),
        # A participle and its preposition, with and without a boundary before it.
        (
            (
                "Ostrand lemma Field Order theory Sketched by Mira Ostrand Sketched in 1931 First "
                "written down by Paul Veit Open problem No"
            ),
            "The Ostrand lemma is old.",
            [
                ("Field", "Order theory"),
                ("Sketched by", "Mira Ostrand"),
                ("Sketched in", "1931"),
                ("First written down by", "Paul Veit"),
                ("Open problem", "No"),
            ],
        ),
        # A known label that is the beginning of a longer one.
        (
            (
                "Winter Meet Host city Lunden, Norway Nations 12 Opened by King Arne Maximum "
                "incline 8.5%"
            ),
            "The Winter Meet was short.",
            [
                ("Host city", "Lunden, Norway"),
                ("Nations", "12"),
                ("Opened by", "King Arne"),
                ("Maximum incline", "8.5%"),
            ],
        ),
        # The bracket that only labels have.
        (
            "Glowmaze Developer(s) Heron Works Narrator(s) Ida Blom Genre(s) Puzzle Glimmer(s) Two",
            "Glowmaze is a game.",
            [
                ("Developer(s)", "Heron Works"),
                ("Narrator(s)", "Ida Blom"),
                ("Genre(s)", "Puzzle"),
                ("Glimmer(s)", "Two"),
            ],
        ),
        # Figures that begin with a small letter, eras and names with small letters.
        (
            (
                "Lucia Varro Predecessor Titus Varro Born c. 63 BC Ostia Died 20 BC Successor "
                "al-Amin Mother Aelia"
            ),
            "Lucia Varro ruled.",
            [
                ("Predecessor", "Titus Varro"),
                ("Born", "c. 63 BC Ostia"),
                ("Died", "20 BC"),
                ("Successor", "al-Amin"),
                ("Mother", "Aelia"),
            ],
        ),
        # "on The" in the prose does not make "Based on" a part of a name.
        (
            "Dim Harbour Directed by Lena Wolf Based on The Keeper Country Sweden",
            "Dim Harbour opens. It builds on The Keeper.",
            [("Directed by", "Lena Wolf"), ("Based on", "The Keeper"), ("Country", "Sweden")],
        ),
        # A side of the world behind a name ends a value.
        (
            "Fen Line Termini Hamar Central, Lunden East Stations 48 Operator Fen Rail",
            "Fen Line is a railway.",
            [
                ("Termini", "Hamar Central, Lunden East"),
                ("Stations", "48"),
                ("Operator", "Fen Rail"),
            ],
        ),
        # The title, in another case than in the prose, is no value.
        (
            "Smoky Tea Origin Fujian, China Caffeine 30 mg per cup",
            "People drink smoky tea.",
            [("Origin", "Fujian, China"), ("Caffeine", "30 mg per cup")],
        ),
    ],
)
def test_a_flattened_line_is_cut_at_its_labels(infobox, prose, expected):
    assert rows(infobox, prose) == expected


def test_values_that_begin_small_stay_values():
    found = rows("Moor frog Colour dark brown Habitat lakes and rivers Diet insects Status common")
    assert ("Colour", "dark brown") in found
    assert ("Habitat", "lakes and rivers") in found


def test_an_unknown_label_is_a_guess():
    notes = understood(
        "Quillmoor Tramway Owner City Trams Opened 1904 Lantern relay length 12 km",
        "Quillmoor Tramway climbs.",
    ).notes
    assert any(note.level == "guess" and "Lantern relay length" in note.message for note in notes)


def test_labels_of_a_file_are_known():
    line = "Oddity Zorblat Green Quux Seven hills Owner Nobody"
    found = rows(line, "Oddity is one.", labels=("Zorblat", "Quux"))
    assert found == [("Zorblat", "Green"), ("Quux", "Seven hills"), ("Owner", "Nobody")]


def test_the_name_in_the_infobox_is_the_title_when_nothing_else_states_one():
    found = understood("Name: Great Halm Bridge\nCarries: Road\nOpened: 1998")
    assert found.document.title == "Great Halm Bridge"
    assert found.title_line == 2


def test_another_text_above_the_rows_is_reported():
    text = "# The Loop\n## Infobox\nOther Railway Owner Nobody Opened 1904\n## FAQ\n"
    found = parse(f"{text}What is Other Railway?\nA line.\n")
    said = " ".join(note.message for note in found.notes)
    assert found.document.title == "The Loop"
    assert "Other Railway" in said


def test_a_single_row_between_two_tables_is_read():
    assert parse("#Infobox\n* * *\n- One: two\n#Overview\nText.\n", name="a.txt").document.infobox
