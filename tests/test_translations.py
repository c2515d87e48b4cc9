"""The catalogues of the interface are whole: no string is missing, unsure or broken."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from config.environment import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
LOCALE = settings.LOCALE_PATHS[0]
TRANSLATED = sorted(LANGUAGES.keys() - {"en"})
PLACEHOLDER = re.compile(r"%(?:\([a-zA-Z_0-9]+\))?0?\d*[sdxfr]|%%")
TAG = re.compile(r"</?[a-z]+[^>]*>")
# Longer texts are sentences, whose full stop is no part of an abbreviation.
LONG = 40
ENDS = (".", "?", "!", ":", "…")
# What marks a string for translation.
MARKERS = {
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
}


def folder(language: str) -> Path:
    path: Path = LOCALE / language / "LC_MESSAGES"
    return path


def catalogue(language: str) -> Catalog:
    with (folder(language) / "django.po").open("rb") as file:
        return read_po(file)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (str(message.id),)


def strings(message: Message) -> tuple[str, ...]:
    text = message.string
    return tuple(text) if isinstance(text, list | tuple) else (str(text or ""),)


def by_id(compiled: BinaryIO) -> dict[Any, tuple[str, ...]]:
    """What stands for each string in a compiled catalogue."""
    return {(m.context, ids(m)): strings(m) for m in read_mo(compiled) if m.id}


def shape(text: str) -> tuple[list[str], int, bool, bool]:
    """Tags, number of lines, and whether it begins and ends with a space."""
    return sorted(TAG.findall(text)), text.count("\n"), text[:1].isspace(), text[-1:].isspace()


def test_a_language_that_can_be_chosen_has_a_catalogue_and_formats():
    assert sorted(path.name for path in LOCALE.iterdir() if path.is_dir()) == TRANSLATED
    formats = ROOT / "config" / "formats"
    assert sorted(path.parent.name for path in formats.glob("*/formats.py")) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED)
class TestCatalogue:
    def test_every_string_is_translated_and_none_is_unsure(self, language):
        found = messages(language)
        assert len(found) > 1000
        assert [m.id for m in found if not all(strings(m)) or m.fuzzy] == []
        assert catalogue(language).obsolete == {}

    def test_placeholders_are_those_of_the_source(self, language):
        """The form for one thing may say "one" where the source does, or its number."""
        broken = []
        for message in messages(language):
            expected = [sorted(PLACEHOLDER.findall(text)) for text in ids(message)]
            broken += [
                text
                for text in strings(message)
                if sorted(PLACEHOLDER.findall(text)) not in expected
            ]
        assert broken == []

    def test_tags_lines_and_spaces_at_the_ends_are_those_of_the_source(self, language):
        broken = []
        for message in messages(language):
            source = ids(message)[-1]
            broken += [text for text in strings(message) if shape(text) != shape(source)]
        assert broken == []

    def test_sentences_end_as_those_of_the_source(self, language):
        broken = []
        for message in messages(language):
            source = ids(message)[-1]
            broken += [
                text
                for text in strings(message)
                if len(source) > LONG and text.endswith(ENDS) != source.endswith(ENDS)
            ]
        assert broken == []

    def test_quotation_marks_are_typographic(self, language):
        texts = [TAG.sub("", text) for message in messages(language) for text in strings(message)]
        assert [text for text in texts if '"' in text] == []

    def test_the_compiled_file_says_the_same(self, language):
        """Users have no msgfmt: `docs/translating.md` says how the file is made."""
        anew = BytesIO()
        write_mo(anew, catalogue(language))
        anew.seek(0)
        with (folder(language) / "django.mo").open("rb") as file:
            assert by_id(file) == by_id(anew)


def marked_calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKERS
    ]


@pytest.mark.parametrize("package", ["articles", "config", "timeline"])
def test_xgettext_can_find_what_is_marked(package):
    """It reads no f-strings, and nothing that is put together while the program runs."""
    hidden = []
    for path in sorted((ROOT / package).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = [
            call
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for call in marked_calls(node)
        ]
        variable = [
            call for call in marked_calls(tree) if not isinstance(call.args[0], ast.Constant)
        ]
        hidden += [f"{path.relative_to(ROOT)}:{call.lineno}" for call in inside + variable]
    assert hidden == []
