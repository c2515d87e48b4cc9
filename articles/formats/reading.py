"""Article files as text: what cannot be an article is refused before any format is tried."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from django.utils.translation import gettext as _

from articles.formats.errors import FileError

__all__ = ["MAX_BYTES", "FileError", "decode", "read_text"]

# An article of a thousand milestones takes a fiftieth of this.
MAX_BYTES = 5_000_000
# Control characters that no text editor writes; a few may be dirt, many are another kind of file.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path) -> str:
    """The text of a file, without its byte order mark.

    Raises FileError for a file that is empty, too large, binary or not UTF-8, and OSError when it
    cannot be read at all.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    return decode(data)


def decode(data: bytes) -> str:
    """The text that the bytes of a file stand for; see `read_text`. Raises FileError."""
    if len(data) > MAX_BYTES:
        reason = _("The file is larger than %(limit)d megabytes, which no article is.")
        raise FileError(0, reason % {"limit": MAX_BYTES // 1_000_000})
    if data.startswith(_UTF16_MARKS):
        raise FileError(0, _("The file is UTF-16. Save it as UTF-8 and import it again."))
    if b"\x00" in data:
        raise FileError(
            _line_at(data, data.index(b"\x00")), _("This is not text: it has null bytes.")
        )
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error) from error
    if len(_CONTROLS.findall(data)) > _MOST_CONTROLS * len(data):
        raise FileError(0, _("This is not text: it has too many control characters."))
    if not text.strip():
        raise FileError(0, _("The file is empty."))
    return text


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> FileError:
    # The decoder has not seen the byte order mark.
    position = error.start + (len(data) - len(error.object))
    reason = _(
        "The file is not UTF-8: byte %(number)d (0x%(value)02x) cannot be read. "
        "Save it as UTF-8 and import it again."
    )
    values = {"number": position + 1, "value": data[position]}
    return FileError(_line_at(data, position), reason % values)


def _line_at(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n?|\n", data[:position])) + 1
