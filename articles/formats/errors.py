"""The one error that every reader of an article file raises.

`articles/formats/reading.py` imports `FileError` from here and may re-export it; the readers of
the single formats (`markdown_file`, `json_file`, …) import it from here, so that none of them
depends on another.
"""

from __future__ import annotations


class FileError(ValueError):
    """A file that cannot be read as an article.

    `line` is the number of the offending line, counted from 1 (0 when the trouble belongs to the
    whole file), `reason` a sentence for the person who wrote the file.
    """

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = str(reason)
        super().__init__(f"line {line}: {self.reason}" if line else self.reason)
