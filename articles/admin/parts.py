"""The parts of an article as inlines of its page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from articles.admin import part_forms, part_formsets
from articles.admin.base import CleanFields
from articles.admin.fields import PickedField
from articles.models import Fact, InfoboxRow, Question, Reference, RelatedTerm, Section
from timeline.models import Milestone, Track

# More parts of a kind than this have a list and pages of their own.
MOST_ROWS = 100
# Rows that one form may hold, and the most that is read of what a form claims to hold.
MAX_FORMS = 200
ABSOLUTE_MAX = 400
# Empty rows that an address may ask for, for browsers without JavaScript.
MOST_BLANK = 20


def track_choices(request: HttpRequest) -> list[tuple[int, str]]:
    """Every track, read once a request."""
    if not hasattr(request, "track_choices"):
        request.track_choices = list(Track.objects.values_list("pk", "name"))  # type: ignore[attr-defined]
    return request.track_choices  # type: ignore[attr-defined]


class PartFields(CleanFields):
    """Fields of parts, wherever they are edited."""

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Tracks as boxes, read once for all milestones."""
        if db_field.name == "tracks":
            label = capfirst(str(db_field.verbose_name))
            return PickedField(choices=track_choices(request), label=label)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class PartInline(PartFields, admin.StackedInline):
    """The parts of one kind."""

    template = "admin/milepost/parts.html"
    extra = 0

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A field without its help and links, which would stand in every row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.help_text = ""
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The fields that the form shows."""
        form: Any = self.form
        return [name for line in form.lines for name in line]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, which reads no more rows than a page can hold whatever is claimed."""
        bounds = {"max_num": MAX_FORMS, "absolute_max": ABSOLUTE_MAX}
        return super().get_formset(request, obj, **kwargs, **bounds)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Empty rows: none, because a script adds them, or as many as `?blank=` asks for."""
        asked = request.GET.get("blank", "")
        return min(int(asked), MOST_BLANK) if asked.isascii() and asked.isdigit() else 0


class InfoboxInline(PartInline):
    """The infobox."""

    model = InfoboxRow
    form = part_forms.InfoboxRowForm
    formset = part_formsets.InfoboxFormSet


class SectionInline(PartInline):
    """The sections."""

    model = Section
    form = part_forms.SectionForm
    formset = part_formsets.SectionFormSet


class FactInline(PartInline):
    """The facts."""

    model = Fact
    form = part_forms.FactForm
    formset = part_formsets.FactFormSet


class MilestoneInline(PartInline):
    """The timeline."""

    model = Milestone
    form = part_forms.MilestoneForm
    formset = part_formsets.MilestoneFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Milestones with their tracks."""
        return super().get_queryset(request).prefetch_related("tracks")


class RelatedTermInline(PartInline):
    """The related terms."""

    model = RelatedTerm
    form = part_forms.RelatedTermForm
    formset = part_formsets.RelatedTermFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Related terms with what the glossary says."""
        return super().get_queryset(request).select_related("term")


class QuestionInline(PartInline):
    """The questions."""

    model = Question
    form = part_forms.QuestionForm
    formset = part_formsets.QuestionFormSet


class ReferenceInline(PartInline):
    """The references."""

    model = Reference
    form = part_forms.ReferenceForm
    formset = part_formsets.ReferenceFormSet

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """The field; rows have no help, so the label says how authors are listed."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "authors":
            field.label = _("Authors, one a line")
        return field


# In page order.
INLINES: list[Any] = [
    InfoboxInline,
    SectionInline,
    FactInline,
    MilestoneInline,
    RelatedTermInline,
    QuestionInline,
    ReferenceInline,
]


def accessor(model: type[models.Model]) -> str:
    """How parts of this kind are called on their article, and in the form: `facts`."""
    return f"{model._meta.model_name}s"
