"""Forms of an article's parts, one for each kind."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from articles.admin.fields import LineField
from articles.admin.widgets import QuickRenderer
from articles.validation import LIMITS
from timeline.dates import show

STEP = 10
UNDERSTOOD = gettext_lazy("understood as %s")


class PartForm(forms.ModelForm):
    """One part. Constraints over several parts are the formset's: here each would cost a query."""

    default_renderer = QuickRenderer

    # The fields as the page shows them, a tuple for each line.
    lines: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def validate_unique(self) -> None:
        """Left to the formset."""

    def validate_constraints(self) -> None:
        """Left to the formset."""

    @property
    def part(self) -> Any:
        """The part as it is stored, or a new one."""
        return self.instance

    @property
    def summary_line(self) -> str:
        """What the part is called in the list of its kind."""
        return str(self.part) if self.part.pk else ""

    @property
    def understood(self) -> str:
        """How the typed date was understood, for readers of the form; '' without one."""
        return ""


class OrderedPartForm(PartForm):
    """A part whose place among its kind the editor sets."""

    place = forms.IntegerField(
        label=gettext_lazy("Position"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "part-place"}),
    )


class InfoboxRowForm(OrderedPartForm):
    """A row of the infobox."""

    lines = (("label", "value", "checked", "place"),)


class SectionForm(OrderedPartForm):
    """A section."""

    lines = (("heading", "level", "place"), ("body",))


class FactForm(OrderedPartForm):
    """A fact."""

    lines = (("label", "statement", "checked", "place"),)


class QuestionForm(OrderedPartForm):
    """A question."""

    lines = (("question", "place"), ("answer",))


class MilestoneForm(PartForm):
    """A milestone; its date decides its place."""

    lines = (("date", "title", "checked"), ("body",), ("tracks",))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # The formset has prefetched them; their keys are what the boxes compare.
            self.initial["tracks"] = [track.pk for track in self.instance.tracks.all()]

    @property
    def summary_line(self) -> str:
        """The date in words, and the title."""
        return f"{show(self.part.date)} · {self.part.title}" if self.part.pk else ""

    @property
    def understood(self) -> str:
        """The stored date in words."""
        return str(UNDERSTOOD) % show(self.part.date) if self.part.pk else ""


class ReferenceForm(OrderedPartForm):
    """A reference."""

    lines = (
        ("key", "source_kind", "year", "place"),
        ("title",),
        ("authors", "container", "publisher"),
        ("volume", "issue", "pages"),
        ("doi", "isbn", "accessed"),
        ("url", "archived_url"),
    )

    @property
    def summary_line(self) -> str:
        """The key, and enough to know the source by."""
        if not self.part.pk:
            return ""
        known = (self.part.key, "; ".join(self.part.authors[:2]), self.part.title)
        return " · ".join(text for text in known if text)

    @property
    def understood(self) -> str:
        """The stored year in words, when they say more than the year itself."""
        shown = show(self.part.year) if self.part.pk and self.part.year else ""
        return str(UNDERSTOOD) % shown if shown and shown != self.part.year else ""


class RelatedTermForm(OrderedPartForm):
    """A related term, named by its name; a name that is new becomes a term of the glossary."""

    lines = (("term_name", "definition", "place"),)

    term_name = LineField(
        label=gettext_lazy("Term"),
        max_length=LIMITS["term"],
        widget=forms.TextInput(attrs={"list": "term-names", "autocomplete": "off"}),
    )
    definition = LineField(
        label=gettext_lazy("Definition"),
        max_length=LIMITS["definition"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["term_name"] = self.instance.term.name
            self.initial["definition"] = self.instance.term.definition
            # A term that is defined is changed on its own page: other articles show it too.
            self.fields["definition"].disabled = bool(self.instance.term.definition)
