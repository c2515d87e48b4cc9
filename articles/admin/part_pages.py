"""Lists and pages of parts, for articles that have too many of a kind for one form.

Editing a part here is an edit of its article: the same refusal to overwrite, the same revision.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin import part_forms, part_names
from articles.admin.parts import PartFields
from articles.admin.recording import RecordedForm, RecordingAdmin, lock
from articles.markup import fold
from articles.models import (
    Article,
    Fact,
    InfoboxRow,
    Question,
    Reference,
    RelatedTerm,
    Section,
)


class PartPageForm(RecordedForm):
    """One part on a page of its own."""

    def get_article(self) -> Article | None:
        """The article of the part; for a new one that of the form, once it is known."""
        return self.instance.article if self.instance.article_id else None

    def clean(self) -> dict[str, Any]:
        """Also refuse what another part of the article is already."""
        cleaned = super().clean()
        article = cleaned.get("article") or self.get_article()
        if article:
            self.check_alone(article, cleaned)
        return cleaned

    def check_alone(self, article: Article, cleaned: dict[str, Any]) -> None:
        """Add errors for what the article has already."""


class ReferencePageForm(PartPageForm):
    """A reference on a page of its own."""

    def check_alone(self, article: Article, cleaned: dict[str, Any]) -> None:
        """A key is used once."""
        others = article.references.filter(key=cleaned.get("key", "")).exclude(pk=self.instance.pk)
        if others.exists():
            self.add_error("key", _("Another reference of this article has this key."))


class RelatedTermPageForm(PartPageForm):
    """A related term on a page of its own."""

    term_name = part_forms.RelatedTermForm.base_fields["term_name"]
    definition = part_forms.RelatedTermForm.base_fields["definition"]
    found_term: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "term_name" in self.fields:
            self.initial["term_name"] = self.instance.term.name
            self.initial["definition"] = self.instance.term.definition
            self.fields["definition"].disabled = bool(self.instance.term.definition)

    def check_alone(self, article: Article, cleaned: dict[str, Any]) -> None:
        """A term is named once."""
        if not cleaned.get("term_name") or "definition" not in cleaned:
            return
        terms = part_names.terms_named([cleaned["term_name"]])
        part_names.check_term(self, terms)
        known = terms.get(fold(cleaned["term_name"]))
        others = article.relatedterms.filter(term=known).exclude(pk=self.instance.pk)
        if known and others.exists():
            self.add_error("term_name", _("This article names this term already."))


class PartAdmin(PartFields, RecordingAdmin):
    """Parts of one kind over all articles; reached from the page of an article."""

    form = PartPageForm
    autocomplete_fields = ["article"]
    list_select_related = ["article"]
    # The form's field that says what a part is: changed, it is another part.
    identity: ClassVar[str] = ""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Nothing: the lists of parts are not offered by themselves."""
        return {}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Parts of one article may be asked for."""
        return lookup == "article__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A part stays in its article."""
        return [*super().get_readonly_fields(request, obj), *(["article", "anchor"] if obj else [])]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A new part has no anchor to show: it is made, not typed."""
        fields = list(super().get_fields(request, obj))
        return fields if obj else [name for name in fields if name != "anchor"]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The part, with its article held while a form is being saved."""
        part = super().get_object(request, object_id, from_field)
        if part and request.method == "POST":
            lock(part.article)
            part.refresh_from_db()
        return part

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the part under its anchor, at the end of its kind when it is new."""
        article = obj.article
        model = type(obj)
        siblings = model._default_manager.filter(article=article)
        if not change:
            last = siblings.aggregate(last=Max("position"))["last"]
            if "position" not in form.changed_data:
                obj.position = 0 if last is None else last + 1
        self.prepare(obj, form)
        if change and self.is_another(form):
            obj.anchor = ""
        taken = set(siblings.values_list("anchor", flat=True)) | set(article.retired_anchors)
        obj.give_anchor(taken)
        super().save_model(request, obj, form, change)

    def is_another(self, form: Any) -> bool:
        """Whether the form made its part another one, which has another anchor."""
        return bool(self.identity) and self.identity in form.changed_data

    def prepare(self, obj: Any, form: Any) -> None:
        """Set on a part what follows from its fields."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep what the article says now as a revision."""
        super().save_related(request, form, formsets, change)
        self.record(request, form.instance.article, form.cleaned_data["summary"])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the part, and keep what the article says now."""
        self.delete_queryset(request, type(obj)._default_manager.filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete parts, and keep what each of their articles says now."""
        articles = list(Article.objects.filter(pk__in=queryset.values("article")))
        for article in articles:
            lock(article)
        super().delete_queryset(request, queryset)
        for article in articles:
            self.record(request, article, "")


@admin.register(InfoboxRow)
class InfoboxRowAdmin(PartAdmin):
    """Rows of infoboxes."""

    fields = ["article", "label", "value", "checked", "position", "anchor"]
    list_display = ["label", "value", "article", "checked"]
    search_fields = ["label", "value"]


@admin.register(Section)
class SectionAdmin(PartAdmin):
    """Sections."""

    fields = ["article", "heading", "level", "body", "position", "anchor"]
    list_display = ["heading", "level", "article"]
    search_fields = ["heading", "body"]


@admin.register(Fact)
class FactAdmin(PartAdmin):
    """Facts."""

    fields = ["article", "label", "statement", "checked", "position", "anchor"]
    list_display = ["__str__", "statement", "article", "checked"]
    search_fields = ["label", "statement"]


@admin.register(Question)
class QuestionAdmin(PartAdmin):
    """Questions."""

    fields = ["article", "question", "answer", "position", "anchor"]
    list_display = ["question", "article"]
    search_fields = ["question", "answer"]


@admin.register(RelatedTerm)
class RelatedTermAdmin(PartAdmin):
    """Related terms."""

    form = RelatedTermPageForm
    identity = "term_name"
    fields = ["article", "term_name", "definition", "position", "anchor"]
    list_display = ["term", "article"]
    list_select_related = ["article", "term"]
    search_fields = ["term__name"]

    def prepare(self, obj: Any, form: Any) -> None:
        """Point the part at its term."""
        part_names.set_term(form)

    def is_another(self, form: Any) -> bool:
        """Whether the name means another term."""
        return form.initial.get("term") != form.instance.term_id


@admin.register(Reference)
class ReferenceAdmin(PartAdmin):
    """References."""

    form = ReferencePageForm
    identity = "key"
    fields = [
        "article", ("key", "source_kind", "year"), "title", "authors", "container", "publisher",
        ("volume", "issue", "pages"), ("doi", "isbn", "accessed"), "url", "archived_url",
        "position", "anchor",
    ]  # fmt: skip
    list_display = ["key", "title", "year", "source_kind", "article"]
    search_fields = ["key", "title", "authors", "doi", "url", "isbn"]

    def prepare(self, obj: Any, form: Any) -> None:
        """Find or make its source."""
        part_names.set_sources([obj])
