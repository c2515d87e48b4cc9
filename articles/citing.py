"""Citing an article, a revision of it or one statement: for reference managers and in words.

No library does it. citeproc-py (0.11), the only maintained one, needs lxml and style files that it
does not bring (a package of 90 MB has them), prints the title of a work without author twice in APA
and MLA, and leaves `<` unescaped in its HTML. What is cited here is always the same kind of thing,
an entry of a reference work on the web, so each format is one function.

Sources: BibTeX, Oren Patashnik, "BibTeXing" (1988); RIS, Research Information Systems, "RIS format
specifications" (2011); CSL-JSON, Citation Style Language 1.0.2; APA 7 (10.3, entries in reference
works); MLA 9 (5.23–5.99); Chicago 17 (14.233, "Last modified"). Manuals of English style have
English names of months whatever the site speaks.
"""

from __future__ import annotations

import datetime
import json
import unicodedata
import zlib
from dataclasses import dataclass

from articles.reference_text import BODY_WORDS, family_name

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
SHORT_MONTHS = (
    "Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip

# A brace counts for BibTeX even behind a backslash, so that a single one would end the field.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is cited.

    `author` is a name as readers see it or '', `site` the name of the site, `day` that of the last
    change, `address` a whole one in ASCII, `statement` the name of one part or '', `anchor` its
    anchor or ''.
    """

    title: str
    slug: str
    author: str
    site: str
    day: datetime.date
    revision: int
    address: str
    language: str
    licence: str
    statement: str = ""
    anchor: str = ""

    @property
    def full_title(self) -> str:
        """The title of the article, and what the statement is about."""
        return _line(f"{self.title}: {self.statement}" if self.statement else self.title)

    @property
    def key(self) -> str:
        """A key for reference managers: ASCII letters, digits and hyphens, always the same."""
        return "-".join(
            filter(None, ("milepost", _ascii(self.slug), str(self.revision), _ascii(self.anchor)))
        )


def split_name(author: str) -> tuple[str, str]:
    """Family name and given names; an organisation or a single name is all family name."""
    if "," in author:
        family, _comma, given = author.partition(",")
        return family.strip(), given.strip()
    family = family_name(author)
    if family == author or BODY_WORDS.search(author):
        return author, ""
    return family, author.removesuffix(family).strip()


# For reference managers ---------------------------------------------------------------------------


def bibtex(work: Work) -> str:
    """An entry for BibTeX and BibLaTeX, in Unicode, its special characters as TeX writes them."""
    family, given = split_name(_line(work.author))
    author = f"{_tex_name(family)}, {_tex_name(given)}" if given else f"{{{_tex(family)}}}"
    fields = {
        "author": author if family else "",
        # The second braces keep capitals as they are.
        "title": f"{{{_tex(work.full_title)}}}",
        "howpublished": _tex(_line(work.site)),
        "year": str(work.day.year),
        "day": str(work.day.day),
        "url": work.address,
        "language": work.language,
        "note": _tex(_line(f"Revision {work.revision}. {work.licence}")),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    # Months are words of the language, which each style writes in its own way.
    lines.append(f"  month = {MONTHS[work.day.month - 1][:3].lower()}")
    return f"@misc{{{work.key},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _tex_name(name: str) -> str:
    """A part of a name; what BibTeX would take for its own grammar stands in braces."""
    is_plain = "," not in name and " and " not in f" {name} ".lower()
    return _tex(name) if is_plain else f"{{{_tex(name)}}}"


def ris(work: Work) -> str:
    """A record in RIS, which ends its lines with CR and LF."""
    family, given = split_name(_line(work.author))
    day = work.day
    tags = [
        ("TY", "ENCYC"),
        # The comma says that a name alone is not to be taken apart.
        ("AU", f"{family}, {given}".strip() if family else ""),
        ("TI", work.full_title),
        ("T2", _line(work.site)),
        ("PY", str(day.year)),
        ("DA", f"{day.year}/{day.month:02}/{day.day:02}"),
        ("ET", str(work.revision)),
        ("UR", work.address),
        ("LA", work.language),
        ("N1", _line(work.licence)),
    ]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "".join(f"{line}\r\n" for line in [*lines, "ER  - "])


def csl_json(work: Work) -> str:
    """An item of CSL-JSON, in a list as Zotero and pandoc read it."""
    family, given = split_name(_line(work.author))
    item = {
        "id": work.key,
        "type": "entry-encyclopedia",
        "title": work.full_title,
        "container-title": _line(work.site),
        "author": [{"family": family, "given": given} if given else {"literal": family}],
        "issued": {"date-parts": [[work.day.year, work.day.month, work.day.day]]},
        "version": str(work.revision),
        "URL": work.address,
        "language": work.language,
        "license": _line(work.licence),
    }
    if not family:
        del item["author"]
    lines = (
        f"    {json.dumps(name)}: {json.dumps(v, ensure_ascii=False)}" for name, v in item.items()
    )
    return "[\n  {\n" + ",\n".join(lines) + "\n  }\n]\n"


# In words -----------------------------------------------------------------------------------------


def apa(work: Work) -> str:
    """`Pont, N. (2026, November 26). Stone bridges. In Milepost. https://…`."""
    family, given = split_name(_line(work.author))
    name = f"{family}, {_initials(given)}" if given else family
    day = f"({work.day.year}, {MONTHS[work.day.month - 1]} {work.day.day})."
    title = _stopped(work.full_title)
    start = f"{_stopped(name)} {day} {title}" if name else f"{title} {day}"
    return f"{start} In {_stopped(_line(work.site))} {work.address}"


def mla(work: Work) -> str:
    """`Pont, Nora. “Stone bridges.” Milepost, rev. 12, 26 Nov. 2026, https://….`."""
    day = f"{work.day.day} {SHORT_MONTHS[work.day.month - 1]} {work.day.year}"
    return (
        f"{_named(work)}“{_stopped(work.full_title)}” {_line(work.site)}, rev. {work.revision}, "
        f"{day}, {work.address}."
    )


def chicago(work: Work) -> str:
    """`Pont, Nora. “Stone bridges.” Milepost. Last modified November 26, 2026. https://….`."""
    day = f"{MONTHS[work.day.month - 1]} {work.day.day}, {work.day.year}"
    return (
        f"{_named(work)}“{_stopped(work.full_title)}” {_stopped(_line(work.site))} "
        f"Last modified {day}. {work.address}."
    )


def _named(work: Work) -> str:
    family, given = split_name(_line(work.author))
    name = f"{family}, {given}" if given else family
    return f"{_stopped(name)} " if name else ""


def _initials(given: str) -> str:
    """`Jean-Paul Émile` -> `J.-P. É.`."""
    names = [[part for part in name.split("-") if part] for name in given.split()]
    return " ".join("-".join(f"{part[0].upper()}." for part in parts) for parts in names if parts)


def _stopped(text: str) -> str:
    """A text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "?", "!", "…", "؟", "。")) else f"{text}."


def _line(text: str) -> str:
    """A text in one line: a line break would end a field of RIS."""
    return " ".join(text.split())


def _ascii(text: str) -> str:
    """Letters without their accents; for a text in another script, a number that stands for it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    letters = [letter for letter in text if letter.isalpha()]
    if sum(letter.isalpha() for letter in plain) < len(letters):
        return f"{zlib.crc32(text.encode()):08x}"
    return "".join(letter if letter.isalnum() else "-" for letter in plain).strip("-").lower()
