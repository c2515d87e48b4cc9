"""The page of an article with all its parts, and the list of articles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import publishing
from articles.admin import filters
from articles.admin.actions import PublishActions
from articles.admin.article_form import ArticleForm, people_choices
from articles.admin.checks_filter import ChecksFilter
from articles.admin.copies import CopyViews
from articles.admin.history import HistoryViews
from articles.admin.parts import INLINES, MOST_ROWS, PartInline, accessor
from articles.admin.problems import problems
from articles.admin.recording import RecordingAdmin, lock
from articles.admin.saved_notes import tell
from articles.markup import fold
from articles.models import Article, OldSlug, Term

# Names offered while a related term is typed.
MOST_NAMES = 500


@admin.register(Article)
class ArticleAdmin(HistoryViews, CopyViews, PublishActions, RecordingAdmin):
    """Articles: one form for everything an article says, and actions for everything it can do."""

    form = ArticleForm
    inlines = INLINES
    autocomplete_fields = ["tags"]
    fieldsets = [
        (None, {"fields": ["title", "short_answer"]}),
        (
            gettext_lazy("Filing"),
            {"fields": [("category", "author"), "tags", ("language", "slug"), "former_slugs"]},
        ),
        (gettext_lazy("Publication"), {"fields": [("status", "published_at")]}),
    ]
    list_display = ["name", "state", "category", "statements", "changed", "last_verified"]
    list_display_links = ["name"]
    list_filter = [
        filters.StatusFilter,
        filters.SourcesFilter,
        ChecksFilter,
        filters.CategoryFilter,
        filters.TagFilter,
        filters.AuthorFilter,
        filters.LanguageFilter,
    ]
    list_select_related = ["category", "rendered"]
    search_fields = ["title_folded", "slug", "short_answer"]
    ordering = ["-changed_at", "-pk"]

    # The list -----------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("title"), ordering="title_folded")
    def name(self, article: Article) -> str:
        """The title; a working copy says that it is one."""
        if article.copy_of_id:
            mark = _("working copy")
            return format_html('{} <span class="mark mark-copy">{}</span>', article.title, mark)
        return article.title

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, article: Article) -> str:
        """What readers can see of it."""
        if article.status == Article.Status.PUBLISHED:
            return _("Live") if article.is_live else _("Scheduled")
        return article.get_status_display()

    @admin.display(description=gettext_lazy("with a source"))
    def statements(self, article: Article) -> str:
        """How many statements have a source: "14 of 18"."""
        rendered = getattr(article, "rendered", None)
        if rendered is None or not rendered.statement_count:
            return "–"
        values = {"sourced": rendered.sourced_count, "all": rendered.statement_count}
        return _("%(sourced)d of %(all)d") % values

    @admin.display(description=gettext_lazy("last changed"), ordering="changed_at")
    def changed(self, article: Article) -> str:
        """The day of the last change; the history has the time."""
        return date_format(localdate(article.changed_at), "SHORT_DATE_FORMAT")

    @admin.display(description=gettext_lazy("last verified"), ordering="rendered__last_verified")
    def last_verified(self, article: Article) -> str:
        """The day of the latest check of a statement."""
        day = article.rendered.last_verified if hasattr(article, "rendered") else None
        return date_format(day, "SHORT_DATE_FORMAT") if day else "–"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Articles by title in any case, slug or answer; other forms are offered originals only."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(copy_of=None)
        return super().get_search_results(request, queryset, fold(search_term))

    # The form -----------------------------------------------------------------------------------

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The article; held against other writers while a form is being saved."""
        article = super().get_object(request, object_id, from_field)
        if article and request.method == "POST":
            lock(article)
            article.refresh_from_db()
        if article:
            # The form writes what was typed into the article, whether or not it can be saved.
            article.saved_slug = article.slug
        return article

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who may not publish sees the status; a working copy has neither status nor slug."""
        readonly = ["former_slugs"]
        if obj and obj.copy_of_id:
            readonly.append("slug")
        if (obj and obj.copy_of_id) or not self.has_publish_permission(request):
            readonly += ["status", "published_at"]
        return readonly

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the slugs it had, where there can be none."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj and not obj.copy_of_id:
            return fieldsets
        return [
            (
                name,
                {**options, "fields": [f for f in options["fields"] if f != "former_slugs"]},
            )
            for name, options in fieldsets
        ]

    @admin.display(description=gettext_lazy("former slugs"))
    def former_slugs(self, article: Article) -> str:
        """Slugs that lead here."""
        slugs = OldSlug.objects.filter(article=article).order_by("slug")
        return ", ".join(slugs.values_list("slug", flat=True)) or "–"

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """Authors are people who write or are named, not every account."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "author" and field is not None:
            people_choices(field)
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new article is by whoever begins it."""
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

    def view_on_site(self, article: Article) -> str | None:
        """The reader's page; staff see drafts there. A working copy has a preview instead."""
        if article.copy_of_id:
            return None
        slug = getattr(article, "saved_slug", article.slug)
        return reverse("articles:article", args=[slug])

    def part_counts(self, request: HttpRequest, article: Any) -> dict[str, int]:
        """How many parts of each kind the article has, in one query a request."""
        if article is None:
            return {}
        if not hasattr(request, "part_counts"):
            counts = {f"{accessor(i.model)}_count": count_of(i.model) for i in INLINES}
            row = Article.objects.filter(pk=article.pk).values(**counts).get()
            found = {name.removesuffix("_count"): number for name, number in row.items()}
            request.part_counts = found  # type: ignore[attr-defined]
        return request.part_counts  # type: ignore[attr-defined]

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The kinds of parts that the page holds: not those with too many rows for one form.

        A kind that the browser sent rows of is read in any case, so that nothing typed is lost.
        """
        counts = self.part_counts(request, obj)
        return [
            inline
            for inline in super().get_inline_instances(request, obj)
            if counts.get(name := accessor(inline.model), 0) <= MOST_ROWS
            or f"{name}-TOTAL_FORMS" in request.POST
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The page, with the ways to each kind of part and to what else can be done."""
        shown = {inline.formset.prefix for inline in context["inline_admin_formsets"]}
        counts = self.part_counts(request, obj)
        context["part_kinds"] = [
            kind(inline, counts.get(accessor(inline.model), 0), obj, shown)
            for inline in INLINES
            if accessor(inline.model) in shown or accessor(inline.model) in counts
        ]
        context["term_names"] = Term.objects.order_by("name").values_list("name", flat=True)[
            :MOST_NAMES
        ]
        context |= self.copy_context(request, obj)
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        context["problem_list"] = problems(context["adminform"].form, formsets)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving -------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the article; another slug leaves the old one behind as a way to the new one."""
        before = Article.objects.filter(pk=obj.pk).values_list("slug", flat=True).first()
        slug = obj.slug
        if change and before:
            obj.slug = before
        super().save_model(request, obj, form, change)
        if change and before and slug != before:
            publishing.rename(article=obj, slug=slug)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save tags and parts, then keep what the article says now as a revision."""
        super().save_related(request, form, formsets, change)
        article, summary = form.instance, form.cleaned_data["summary"]
        is_published = "status" in form.changed_data and article.status == Article.Status.PUBLISHED
        revision = self.record(request, article, summary, is_published=is_published)
        if revision:
            text = _("Kept as revision %(number)d.") % {"number": revision.number}
            self.message_user(request, text)
        tell(request, article)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What goes with articles: counts of their parts, not a list of thousands."""
        listed: list[Any] = []
        totals: dict[str, int] = {}
        for article in objs:
            listed.append(str(article))
            parts = []
            for relation in Article._meta.related_objects:
                if relation.on_delete is not models.CASCADE or not relation.related_model:
                    continue
                model: Any = relation.related_model
                number = model._default_manager.filter(**{relation.field.name: article}).count()
                if number and relation.name not in HIDDEN:
                    name = str(model._meta.verbose_name_plural)
                    parts.append(f"{capfirst(name)}: {number}")
                    totals[name] = totals.get(name, 0) + number
            if parts:
                listed.append(parts)
        totals = {str(self.opts.verbose_name_plural): len(objs), **totals}
        missing = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return listed, totals, missing, []

    def get_urls(self) -> list[URLPattern]:
        """The pages of revisions and working copies, before the admin's own."""
        return [*self.history_urls(), *self.copy_urls(), *super().get_urls()]


# What goes with an article but says nothing to the person who deletes it.
HIDDEN = {"citations", "term_uses", "rendered"}


def count_of(model: type[models.Model]) -> Any:
    """How many rows of this kind an article has, as a column of its query."""
    rows = model._default_manager.filter(article=OuterRef("pk")).order_by().values("article")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def kind(inline: type[PartInline], count: int, article: Any, shown: set[str]) -> dict[str, Any]:
    """A kind of part for the page: where it stands, or where its own list is."""
    opts = inline.model._meta
    name = f"admin:{opts.app_label}_{opts.model_name}"
    query = f"article__id__exact={article.pk}" if article else ""
    return {
        "id": f"{accessor(inline.model)}-group",
        "name": capfirst(str(opts.verbose_name_plural)),
        "one": str(opts.verbose_name),
        "count": count,
        "is_here": accessor(inline.model) in shown,
        "list_url": f"{reverse(f'{name}_changelist')}?{query}",
        "add_url": f"{reverse(f'{name}_add')}?article={article.pk if article else ''}",
    }
