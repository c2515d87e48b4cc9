"""The beginning of a text, for lists: whole sentences where they fit, else whole words."""

from __future__ import annotations

import re

# Where a sentence ends: a stop, what closes behind it, and white space or the end. Not behind a
# single letter or a number of two digits at most ("J. Smith", "c. 44", "2. Mai"), and not before a
# small letter or a digit. Writing without spaces has stops of its own.
_STOP = re.compile(
    r"(?<![\s(.]\w)(?<!\s\d\d)[.!?…؟][\"'”’»)\]]*(?=\s+[^\sa-zß-öø-ÿ0-9]|\s*$)|[。！？।]"
)


def opening(text: str, limit: int) -> str:
    """As many whole sentences as fit into `limit` characters.

    Where the first does not fit, or is over so early that it says next to nothing, as many whole
    words as fit, and an ellipsis. A word longer than the limit is cut.
    """
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    ends = [stop.end() for stop in _STOP.finditer(text) if stop.end() <= limit]
    if ends and ends[-1] >= limit // 4:
        return text[: ends[-1]]
    words = text[:limit].rsplit(" ", 1)[0] if " " in text[:limit] else text[: limit - 1]
    return words.rstrip(" ,;:–—-") + " …"
