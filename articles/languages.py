"""Languages of articles: their direction and their names."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language_info


def site_language() -> str:
    """The code of the language of the interface, in which most articles of a site are written."""
    code: str = settings.LANGUAGE_CODE
    return code


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

# The place that is meant by a language alone: Open Graph knows locales only, such as en_US.
_PLACES = {
    "ar": "ar_AR", "bg": "bg_BG", "ca": "ca_ES", "cs": "cs_CZ", "da": "da_DK", "de": "de_DE",
    "el": "el_GR", "en": "en_US", "es": "es_ES", "et": "et_EE", "fa": "fa_IR", "fi": "fi_FI",
    "fr": "fr_FR", "he": "he_IL", "hi": "hi_IN", "hr": "hr_HR", "hu": "hu_HU", "id": "id_ID",
    "it": "it_IT", "ja": "ja_JP", "ko": "ko_KR", "lt": "lt_LT", "lv": "lv_LV", "nb": "nb_NO",
    "nl": "nl_NL", "no": "nb_NO", "pl": "pl_PL", "pt": "pt_PT", "ro": "ro_RO", "ru": "ru_RU",
    "sk": "sk_SK", "sl": "sl_SI", "sr": "sr_RS", "sv": "sv_SE", "th": "th_TH", "tr": "tr_TR",
    "uk": "uk_UA", "ur": "ur_PK", "vi": "vi_VN", "zh": "zh_CN",
}  # fmt: skip


def open_graph_locale(code: str) -> str:
    """The locale of a language code as Open Graph writes it; '' for one whose place is unknown."""
    language, *rest = code.replace("_", "-").split("-")
    place = next((part for part in rest if len(part) == 2 and part.isalpha()), "")
    if place:
        return f"{language.lower()}_{place.upper()}"
    return _PLACES.get(language.lower(), "")
