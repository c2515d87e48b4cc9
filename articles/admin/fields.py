"""Form fields that clean what editors type as the document does, so that rows equal documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from articles import identifiers
from articles.document import BODIES
from articles.markup import clean_body, clean_line
from timeline.dates import DateError, parse

# Room for what cleaning takes away; a text longer than this is refused without being read.
SLACK = 1000
# Texts whose line breaks mean something.
PARAGRAPHS = {*BODIES, "biography", "introduction", "responsible"}
# Heights of text fields by field name, in lines, where the browser cannot fit them to the text.
ROWS = {
    "body": 12,
    "biography": 6,
    "introduction": 5,
    "responsible": 5,
    "answer": 5,
    "short_answer": 3,
    "value": 2,
    "statement": 3,
    "definition": 3,
}


class LineField(forms.CharField):
    """A text without line breaks, as `clean_line` leaves it."""

    clean_text: Callable[[str], str] = staticmethod(clean_line)

    def to_python(self, value: Any) -> Any:
        """The text, cleaned; one that is far too long comes back as typed and fails as such."""
        text = super().to_python(value)
        if not isinstance(text, str) or (self.max_length and len(text) > self.max_length + SLACK):
            return text
        return self.clean_text(text)


class BodyField(LineField):
    """A Markdown text of several lines, as `clean_body` leaves it."""

    clean_text = staticmethod(clean_body)
    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"strip": False, **kwargs})


class NormalisedField(LineField):
    """A text with one normal form: `normalise` gives it or raises ValueError with a sentence."""

    def __init__(self, *, normalise: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.normalise = normalise

    def to_python(self, value: Any) -> Any:
        """The normal form, or ValidationError with the sentence."""
        text = super().to_python(value)
        if not text:
            return text
        try:
            return self.normalise(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


def read_date(text: str) -> str:
    """A date in any form that editors type, as EDTF. Raises DateError, which is a ValueError."""
    try:
        return parse(text).edtf
    except DateError as error:
        raise ValueError(str(error)) from error


class LinesField(forms.Field):
    """A list of texts, typed one a line.

    With a `separator` also several a line, for lists that people know from elsewhere.
    """

    widget = forms.Textarea

    def __init__(
        self, *, max_length: int, most: int = 500, separator: str = "\n", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.separator = separator
        self.max_length = max_length
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        """The lines that say something, each cleaned and once."""
        text = str(value or "").replace(self.separator, "\n")
        lines = dict.fromkeys(map(clean_line, text.splitlines()))
        found = [line for line in lines if line]
        if len(found) > self.most:
            raise ValidationError(_("These are more than %d lines.") % self.most)
        if any(len(line) > self.max_length for line in found):
            raise ValidationError(_("A line is longer than %d characters.") % self.max_length)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines say something else; a stored line with a separator is as it was."""
        if str(data or "").splitlines() == (initial or []):
            return False
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True

    def _clean_bound_field(self, bf: Any) -> Any:
        """Django's hook: what was not touched stays as it is stored, with its separators."""
        if bf.initial and (self.disabled or not self.has_changed(bf.initial, bf.data)):
            return bf.initial
        return self.clean(bf.data)


class PickedField(forms.TypedMultipleChoiceField):
    """Some of a short list of rows, whose choices are read once for all the forms of a page."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, choices: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(choices=list(choices), coerce=int, required=False, **kwargs)


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"
    supports_microseconds = False

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%S", attrs={"step": 1})


def form_field(db_field: models.Field, **kwargs: Any) -> forms.Field | None:
    """The field for a column of an article or its parts; None where Django's own is right."""
    name = db_field.name
    if db_field.choices:
        return None
    if isinstance(db_field, models.JSONField):
        return LinesField(
            label=capfirst(str(db_field.verbose_name)),
            help_text=db_field.help_text or _("One a line."),
            required=False,
            max_length=200,
            # As citations list them; no name has one.
            separator=";" if name == "authors" else "\n",
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    if isinstance(db_field, models.DateTimeField):
        return db_field.formfield(widget=MomentInput())
    if isinstance(db_field, models.DateField):
        widget = DayInput()
        if name == "checked":
            # `parts.js` puts a button beside it.
            widget.attrs["data-today"] = _("Today")
        return db_field.formfield(widget=widget)
    if name in {"date", "year"}:
        kwargs |= {"form_class": NormalisedField, "normalise": read_date}
    elif name == "doi":
        kwargs |= {"form_class": NormalisedField, "normalise": identifiers.normalise_doi}
    elif isinstance(db_field, models.TextField):
        rows = forms.Textarea(attrs={"rows": ROWS.get(name, 4)})
        kwargs |= {"form_class": BodyField if name in PARAGRAPHS else LineField, "widget": rows}
    elif isinstance(db_field, models.CharField):
        kwargs |= {"form_class": LineField}
    else:
        return None
    kwargs.pop("request", None)
    return db_field.formfield(**kwargs)
