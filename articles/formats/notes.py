"""What the plain-text reader has to say besides the article: guesses, leavings, remarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["guess", "lost", "info"]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about one line (0 for the whole file).

    `guess` says what was decided where the text allowed more than one reading; `lost` names a line
    that found no place in the article; `info` tells what was left out or put together on purpose.
    """

    line: int
    level: Level
    message: str


@dataclass(frozen=True, slots=True)
class RawComment:
    """A comment found below the article: who wrote it and when, as it was written there."""

    name: str
    text: str
    line: int
    date_text: str = ""


class Notes:
    """Collects notes while a text is read."""

    def __init__(self) -> None:
        self._found: list[Note] = []

    def guess(self, line: int, message: str) -> None:
        """Note a decision that could have been another."""
        self._found.append(Note(line, "guess", message))

    def lost(self, line: int, message: str) -> None:
        """Note a line that found no place."""
        self._found.append(Note(line, "lost", message))

    def info(self, line: int, message: str) -> None:
        """Note something the reader of a dry run may want to know."""
        self._found.append(Note(line, "info", message))

    def in_order(self) -> tuple[Note, ...]:
        """All notes by line, those of one line in the order in which they were made."""
        return tuple(sorted(dict.fromkeys(self._found), key=lambda note: note.line))
