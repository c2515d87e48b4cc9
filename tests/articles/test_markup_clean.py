"""The canonical form of lines and bodies, the folding of names, and where code fences stand."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markup import clean_body, clean_line, fold, scan_lines

# Pieces that meet each other rarely in random text, and matter when they do.
PIECES = [
    *(
        "```",
        "~~~",
        "````",
        "```py",
        "- ",
        "1. ",
        "> ",
        "    ",
        "  \n",
        "\t",
        "\n",
        "\n\n",
        "\n\n\n",
    ),
    *(
        "\r\n",
        "\r",
        "\x0b",
        "\x85",
        "\u2028",
        "\u00a0",
        "\u3000",
        "\x00",
        "\ufeff",
        "\u202e",
        "\ud800",
    ),
    *("# x", "---", "===", "|", "\\", "`", "a", "e\u0301", "\u1fef", "\u037e", "[x]: /u"),
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  one\r\n\ttwo \n\n three ", "one two three", id="runs of space"),
        pytest.param("page\x0cbreak and\x0bsoft break", "page break and soft break", id="FF, VT"),
        pytest.param("a\x85b\u2028c\u2029d", "a b c d", id="NEL, LS, PS"),
        pytest.param("東京\u3000大学", "東京 大学", id="ideographic space"),
        pytest.param("10\u00a0000\u202fkm", "10\u00a0000\u202fkm", id="no-break spaces stay"),
        pytest.param("a\u00a0\u00a0b \u00a0c", "a\u00a0b c", id="no-break spaces in runs"),
        pytest.param("\x00N\x1bU\x7fL\x9b", "NUL", id="controls"),
        pytest.param("\ufeffBOM\ufffe\uffff\ufdd0\U0001ffff", "BOM", id="BOM and noncharacters"),
        pytest.param("lone \ud83d\ude00 half", "lone half", id="surrogates"),
        pytest.param("\u202eevil\u202c \u202aa\u202b", "evil a", id="overrides and embeddings"),
        pytest.param("می\u200cخواهم\u200e\u200f", "می\u200cخواهم\u200e\u200f", id="marks"),
        pytest.param("\u2067עברית\u2069", "\u2067עברית\u2069", id="isolates"),
        pytest.param("cafe\u0301 \u212b", "café Å", id="NFC"),
        pytest.param("soft\u00adhyphen 👩\u200d🔬", "soft\u00adhyphen 👩\u200d🔬", id="invisible"),
        pytest.param(" \n\t ", "", id="nothing"),
    ],
)
def test_a_line_is_cleaned_without_a_change_of_meaning(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("a\r\nb\rc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf", id="line ends"),
        pytest.param("\ufeff\n \n\u00a0\ntext\n\u3000\n\n", "text", id="blank lines at the ends"),
        pytest.param("a\n\n\n \n\t\nb", "a\n\nb", id="blank lines between"),
        pytest.param("a \nb\t\nc   ", "a\nb\nc", id="space at the end of lines"),
        pytest.param("break  \nhere   \nand \t \nthere  \n\nend",
                     "break  \nhere  \nand\nthere\n\nend",
                     id="hard breaks stay"),
        pytest.param("a\tb\n\tcode", "a\tb\n\tcode", id="tabs stay"),
        pytest.param("    code first", "    code first", id="indented code stays"),
        pytest.param("\x00a\x1b[31m\u202eb", "a[31mb", id="controls"),
        pytest.param("cafe\u0301", "café", id="NFC"),
        pytest.param("```\na  \n\n\n\nb\n```\n\n\n\nc",
                     "```\na  \n\n\n\nb\n```\n\nc", id="code stays"),
        pytest.param("- a\n\n  ```\n  b\n\n\n  c\n  ```", "- a\n\n  ```\n  b\n\n\n  c\n  ```",
                     id="code in a list stays"),
        pytest.param("```py\nprint()\n\n", "```py\nprint()\n```", id="an open fence is closed"),
        pytest.param("~~~~\n~~~\n```", "~~~~\n~~~\n```\n~~~~", id="by its own kind and length"),
        pytest.param("```", "```\n```", id="a fence alone"),
        pytest.param("    ```\nnot a fence", "    ```\nnot a fence", id="indented is no fence"),
        pytest.param("> ```\n> a", "> ```\n> a", id="a fence in a quote ends with it"),
        pytest.param("- ```\n  a", "- ```\n  a", id="a fence in a list ends with it"),
        pytest.param("", "", id="nothing"),
        pytest.param(" \n\u00a0\n", "", id="only space"),
    ],
)  # fmt: skip
def test_a_body_is_cleaned_without_a_change_of_meaning(typed: str, kept: str) -> None:
    assert clean_body(typed) == kept


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_body(clean_body(text)) == clean_body(text)
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_nothing_clean_holds_a_forbidden_character(text: str) -> None:
    allowed = "\n\t"
    for clean in (clean_line(text), clean_body(text)):
        kinds = {unicodedata.category(char) for char in clean if char not in allowed}
        assert not kinds & {"Cc", "Cs"}
        assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\ufeff\ufffe\uffff\u2028\u2029")
        assert unicodedata.is_normalized("NFC", clean)
    assert "\n" not in clean_line(text)


@given(texts)
def test_a_clean_body_never_swallows_the_heading_that_follows_it_in_a_file(text: str) -> None:
    lines = list(scan_lines(f"{clean_body(text)}\n\n## Next\n"))
    assert lines[-2] == (len(lines) - 1, "## Next", False)


@given(texts)
def test_the_scanned_lines_are_the_lines_of_the_body(text: str) -> None:
    body = clean_body(text)
    assert [line for _number, line, _inside in scan_lines(body)] == body.split("\n")


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        pytest.param("# a\n```\n# b\n```\n# c", "# b", id="backticks"),
        pytest.param("~~~ruby\n# b\n~~~\n# c", "# b", id="tildes with a language"),
        pytest.param("````\n```\n# b\n````\n# c", "# b", id="a longer fence holds a shorter one"),
        pytest.param("```\n# b\n~~~\n# d\n```", "# b # d", id="the other kind does not close"),
        pytest.param("```\n# b\n``` x\n# d\n```", "# b # d", id="a closing fence has no language"),
        pytest.param("```\n# b\n    ```\n# d\n```", "# b # d", id="nor four spaces before it"),
        pytest.param("``` a`b\n# c", "", id="a backtick after backticks makes no fence"),
        pytest.param("    ```\n# c", "", id="indented code is no fence"),
        pytest.param("`` `\n# c", "", id="two backticks are no fence"),
        pytest.param("- ```\n  # b\n  ```\n# c", "# b", id="beginning in the line of a list item"),
        pytest.param("1.  a\n\n    ```\n    # b\n    ```\n# c", "# b", id="deep in a list item"),
        pytest.param("- ```\n# c", "", id="a list item ends its fence"),
        pytest.param("> ```\n# c", "", id="a quote ends its fence"),
        pytest.param("```\n# b\n\n# d", "# b # d", id="open to the end"),
    ],
)
def test_headings_in_fenced_code_are_told_from_real_ones(body: str, inside: str) -> None:
    found = [line.strip() for _number, line, fenced in scan_lines(body) if fenced]
    assert " ".join(line for line in found if line.startswith("#")) == inside


def test_lines_are_numbered_from_one_whatever_ends_them() -> None:
    assert list(scan_lines("a\r\n```\rb\n```")) == [
        (1, "a", False),
        (2, "```", True),
        (3, "b", True),
        (4, "```", True),
    ]
    assert list(scan_lines("")) == [(1, "", False)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Back-Propagation", "back-propagation"),
        ("STRASSE", "straße"),
        ("Café", "CAFE\u0301"),
        ("  neural \n network", "Neural\u00a0Network"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("\ufeffterm\u202e", "Term"),
    ],
)
def test_names_that_differ_only_in_spelling_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("resume", "résumé"), ("C", "C++"), ("a b", "ab")])
def test_names_that_differ_do_not_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) != fold(other)
