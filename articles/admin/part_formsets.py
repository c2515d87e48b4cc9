"""Formsets that check and save all parts of one kind of an article together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.part_forms import STEP, PartForm
from articles.admin.part_names import check_term, meaning, set_sources, set_term, terms_named


class RowField(forms.Field):
    """Which stored part a form is about. One that is gone by now counts as new: its text stays."""

    widget = forms.HiddenInput

    def __init__(self, formset: PartFormSet, initial: Any) -> None:
        super().__init__(required=False, initial=initial)
        self.formset = formset

    def clean(self, value: Any) -> Any:
        """The part, or None."""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never: it is no content."""
        return False


@dataclass(frozen=True, slots=True)
class Row:
    """One part as the page shows it."""

    form: PartForm
    number: str
    folds: bool
    is_template: bool = False

    @property
    def is_stored(self) -> bool:
        """Whether the part is in the database."""
        return self.form.instance.pk is not None

    @property
    def is_wrong(self) -> bool:
        """Whether something in it has to be mended: then all of it is shown at once."""
        return bool(self.form.is_bound and self.form.errors)

    @property
    def anchor(self) -> str:
        """The part's anchor."""
        return str(self.form.instance.anchor)

    @property
    def summary(self) -> str:
        """The part in a line."""
        return self.form.summary_line

    @property
    def understood(self) -> str:
        """How its date was understood."""
        return self.form.understood

    @property
    def lines(self) -> list[list[Any]]:
        """The bound fields, line by line."""
        return [[self.form[name] for name in line] for line in self.form.lines]

    @property
    def identity(self) -> Any:
        """The hidden field that says which part this is."""
        return self.form["id"]

    @property
    def deletion(self) -> Any:
        """The box that deletes the part."""
        return self.form["DELETE"]


class PartFormSet(forms.BaseInlineFormSet):
    """The parts of one kind: two queries at most to open, a few and one a change to save."""

    is_ordered: ClassVar[bool] = True
    # The form's field that says what a part is: changed, it is another part.
    identity: ClassVar[str] = ""
    # What is shown above the parts of this kind.
    hint: ClassVar[Any] = ""
    is_compact: ClassVar[bool] = False

    def add_fields(self, form: Any, index: int | None) -> None:
        """The fields that every part has besides its own."""
        super().add_fields(form, index)
        form.fields["id"] = RowField(self, form.fields["id"].initial)
        if self.is_ordered and index is not None and index < self.initial_form_count():
            form.fields["place"].initial = (index + 1) * STEP

    def rows(self) -> Iterator[Row]:
        """The parts as the page shows them."""
        form: Any
        for index, form in enumerate(self.forms):
            yield Row(form, str(index), folds=not self.is_compact and form.instance.pk is not None)

    def template_row(self) -> Row:
        """The empty form that new parts are made from."""
        form: Any = self.empty_form
        return Row(form, "empty", folds=False, is_template=True)

    # Checking -----------------------------------------------------------------------------------

    def clean(self) -> None:
        """Check what concerns several parts; messages stand at the later of two."""
        if self.initial_form_count() < 0:
            raise ValidationError(_("This page is damaged. Open it again, please."))
        self.check_together([form for form in self.kept_forms() if form.is_valid()])

    def check_together(self, kept: list[Any]) -> None:
        """Add errors to forms that do not go together."""
        if self.identity:
            self.refuse_twins(kept, lambda form: form.cleaned_data[self.identity])

    def refuse_twins(self, kept: list[Any], of: Any) -> None:
        """Add an error to each form that names the same thing as one before it."""
        seen: set[Any] = set()
        for form in kept:
            name = of(form)
            if name in seen:
                form.add_error(self.identity, _("This stands in the list twice."))
            seen.add(name)

    def kept_forms(self) -> list[Any]:
        """The forms of parts that shall be there afterwards."""
        initial = self.initial_form_count()
        return [
            form
            for index, form in enumerate(self.forms)
            if not self.is_doomed(form) and (index < initial or form.has_changed())
        ]

    def is_doomed(self, form: Any) -> bool:
        """Whether the editor marked the part for deletion; known even when others are wrong."""
        return bool(self.can_delete and form.cleaned_data.get("DELETE"))

    # Saving -------------------------------------------------------------------------------------

    @property
    def rows_in_database(self) -> Any:
        """The table of parts of this kind."""
        model: Any = self.model
        return model._default_manager

    def save(self, commit: bool = True) -> list[Any]:
        """Write what changed: removals first, so that no two parts ever clash on the way."""
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        kept = self.kept_forms()
        changed = [form for form in kept if form.has_changed()]
        taken = {part.anchor for part in self.get_queryset()} | set(self.instance.retired_anchors)
        self.remove(changed)
        self.prepare(changed)
        self.put_in_order(kept)
        for form in changed:
            part: Any = form.instance
            part.article = self.instance
            is_new = part.pk is None
            part.give_anchor(taken)
            form.save()
            if is_new:
                self.new_objects.append(part)
            else:
                self.changed_objects.append((part, form.changed_data))
        return [form.instance for form in changed]

    def remove(self, changed: list[Any]) -> None:
        """Delete what the editor deleted, and what became another part: that one is made anew."""
        gone = [form.instance for form in self.initial_forms if self.is_doomed(form)]
        gone = [part for part in gone if part.pk]
        renewed = [form for form in changed if form.instance.pk and self.is_another(form)]
        keys = [part.pk for part in gone] + [form.instance.pk for form in renewed]
        if keys:
            self.rows_in_database.filter(pk__in=keys).delete()
        self.deleted_objects = gone
        for form in renewed:
            form.instance.pk = None
            form.instance.anchor = ""
            form.instance._state.adding = True

    def is_another(self, form: Any) -> bool:
        """Whether the form's part is another than the stored one of its row."""
        return bool(self.identity) and self.identity in form.changed_data

    def prepare(self, changed: list[Any]) -> None:
        """Set on the changed parts what follows from others, with few queries for all of them."""

    def put_in_order(self, kept: list[Any]) -> None:
        """Number the parts by the places that the editor gave; those without one come last."""
        if not any(form.has_changed() for form in self.forms):
            return
        last = float("inf")
        places = [form.cleaned_data.get("place") for form in kept]
        order = sorted(
            range(len(kept)), key=lambda index: last if places[index] is None else places[index]
        )
        moved = []
        for position, index in enumerate(order):
            part: Any = kept[index].instance
            if part.position != position:
                part.position = position
                moved.append(part)
        stored = [part for part in moved if part.pk]
        self.rows_in_database.bulk_update(stored, ["position"], batch_size=200)


class InfoboxFormSet(PartFormSet):
    """The infobox."""

    is_compact = True
    hint = gettext_lazy("A label and a short value. The value may cite sources, as in [@key].")


class SectionFormSet(PartFormSet):
    """The sections."""

    hint = gettext_lazy(
        "Text in Markdown. [@key] or [@key, p. 3] cites a source, [[Term]] links to a term."
    )


class FactFormSet(PartFormSet):
    """The facts."""

    is_compact = True
    hint = gettext_lazy("One statement each, with its source: [@key].")


class QuestionFormSet(PartFormSet):
    """The questions."""

    hint = gettext_lazy("Questions as readers ask them, and answers in Markdown.")


class MilestoneFormSet(PartFormSet):
    """The milestones, in the order of their dates."""

    is_ordered = False
    hint = gettext_lazy(
        "Dates as you would write them: 2012, June 2017, 12 June 2017, 1940s, c. 44 BC, "
        "1914–1918, since 2012. The order follows from the dates."
    )

    def put_in_order(self, kept: list[Any]) -> None:
        """Put new milestones after those of the same day."""
        stored = [form.instance.position for form in kept if form.instance.pk]
        position = max(stored, default=-1)
        for form in kept:
            if form.instance.pk is None:
                position += 1
                form.instance.position = position


class ReferenceFormSet(PartFormSet):
    """The references."""

    identity = "key"
    hint = gettext_lazy(
        "The key is what texts cite: [@key]. A source counts once it has a DOI, an ISBN, a web "
        "address, or an author and a year."
    )

    def prepare(self, changed: list[Any]) -> None:
        """Find or make the site-wide sources of the changed references."""
        set_sources([form.instance for form in changed])


class RelatedTermFormSet(PartFormSet):
    """The related terms."""

    identity = "term_name"
    is_compact = True
    hint = gettext_lazy("Terms of the glossary by name; a new name becomes a new term.")

    def check_together(self, kept: list[Any]) -> None:
        """Find the terms that the names mean, and refuse one that stands here twice."""
        terms = terms_named(form.cleaned_data["term_name"] for form in kept)
        for form in kept:
            check_term(form, terms)
        kept = [form for form in kept if form.is_valid()]
        self.refuse_twins(kept, lambda form: meaning(form, terms))

    def is_another(self, form: Any) -> bool:
        """Whether the name means another term; another name of the same one does not."""
        return form.found_term is None or form.found_term.pk != form.instance.term_id

    def prepare(self, changed: list[Any]) -> None:
        """Make the terms that are new, and fill definitions that are empty."""
        for form in changed:
            set_term(form)
