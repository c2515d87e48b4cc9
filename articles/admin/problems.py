"""What is wrong with a form that is longer than a screen: every mistake, named and linked."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.utils.html import strip_tags
from django.utils.safestring import SafeData
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.admin.part_formsets import PartFormSet


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: in which part and field it is, what is wrong, and the id to go to, or ''."""

    place: str
    message: str
    target: str


def problems(form: BaseForm, formsets: Iterable[PartFormSet]) -> list[Problem]:
    """All mistakes of a form and of the formsets below it, in the order of the page."""
    found = list(_of_form(form, ""))
    for formset in formsets:
        group = f"{formset.prefix}-group"
        # An own error of a formset is about all of its rows.
        found += [Problem("", str(error), group) for error in formset.non_form_errors()]
        # The stubs think that there may be none.
        model: Any = formset.model
        name = capfirst(str(model._meta.verbose_name))
        for number, row in enumerate(formset.forms, start=1):
            if not formset.is_bound or formset.is_doomed(row):
                continue
            place = _("%(part)s %(number)d") % {"part": name, "number": number}
            found += _of_form(row, place, f"{formset.prefix}-{number - 1}")
    return found


def _of_form(form: Any, place: str, element: str = "") -> Iterator[Problem]:
    for name, errors in form.errors.items():
        if name not in form.fields:
            target, where = element, place
        else:
            field = form[name]
            target = field.id_for_label or field.auto_id
            values = {"part": place, "field": field.label}
            where = _("%(part)s, %(field)s") % values if place else str(field.label)
        for error in form.non_field_errors() if name == NON_FIELD_ERRORS else errors:
            yield Problem(where, _plain(error), target)


def _plain(error: Any) -> str:
    """The message without the links in it: it is the text of one itself."""
    text = str(error)
    return html.unescape(strip_tags(text)) if isinstance(text, SafeData) else text
