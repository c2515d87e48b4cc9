"""Forms of an article's parts, and the formsets that save all parts of one kind together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.fields import LineField
from articles.admin.widgets import QuickRenderer
from articles.markup import fold
from articles.models import Reference, Term, TermName
from articles.models.references import Source
from articles.validation import LIMITS
from timeline.dates import show

# Positions are shown as 10, 20, 30 …, so that a part can be given a place between two others.
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


def terms_named(names: Any) -> dict[str, Term]:
    """Folded name -> the term that has it, for all of these names with one query."""
    folded = [fold(name) for name in names]
    found = TermName.objects.filter(folded__in=folded).select_related("term")
    return {row.folded: row.term for row in found}


def meaning(form: Any, terms: dict[str, Term]) -> Any:
    """What a form's name means: a term's key, or the folded name of a new term."""
    folded = fold(form.cleaned_data["term_name"])
    return terms[folded].pk if folded in terms else folded


def check_term(form: Any, terms: dict[str, Term]) -> None:
    """Set `found_term`; refuse a definition that would be lost, because the term has another."""
    form.found_term = term = terms.get(fold(form.cleaned_data["term_name"]))
    definition = form.cleaned_data["definition"]
    known = {"", term.definition if term else definition, form.initial.get("definition", "")}
    if term and term.definition and definition not in known:
        message = _("“%(term)s” has a definition already; change it on the page of the term.")
        form.add_error("definition", message % {"term": term.name})


def set_term(form: Any) -> None:
    """Point the part at its term, made when there is none; an empty definition is filled."""
    data = form.cleaned_data
    term = form.found_term or Term.objects.named(data["term_name"])
    carried = form.initial.get("definition", "") if "definition" not in form.changed_data else ""
    if data["definition"] and not term.definition and data["definition"] != carried:
        term.definition = data["definition"]
        term.save()
    form.instance.term = term


def set_sources(references: list[Reference]) -> None:
    """Point references at the sources of their DOI, ISBN or address, made when there are none."""
    sources = Source.objects.for_identities(reference.identity for reference in references)
    for reference in references:
        reference.source = sources.get(reference.identity)
