"""What is cited, as reference managers and manuals of style want it written."""

from __future__ import annotations

import datetime
import json
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.citing import Work, apa, bibtex, chicago, csl_json, mla, ris, split_name

ADDRESS = "https://example.org/articles/stone-bridges/history/12/"


def work(**changes: Any) -> Work:
    return Work(
        **{
            "title": "Stone bridges",
            "slug": "stone-bridges",
            "author": "Nora Pont",
            "site": "Milepost",
            "day": datetime.date(2026, 11, 6),
            "revision": 12,
            "address": ADDRESS,
            "language": "en",
            "licence": "CC BY-SA 4.0",
            **changes,
        }
    )


ARABIC = {"title": "الجسور الحجرية", "slug": "الجسور-الحجرية", "author": "نورا", "language": "ar"}


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Nora Pont", ("Pont", "Nora")),
        ("Pont, Nora", ("Pont", "Nora")),
        ("Ludwig van Beethoven", ("van Beethoven", "Ludwig")),
        ("European Parliament", ("European Parliament", "")),
        ("Milepost editors", ("Milepost editors", "")),
        ("Aristotle", ("Aristotle", "")),
        ("نورا", ("نورا", "")),
        ("", ("", "")),
    ],
)
def test_a_name_is_parted_where_people_have_two(author: str, expected: tuple[str, str]) -> None:
    assert split_name(author) == expected


# In words -----------------------------------------------------------------------------------------


def test_apa_names_author_day_title_and_site() -> None:
    assert apa(work()) == f"Pont, N. (2026, November 6). Stone bridges. In Milepost. {ADDRESS}"


def test_apa_begins_with_the_title_of_what_has_no_author() -> None:
    assert apa(work(author="")) == f"Stone bridges. (2026, November 6). In Milepost. {ADDRESS}"


@pytest.mark.parametrize(
    ("author", "begins"),
    [
        ("Jean-Paul Émile Sartre", "Sartre, J.-P. É. (2026"),
        ("Milepost editors", "Milepost editors. (2026"),
        ("Acme Society Inc.", "Acme Society Inc. (2026"),
    ],
)
def test_apa_shortens_given_names_and_leaves_organisations_whole(author: str, begins: str) -> None:
    assert apa(work(author=author)).startswith(begins)


def test_a_title_that_ends_a_sentence_gets_no_second_stop() -> None:
    assert "Why do they last? In Milepost." in apa(work(title="Why do they last?"))
    assert "“Why do they last?” Milepost" in mla(work(title="Why do they last?"))


def test_mla_and_chicago_write_the_name_in_full() -> None:
    assert mla(work()) == (
        f"Pont, Nora. “Stone bridges.” Milepost, rev. 12, 6 Nov. 2026, {ADDRESS}."
    )
    assert chicago(work()) == (
        f"Pont, Nora. “Stone bridges.” Milepost. Last modified November 6, 2026. {ADDRESS}."
    )


def test_a_statement_stands_behind_the_title() -> None:
    assert "Stone bridges: Oldest in use." in apa(work(statement="Oldest in use"))


# For reference managers ---------------------------------------------------------------------------


def test_bibtex_of_an_article() -> None:
    assert bibtex(work()) == (
        "@misc{milepost-stone-bridges-12,\n"
        "  author = {Pont, Nora},\n"
        "  title = {{Stone bridges}},\n"
        "  howpublished = {Milepost},\n"
        "  year = {2026},\n"
        "  day = {6},\n"
        f"  url = {{{ADDRESS}}},\n"
        "  language = {en},\n"
        "  note = {Revision 12. CC BY-SA 4.0},\n"
        "  month = nov\n"
        "}\n"
    )


def test_bibtex_escapes_what_tex_understands_and_nothing_in_the_address() -> None:
    entry = bibtex(
        work(title=r"50% of C# & \emph{R_2} ~ $x^2$", address="https://example.org/%D8%A7/#a_b")
    )

    assert (
        r"{{50\% of C\# \& \textbackslash{}emph\textbraceleft{}R\_2\textbraceright{} "
        r"\textasciitilde{} \$x\textasciicircum{}2\$}}" in entry
    )
    assert "url = {https://example.org/%D8%A7/#a_b}" in entry


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_title_or_name_ends_a_field_of_bibtex_early(title: str, author: str) -> None:
    entry = bibtex(work(title=title, author=author)).removeprefix("@misc").rstrip()

    depths = list(accumulate({"{": 1, "}": -1}.get(letter, 0) for letter in entry))

    assert min(depths[:-1]) > 0
    assert depths[-1] == 0


def test_bibtex_keeps_an_organisation_whole() -> None:
    assert "author = {{Society of Bridges and Arches}}" in bibtex(
        work(author="Society of Bridges and Arches")
    )


def test_a_key_is_ascii_and_its_own_for_every_article_and_statement() -> None:
    works = [
        work(),
        work(revision=13),
        work(anchor="fact-oldest"),
        work(slug="ponts-célèbres"),
        work(**ARABIC),
        work(**ARABIC | {"slug": "الجسور"}),
    ]

    keys = [item.key for item in works]

    assert all(key.isascii() for key in keys)
    assert len(set(keys)) == len(keys)
    assert keys[3] == "milepost-ponts-celebres-12"


def test_ris_of_an_article() -> None:
    assert ris(work()) == (
        "TY  - ENCYC\r\n"
        "AU  - Pont, Nora\r\n"
        "TI  - Stone bridges\r\n"
        "T2  - Milepost\r\n"
        "PY  - 2026\r\n"
        "DA  - 2026/11/06\r\n"
        "ET  - 12\r\n"
        f"UR  - {ADDRESS}\r\n"
        "LA  - en\r\n"
        "N1  - CC BY-SA 4.0\r\n"
        "ER  - \r\n"
    )


def test_a_line_break_ends_no_field_of_ris() -> None:
    record = ris(work(site="Mile\r\nER  - \npost", author="Nora\nPont", licence="A\u2028B"))

    assert "T2  - Mile ER - post\r\n" in record
    assert "AU  - Pont, Nora\r\n" in record
    assert record.count("ER  -") == 1
    assert len(record.splitlines()) == 11


def test_ris_marks_a_name_that_is_not_to_be_parted() -> None:
    assert "AU  - European Parliament,\r\n" in ris(work(author="European Parliament"))
    assert "AU  -" not in ris(work(author=""))


def test_csl_json_of_an_article_an_organisation_and_nobody() -> None:
    (item,) = json.loads(csl_json(work()))
    assert item == {
        "id": "milepost-stone-bridges-12",
        "type": "entry-encyclopedia",
        "title": "Stone bridges",
        "container-title": "Milepost",
        "author": [{"family": "Pont", "given": "Nora"}],
        "issued": {"date-parts": [[2026, 11, 6]]},
        "version": "12",
        "URL": ADDRESS,
        "language": "en",
        "license": "CC BY-SA 4.0",
    }
    (item,) = json.loads(csl_json(work(author="Milepost editors")))
    assert item["author"] == [{"literal": "Milepost editors"}]
    (item,) = json.loads(csl_json(work(author="")))
    assert "author" not in item


def test_an_article_in_arabic_keeps_its_letters() -> None:
    (item,) = json.loads(csl_json(work(**ARABIC)))

    assert (item["title"], item["language"]) == ("الجسور الحجرية", "ar")
    assert item["author"] == [{"literal": "نورا"}]
    assert "title = {{الجسور الحجرية}}" in bibtex(work(**ARABIC))
    assert apa(work(**ARABIC)).startswith("نورا. (2026, November 6). الجسور الحجرية. In")
