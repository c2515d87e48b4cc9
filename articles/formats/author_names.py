"""Lists of authors as citations write them: APA, MLA, Chicago, IEEE, Vancouver."""

from __future__ import annotations

import re
import unicodedata

from articles.formats.text_lines import word_set

_LETTER = r"[^\W\d_]"
_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ])"
_WORD = rf"{_CAPITAL}(?:{_LETTER}|['’ʼ.-](?={_LETTER}))+"
_PARTICLE = (
    r"(?:van der|van den|van de|van|von der|von|de la|de|del|della|di|da|dos|du|le|la|el|al-|bin"
    r"|ibn|ten|ter|zu)"
)
_SURNAME = rf"(?:{_PARTICLE}\s+)?{_WORD}(?:[\s-]{_WORD}){{0,2}}"
_INITIALS = rf"{_CAPITAL}\.(?:[\s-]?{_CAPITAL}\.){{0,4}}"
_SUFFIX = r"(?:,?\s+(?:Jr\.?|Sr\.?|II|III|IV))?"
# Tried in this order; each is one name.
_FORMS = tuple(
    re.compile(form + _SUFFIX)
    for form in (
        rf"{_SURNAME},\s*{_INITIALS}",
        rf"{_INITIALS}\s*{_SURNAME}",
        rf"(?:{_PARTICLE}\s+)?{_WORD}(?:-{_WORD})?\s+{_CAPITAL}{{1,3}}(?=[,;.]|\s*$)",
        rf"(?:{_PARTICLE}\s+)?{_WORD}(?:-{_WORD})?\s+{_INITIALS}(?=\s*(?:[,;&]|and\b|$))",
        rf"{_WORD}(?:\s+(?:{_CAPITAL}\.|{_WORD})){{0,2}}\s+(?:{_PARTICLE}\s+)?{_WORD}(?=\s*(?:[,;&.]|and\b|et\b|$))",
        rf"(?:{_PARTICLE}\s+)?{_WORD}(?:-{_WORD})?,\s*{_WORD}(?:\s+(?:{_CAPITAL}\.?|{_WORD})){{0,2}}",
    )
)
_NO_NAMES = word_set("The A An On Of In For From To With What Why How When Where Who")
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*)?(?:&|\band\b|\bet\b(?!\s+al))\s*|\s*[;,]\s*")
_OTHERS = re.compile(r"[,;]?\s*(?:&\s*|and\s+)?(et\s+al\.?|others)\s*\.?")
_ORGANISATION = re.compile(
    r"\b(?:organi[sz]ation|association|institut\w*|universit\w+|agency|commission|committee|society|"
    r"foundation|department|ministry|office|bureau|council|union|nations|group|inc\.?|ltd\.?|company|"
    r"corporation|cent(?:re|er)|bank|museum|academy|federation|authority|administration|service|"
    r"parliament|government|congress|consortium|laborator\w+|college|trust|programme|program|"
    r"board|panel|alliance|network|library|survey|observatory)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,9}")


def read_authors(text: str) -> tuple[str, ...]:
    """The authors of a list of personal names, as written; empty when it is anything else."""
    text = text.strip().rstrip(",;:").strip()
    names: list[str] = []
    at = 0
    while at < len(text):
        if names and _OTHERS.fullmatch(text, at):
            return (*names, "et al.")
        if names:
            separator = _SEPARATOR.match(text, at)
            if separator is None:
                return ()
            at = separator.end()
        matches = (form.match(text, at) for form in _FORMS)
        name = next((match for match in matches if match and _may_end(text, match.end())), None)
        if name is None or len(names) > 60 or name[0].split()[0] in _NO_NAMES:
            return ()
        names.append(name[0].strip())
        at = name.end()
        if text[at:].strip() in {"", "."}:
            break
    return tuple(names)


def _may_end(text: str, at: int) -> bool:
    """Whether a name can end here: at the end, before a separator, or before "et al."."""
    rest = text[at:]
    return (
        rest.strip() in {"", "."}
        or _SEPARATOR.match(rest) is not None
        or _OTHERS.match(rest) is not None
    )


def read_organisation(text: str) -> tuple[str, ...]:
    """The one author that an organisation is; empty when the text names none for certain."""
    text = text.strip().rstrip(".,:;").strip()
    if len(text.split()) > 12 or not text[:1].isupper():
        return ()
    return (text,) if _ORGANISATION.search(text) or _ACRONYM.fullmatch(text) else ()


def surname(author: str) -> str:
    """What a key is made of: the surname of a person, the first word of an organisation."""
    author = author.strip().rstrip(".")
    if _ORGANISATION.search(author):
        return author.split()[0]
    if "," in author:
        return author.partition(",")[0]
    words = [word for word in author.split() if not word.endswith(".")]
    if len(words) > 1 and words[-1].isupper() and len(words[-1]) <= 3:
        return words[-2]
    return words[-1] if words else author


def ascii_letters(text: str) -> str:
    """A text without accents, as far as its script has plain letters."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("ß", "ss"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
