"""The YAML at the head of an article file: plain values with the line each one stands on.

Only the plain part of YAML 1.1 is read: mappings, lists and texts. Every scalar is a text, so that
`2012`, `no` and `1958-11` stay what the writer typed; anchors, aliases and tags are refused, so
that a small file cannot grow in memory; a key written twice is an error.

Writing is our own, for the few shapes that occur: PyYAML's emitter takes a second for an article of
a thousand milestones, and libyaml's writes emoji as escapes. Both read what is written here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _

from articles.formats.errors import FileError

type Value = str | list[Value] | dict[str, Value]

# The C reader is ten times faster; the other one is there where libyaml is not.
LOADER: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Collections inside each other; an article needs four.
MAX_DEPTH = 8
# What a YAML stream may not hold (YAML 1.1, 5.1).
UNREADABLE = yaml.reader.Reader.NON_PRINTABLE
# A text that needs no quotes: no indicator at its start, no comment and no key in it.
PLAIN = re.compile(r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`~]|-(?=\w))(?:.*\S)?")
NOT_PLAIN = re.compile(r":(?=\s|\Z)|\s#")


def read(text: str, first_line: int) -> tuple[dict[str, Value], dict[str, int]]:
    """The values of a YAML mapping, and the line of each by its path, such as `facts[2].label`.

    `first_line` is the number of the text's first line in its file. A key without a value counts as
    left out, though its line is known. Raises FileError.
    """
    if found := UNREADABLE.search(text):
        line = first_line + text.count("\n", 0, found.start())
        raise FileError(line, _("This line has a character that no text file should have."))
    reader = _Reader(text, first_line)
    try:
        return reader.document(), reader.lines
    except yaml.MarkedYAMLError as error:
        raise _explained(error, first_line, text.count("\n")) from error


def _explained(error: yaml.MarkedYAMLError, first_line: int, last: int) -> FileError:
    """The same error for people who never heard of YAML; `last` is the offset of the last line."""
    problem, mark = str(error.problem), error.problem_mark
    reason = _(
        "This is not YAML: %(problem)s. A text must stand in quotes when it begins with a sign "
        "such as [ or has a colon and a space in it."
    ) % {"problem": problem}
    if problem.startswith("mapping values are not allowed"):
        reason = _("A text with a colon and a space in it must stand in quotes.")
    elif "<document start>" in problem:
        reason = _("The front matter ends here, but more text follows.")
    elif "end of stream" in problem and "quoted" in str(error.context):
        reason = _("A quotation mark opens here and never closes.")
        mark = error.context_mark
    return FileError(first_line + min(mark.line if mark else 0, last), reason)


class _Reader:
    """Builds plain values from the parser's events and notes where each one begins."""

    def __init__(self, text: str, first_line: int) -> None:
        self.events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
        self.first_line = first_line
        self.lines: dict[str, int] = {}

    def document(self) -> dict[str, Value]:
        next(self.events)  # the start of the stream
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            return {}
        event = next(self.events)
        if not isinstance(event, yaml.MappingStartEvent):
            raise self.error(event, _("The front matter is a list of lines such as “title: …”."))
        values = self.mapping(event, "", 1)
        next(self.events)  # the end of the document
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise self.error(following, _("The front matter ends here, but more text follows."))
        return values

    def node(self, event: Any, path: str, depth: int) -> Value:
        if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag:
            raise self.error(event, _("A text that begins with &, * or ! must stand in quotes."))
        if depth > MAX_DEPTH:
            raise self.error(event, _("These lists stand too deep inside each other."))
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path, depth)
        return self.mapping(event, path, depth)

    def sequence(self, path: str, depth: int) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            place = f"{path}[{len(items)}]"
            self.note(event, place)
            items.append(self.node(event, place, depth + 1))
        return items

    def mapping(self, start: Any, path: str, depth: int) -> dict[str, Value]:
        if start.anchor or start.tag:
            raise self.error(start, _("A text that begins with &, * or ! must stand in quotes."))
        values: dict[str, Value] = {}
        seen: set[str] = set()
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, path, depth + 1)
            if not isinstance(key, str):
                raise self.error(event, _("A field's name must be a word."))
            if key in seen:
                raise self.error(event, _("“%(key)s” stands here twice.") % {"key": key})
            seen.add(key)
            place = f"{path}.{key}" if path else key
            self.note(event, place)
            event = next(self.events)
            value = self.node(event, place, depth + 1)
            if value != "" or event.style:
                values[key] = value
        return values

    def note(self, event: Any, path: str) -> None:
        self.lines[path] = self.first_line + event.start_mark.line

    def error(self, event: Any, reason: str) -> FileError:
        return FileError(self.first_line + event.start_mark.line, reason)


def write(values: Mapping[str, Any], blocks: frozenset[str]) -> str:
    """YAML for a mapping of clean texts, numbers and lists, in the given order.

    The fields named in `blocks` are written as literal blocks (`|`), which end in a newline when
    they are read; everything else is read as it was.
    """
    return "".join(f"{line}\n" for line in _mapping(values, blocks, ""))


def _mapping(values: Mapping[str, Any], blocks: frozenset[str], indent: str) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, list):
            yield f"{indent}{name}:"
            for item in value:
                if isinstance(item, Mapping):
                    lines = _mapping(item, blocks, f"{indent}  ")
                    yield f"{indent}- {next(lines).lstrip(' ')}"
                    yield from lines
                else:
                    yield f"{indent}- {_scalar(str(item))}"
        elif name in blocks and value:
            # The number tells how far the block is indented where its first line cannot.
            yield f"{indent}{name}: |{2 if value[0] in ' \t\n' else ''}"
            yield from (f"{indent}  {line}" if line else "" for line in value.split("\n"))
        else:
            yield f"{indent}{name}: {_scalar(str(value))}"


def _scalar(text: str) -> str:
    if PLAIN.fullmatch(text) and not NOT_PLAIN.search(text):
        return text
    # JSON's strings are YAML's double-quoted ones.
    return json.dumps(text, ensure_ascii=False) if "'" in text else f"'{text}'"
