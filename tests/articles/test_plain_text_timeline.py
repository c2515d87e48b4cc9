"""Timelines that became one line."""

from __future__ import annotations

import pytest

from articles.formats.plain_text import parse


def milestones(timeline: str) -> list[tuple[str, str]]:
    document = parse(f"#Timeline\n{timeline}\n", name="page.txt").document
    return [(milestone.date, milestone.title) for milestone in document.timeline]


@pytest.mark.parametrize(
    ("timeline", "expected"),
    [
        # A year behind a name belongs to the title, when titles begin with capitals.
        (
            "Year Milestone 2016 Project begun 2018 Edition 2018 brings modules 2020 Team let go",
            [
                ("2016", "Project begun"),
                ("2018", "Edition 2018 brings modules"),
                ("2020", "Team let go"),
            ],
        ),
        # So does one in quotes, and one before a colon.
        (
            (
                'Year Event 1968 2001: A Space Odyssey opens 2004 Sequel "Harbour 2020" cancelled '
                "2024 Shown again"
            ),
            [
                ("1968", "2001: A Space Odyssey opens"),
                ("2004", 'Sequel "Harbour 2020" cancelled'),
                ("2024", "Shown again"),
            ],
        ),
        # An end inside a title is none of a milestone's date.
        (
            "Dec 2020 Landslide closes the line till May 2021 Spring 2022 Reopens",
            [("2020-12", "Landslide closes the line till May 2021"), ("2022-21", "Reopens")],
        ),
        # A century behind one of its years, and years below 1000.
        (
            (
                "762 City founded c. 830 Academy grows under al-Amin 9th century Galen translated "
                "1055 Riders come"
            ),
            [
                ("0762", "City founded"),
                ("08XX", "Galen translated"),
                ("0830~", "Academy grows under al-Amin"),
                ("1055", "Riders come"),
            ],
        ),
        # A range that begins below 1000.
        (
            "Year Milestone 960–1279 Tribute tea of the court 1855 Cuttings sent abroad",
            [("0960/1279", "Tribute tea of the court"), ("1855", "Cuttings sent abroad")],
        ),
        # Deep time, months and days, quantities.
        (
            (
                "201 Ma Great dying 66 million years ago Impact 1910 Bones found 12 May 1987 Named "
                "before 2000 guests"
            ),
            [
                ("Y-201000000~", "Great dying"),
                ("Y-66000000~", "Impact"),
                ("1910", "Bones found"),
                ("1987-05-12", "Named before 2000 guests"),
            ],
        ),
    ],
)
def test_a_flattened_line_is_cut_at_its_dates(timeline, expected):
    assert milestones(timeline) == expected
