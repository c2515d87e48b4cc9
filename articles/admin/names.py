"""Site-wide names: categories, tags and the terms of the glossary."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.base import BaseAdmin
from articles.models import Article, Category, Tag, Term, TermName
from articles.related import relate, relate_later, users_of


class NamedForm(forms.ModelForm):
    """A name that no other row has, in any case of letters: documents find rows by it."""

    def clean_name(self) -> str:
        """The name; refused when it differs from another only in case."""
        name: str = self.cleaned_data["name"]
        others = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("This name exists already."))
        return name


class NamedAdmin(BaseAdmin):
    """Names with the number of articles that have them."""

    form = NamedForm
    search_fields = ["name", "slug"]
    list_display = ["name", "slug", "article_count"]
    ordering = ["name", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Rows with the number of their articles, working copies left out."""
        count = Count("articles", filter=Q(articles__copy_of=None))
        return super().get_queryset(request).annotate(article_count=count)

    @admin.display(description=_("articles"), ordering="article_count")
    def article_count(self, row: Any) -> int:
        """How many articles have the name."""
        number: int = row.article_count
        return number


@admin.register(Category)
class CategoryAdmin(NamedAdmin):
    """Categories."""


class RelatingAdmin(BaseAdmin):
    """Names that articles have in common: when one goes, those that had it are related anew."""

    def having(self, rows: Any) -> set[int]:
        """The articles that have one of these names."""
        raise NotImplementedError

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one, and have its articles related anew."""
        self.delete_queryset(request, type(obj)._default_manager.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete several, and have their articles related anew."""
        with transaction.atomic():
            articles = self.having(list(queryset.order_by().values_list("pk", flat=True)))
            super().delete_queryset(request, queryset)
            relate_later(articles)


@admin.register(Tag)
class TagAdmin(RelatingAdmin, NamedAdmin):
    """Tags."""

    def having(self, rows: Any) -> set[int]:
        """The articles with one of these tags."""
        articles = Article.objects.originals().filter(tags__in=rows).order_by()
        return set(articles.values_list("pk", flat=True))


@admin.register(Term)
class TermAdmin(RelatingAdmin):
    """The glossary. A change is on every page that shows the term at once."""

    fields = ["name", "slug", "definition", "aliases", "article"]
    autocomplete_fields = ["article"]
    search_fields = ["name", "slug", "definition", "names__folded"]
    list_display = ["name", "definition", "other_names", "article", "used_in"]
    list_select_related = ["article"]
    ordering = ["name", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Terms with the number of articles that link to them or list them."""
        names = TermName.objects.filter(term=OuterRef(OuterRef("pk"))).values("folded")
        using = (
            Article.objects.originals()
            .filter(Q(relatedterms__term=OuterRef("pk")) | Q(term_uses__folded__in=names))
            .order_by()
            .values("copy_of")
            .annotate(number=Count("pk", distinct=True))
        )
        count = Coalesce(Subquery(using.values("number")), 0)
        return super().get_queryset(request).annotate(use_count=count)

    def having(self, rows: Any) -> set[int]:
        """The articles that link to one of these terms by any name, or that it leads to."""
        led_to = Term.objects.filter(pk__in=rows).exclude(article=None)
        return users_of(_names_of(rows)) | set(led_to.values_list("article_id", flat=True))

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        """Save, and let the articles that it led to and that have its names know.

        Those that it leads to are related anew at once, those whose links mean something else now
        by the worker.
        """
        led_to = list(Term.objects.filter(pk=obj.pk).values_list("article_id", flat=True))
        before = _names_of([obj.pk], defined=True)
        bare = _names_of([obj.pk])
        super().save_model(request, obj, form, change)
        keys = [key for key in {*led_to, obj.article_id} if key is not None]
        for article in Article.objects.originals().filter(pk__in=keys):
            relate(article)
        changed = (before ^ _names_of([obj.pk], defined=True)) | (bare ^ _names_of([obj.pk]))
        relate_later(users_of(changed))

    @admin.display(description=_("other names"))
    def other_names(self, term: Term) -> str:
        """Its aliases in a line."""
        return ", ".join(term.aliases)

    @admin.display(description=_("used in"), ordering="use_count")
    def used_in(self, term: Any) -> int:
        """How many articles use it."""
        number: int = term.use_count
        return number


def _names_of(terms: Any, *, defined: bool = False) -> set[str]:
    """The folded names of these terms; with `defined` only of those that are."""
    found = Term.objects.defined() if defined else Term.objects.all()
    names = TermName.objects.filter(term__in=found.filter(pk__in=terms))
    return set(names.values_list("folded", flat=True))
