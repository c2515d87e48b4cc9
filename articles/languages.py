"""Languages of articles: their direction and their names."""

from __future__ import annotations

from django.utils.translation import get_language_info


def direction(code: str) -> str:
    """`rtl` or `ltr` for a language code; a language Django does not know counts as `ltr`."""
    for candidate in (code.lower(), code.lower().partition("-")[0]):
        try:
            return "rtl" if get_language_info(candidate)["bidi"] else "ltr"
        except KeyError:
            if candidate in RIGHT_TO_LEFT:
                return "rtl"
    return "ltr"


# Languages written from right to left that Django has no interface for (CLDR, script metadata).
RIGHT_TO_LEFT = {"arc", "ckb", "dv", "ps", "sd", "yi", "ur", "ug"}
