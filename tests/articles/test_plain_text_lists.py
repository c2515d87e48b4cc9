"""Facts, references and comments of a plain text, and that nothing of it gets lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.document import Document, to_dict
from articles.formats.errors import FileError
from articles.formats.plain_text import Understood, parse

PAGE = """#Short Answer
Lamp moss is a plant that glows.
#Infobox
Lamp moss Kingdom Plantae Height 4 cm Found by Ida Blom Habitat Caves, wells
#Overview
Lamp moss grows in caves. The glow is blue:
- in spring
- and in autumn.
#Important Facts
• Light: It shines at 480 nm: a blue.
• Age: A cushion lives for 12 years.
#Timeline
Year Milestone 1902 Found in a well 1950s Grown in glass 12 May 1987 Named "Glow 2000" again
#Related Terms
Moss, Cave, Light
#FAQ
Q: Does it glow?
A: It does.
#References
- Blom, I. (1902). Lights below. Cave Letters, 3(2), 4–9.
- https://moss.example/lamp


Comments
Tom: I saw one.
No comments yet.
"""
# Words that tell what a line is, and are not a part of its text.
MARKS = {"q", "a", "year", "comments", "12", "may", "1950s"}


def words_of(found: Understood) -> set[str]:
    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for item in value.values() for text in texts(item)]
        if isinstance(value, list):
            return [text for item in value for text in texts(item)]
        return [str(value)]

    said = [*texts(to_dict(found.document)), *(note.message for note in found.notes)]
    said += [f"{comment.name} {comment.text} {comment.date_text}" for comment in found.comments]
    return set(re.findall(r"[^\W_]+", " ".join(said).casefold()))


def document(text: str) -> Document:
    return parse(text, name="page.txt").document


def test_bullets_need_no_space_where_several_lines_have_them():
    found = document("#Facts\n-Rooms: There are 108.\n-Voices: Three.\n").facts
    assert [fact.label for fact in found] == ["Rooms", "Voices"]


def test_a_single_hyphen_before_a_word_is_no_bullet():
    assert document("#Facts\n-ism is a suffix.\n").facts[0].statement == "-ism is a suffix."


@pytest.mark.parametrize("text", ["None yet.", "None", "No terms so far", "N/A"])
def test_a_region_may_say_that_it_is_empty(text):
    assert document(f"#Overview\nText.\n#Related Terms\n{text}\n").related_terms == ()


@pytest.mark.parametrize(
    ("text", "authors", "year"),
    [
        ("Nowak, E. 1987. A new crest. Cave Letters 24: 11–33.", ("Nowak, E.",), "1987"),
        ("Bjerke, Thor. 1987. Banedata. Oslo: Jernbane Press.", ("Bjerke, Thor",), "1987"),
        ('Smith, J. (12 July 1974). "On ice". The Post. p. 12.', ("Smith, J.",), "1974-07-12"),
        ('Kuhn, Mark (2004-12-19). "A summary". Web Letters.', ("Kuhn, Mark",), "2004-12-19"),
    ],
)
def test_a_citation_tells_author_and_year(text, authors, year):
    (reference,) = document(f"#References\n- {text}\n").references
    assert (reference.authors, reference.year) == (authors, year)
    assert not reference.is_placeholder


def test_a_table_of_references_with_two_columns_of_a_name_keeps_both():
    table = "| Title | Title | Year |\n|---|---|---|\n| Mosses | Lamps | 1907 |\n"
    found = parse(f"#References\n{table}", name="page.txt")
    assert {"mosses", "lamps", "1907"} <= words_of(found)


def test_comments_may_follow_a_list_without_a_blank_line():
    text = "#References\n- One source\nComments\nAna K. · 3 March 2025\nGood.\nTom: I miss it.\n"
    found = parse(text, name="page.txt")
    assert len(found.document.references) == 1
    assert [comment.name for comment in found.comments] == ["Ana K.", "Tom"]


def test_a_name_above_a_date_begins_a_comment():
    text = (
        "#References\n- One\n\nComments\nJo Park\n2 days ago\nYes.\nReply\nLi Wei\n1 day ago\nNo."
    )
    found = parse(text, name="page.txt")
    assert [(x.name, x.date_text) for x in found.comments] == [
        ("Jo Park", "2 days ago"),
        ("Li Wei", "1 day ago"),
    ]
    assert any("Reply" in note.message for note in found.notes)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_a_page_loses_a_word_or_breaks_the_reader(data):
    lines = PAGE.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 2))
        match data.draw(st.sampled_from(["delete", "join", "copy", "swap", "mark"])):
            case "delete":
                del lines[at]
            case "join":
                lines[at : at + 2] = [f"{lines[at]} {lines[at + 1]}"]
            case "copy":
                lines[at:at] = lines[at : at + 5]
            case "swap":
                lines[at], lines[at + 1] = lines[at + 1], lines[at]
            case "mark":
                sign = data.draw(st.sampled_from([*'#*-|:?(["“`>\t', "---", "1999 "]))
                lines[at] = f"{sign}{lines[at]}"
    text = "\n".join(lines)
    try:
        found = parse(text, name="page.txt")
    except FileError:
        return
    texts = [line for line in lines if not line.lstrip('*-|:?(["“`>\t ').startswith("#")]
    wanted = set(re.findall(r"[^\W_]+", " ".join(texts).casefold())) - MARKS
    missing = {word for word in wanted - words_of(found) if not word.isdigit()}
    assert missing <= {"https"}


@pytest.mark.parametrize(
    "text",
    [
        "#References\n" + "- State Rail, “Network”, https://rail.example/n.pdf\n" * 4000,
        "#Timeline\n" + "960–1279 Ab " * 16000,
        "#Timeline\n" + '2001 "a ' * 25000,
        "#Infobox\n" + "Track gauge " * 4000,
    ],
    ids=["one source", "ranges", "quotes", "labels"],
)
def test_a_long_text_is_read_in_short_time(text):
    start = time.monotonic()
    parse(text, name="page.txt")
    assert time.monotonic() - start < 10


def test_a_text_without_headings_is_refused_with_what_would_be_one():
    with pytest.raises(FileError, match="such as “## Timeline”"):
        parse("Only words.\n\nAnd more of them.")
    assert parse("# Tin\n\n## Timeline\n\n- 1990: Begun").document.timeline
