"""What the admin pages share: clean fields, and searches that hostile input cannot break."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import widgets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch

from articles.admin.fields import form_field
from articles.admin.keys import OneRowField, SearchedOne, SearchedSome, SomeRowsField, is_key
from articles.markup import clean_line


class CleanFields(admin.options.BaseModelAdmin):
    """Forms whose texts are cleaned as the article document cleans them."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Our own field where there is one, else the admin's."""
        own = None if "form_class" in kwargs else form_field(db_field)
        field = own or super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, Field) and isinstance(field.widget, widgets.RelatedFieldWidgetWrapper):
            # A slip beside a list must not delete what a hundred articles share.
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A field that is searched while one types where the page asks for that."""
        kwargs.setdefault("form_class", OneRowField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SearchedOne(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The same for several rows."""
        kwargs.setdefault("form_class", SomeRowsField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SearchedSome(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class BaseAdmin(CleanFields, admin.ModelAdmin):
    """A page of the admin."""

    list_per_page = 50
    show_full_result_count = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. What Django looks up without asking whether it can be there is a 400.

        That is a NUL in an address, which PostgreSQL cannot compare, and a chosen row whose key is
        none. With Django's mark of a filter that failed, another that does is an error: without it.
        """
        if any("\x00" in text for key in request.GET for text in (key, *request.GET.getlist(key))):
            raise BadRequest
        if not all(self.can_be_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        if ERROR_FLAG in request.GET:
            given = request.GET.copy()
            given.pop(ERROR_FLAG)
            request.GET = given
        return super().changelist_view(request, extra_context)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Where readers find it; nowhere while the form holds a slug that can be no address."""
        try:
            return super().get_view_on_site_url(obj)
        except NoReverseMatch:
            return None

    def can_be_key(self, text: str) -> bool:
        """Whether a row of this list could have the text as its key."""
        field = self.opts.pk
        if isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField):
            return is_key(text)
        try:
            field.to_python(text)
        except ValidationError:
            return False
        return True

    def get_actions(
        self,
        request: HttpRequest,
        action_location: admin.ActionLocation = admin.ActionLocation.CHANGE_LIST,
    ) -> dict[str, Any]:
        """What can be done with chosen rows; to delete them is offered last."""
        actions: dict[str, Any] = super().get_actions(request, action_location)
        if "delete_selected" in actions:
            actions["delete_selected"] = actions.pop("delete_selected")
        return actions

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """What a search finds; control characters find nothing and harm nothing."""
        return super().get_search_results(request, queryset, clean_line(search_term))
