"""Keys of rows in what browsers send: one that no row can have is nothing, not an error of ours.

Django looks up what was sent without asking whether it is a number that fits into a column.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import widgets
from django.core.exceptions import ValidationError

# Keys are 64-bit numbers: one of more digits than this is none.
MOST_DIGITS = 18


def is_key(text: Any) -> bool:
    """Whether a row could have this text as its key."""
    text = str(text)
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


class OneRowField(forms.ModelChoiceField):
    """One of many rows."""

    def to_python(self, value: Any) -> Any:
        """The row, or ValidationError when there is none."""
        if isinstance(value, str) and value and not is_key(value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class SomeRowsField(forms.ModelMultipleChoiceField):
    """Some of many rows."""

    def clean(self, value: Any) -> Any:
        """The rows, or ValidationError when one of them is none."""
        for key in value if isinstance(value, (list, tuple)) else ():
            if not is_key(key):
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)


def _known(value: list[Any]) -> list[str]:
    return [str(key) for key in value if is_key(key)]


class SearchedOne(widgets.AutocompleteSelect):
    """One of many rows, found while one types."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        """The chosen row as a choice."""
        return super().optgroups(name, _known(value), attr)


class SearchedSome(widgets.AutocompleteSelectMultiple):
    """Some of many rows, found while one types."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        """The chosen rows as choices."""
        return super().optgroups(name, _known(value), attr)
