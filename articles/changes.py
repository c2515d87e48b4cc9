"""What can change between two documents: the values that `differences.compare` makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from articles.document import Part
from articles.matching import part_name
from articles.reference_text import short_text
from articles.word_differences import Run, word_runs
from timeline.dates import DateError, show

# As they stand inside a sentence.
FIELD_LABELS: dict[str, Promise] = {
    # Of the article
    "title": gettext_lazy("title"),
    "slug": gettext_lazy("address"),
    "short_answer": gettext_lazy("short answer"),
    "language": gettext_lazy("language"),
    "category": gettext_lazy("category"),
    "tags": gettext_lazy("tags"),
    "author": gettext_lazy("author"),
    # Of parts
    "label": gettext_lazy("label"),
    "value": gettext_lazy("value"),
    "checked": gettext_lazy("last verified"),
    "heading": gettext_lazy("heading"),
    "level": gettext_lazy("level"),
    "body": gettext_lazy("text"),
    "statement": gettext_lazy("statement"),
    "date": gettext_lazy("date"),
    "tracks": gettext_lazy("tracks"),
    "term": gettext_lazy("term"),
    "definition": gettext_lazy("definition"),
    "question": gettext_lazy("question"),
    "answer": gettext_lazy("answer"),
    # Of references
    "key": gettext_lazy("key"),
    "source_kind": gettext_lazy("kind"),
    "authors": gettext_lazy("authors"),
    "year": gettext_lazy("year"),
    "container": gettext_lazy("published in"),
    "volume": gettext_lazy("volume"),
    "issue": gettext_lazy("issue"),
    "pages": gettext_lazy("pages"),
    "publisher": gettext_lazy("publisher"),
    "url": gettext_lazy("URL"),
    "doi": gettext_lazy("DOI"),
    "isbn": gettext_lazy("ISBN"),
    "accessed": gettext_lazy("accessed"),
    "archived_url": gettext_lazy("archived at"),
}
_DATES = {"date", "checked", "year", "accessed"}
# What is an article's own language; the rest are names, dates and addresses.
TEXTS = {
    "title", "short_answer", "label", "value", "heading", "body", "statement", "term", "definition",
    "question", "answer",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after, as a reader would read it; '' where there was nothing."""

    name: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """What the field is called, as a heading."""
        return capfirst(self.word)

    @property
    def word(self) -> str:
        """What the field is called inside a sentence."""
        return str(FIELD_LABELS[self.name])

    @property
    def is_text(self) -> bool:
        """Whether it is in the language of the article."""
        return self.name in TEXTS

    @property
    def runs(self) -> tuple[Run, ...]:
        """The words that were kept, removed and added, in their order."""
        return word_runs(self.before, self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationChange:
    """The sources that a part cites more and less than before, by their short names.

    `places` says that the same sources are cited in another order or another place in them.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    places: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """What happened to one part. `before` and `after` are None where there was none.

    A part can have `moved` and changed; its `fields` are those that differ, all that have a value
    when it was added or removed.
    """

    action: Literal["added", "removed", "changed"]
    before: Part | None
    after: Part | None
    fields: tuple[FieldChange, ...] = ()
    citations: CitationChange | None = None
    moved: bool = False

    @property
    def part(self) -> Part:
        """The part as it is now, or as it was last."""
        return cast("Part", self.after or self.before)

    @property
    def kind(self) -> str:
        """The kind of the part, such as `fact`."""
        return self.part.kind

    @property
    def anchor(self) -> str:
        """Where the part is on the page that has it."""
        return self.part.anchor

    @property
    def name(self) -> str:
        """What readers call it: its label, heading, title or question; a source's short name."""
        return name_of(self.part)

    @property
    def date(self) -> str:
        """When a milestone was, in the reader's words; '' for other parts."""
        return shown_date(getattr(self.part, "date", ""))

    @property
    def was_checked(self) -> bool:
        """Whether all that happened is that somebody verified it again."""
        names = [field.name for field in self.fields]
        return names == ["checked"] and not self.moved and bool(getattr(self.after, "checked", ""))


def name_of(part: Part) -> str:
    """What readers call a part."""
    if part.kind == "reference":
        return short_name(part)
    return part_name(part)


def short_name(reference: Any) -> str:
    """The short name of a reference, as it stands beside a statement."""
    names = ("authors", "title", "container", "key", "year")
    return short_text({name: getattr(reference, name) for name in names})


def shown_date(edtf: str) -> str:
    """A date in the reader's words; one that cannot be read as it is."""
    try:
        return show(edtf) if edtf else ""
    except DateError:
        return edtf


def shown_value(name: str, value: Any) -> str:
    """The value of a field as a reader would read it."""
    if name in _DATES:
        return shown_date(value)
    if name == "language":
        return _language(value)
    if name == "level":
        return _("Subsection") if value == 3 else _("Section")
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
