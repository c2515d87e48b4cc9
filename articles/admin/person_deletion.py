"""Deleting people: by whoever has just shown who they are, and never the last owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from articles.admin.confirming import confirm_first
from articles.admin.person_forms import LAST_OWNER
from articles.models import User


class PersonDeletion(admin.ModelAdmin):
    """The page that deletes one person, and the action that deletes several."""

    @transaction.atomic
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Back to the person with a sentence when nobody would own the site."""
        if wait := confirm_first(request):
            return wait
        person = self.get_object(request, unquote(object_id))
        may = self.has_delete_permission(request, person)
        if person and may and self._are_needed(request, [person.pk]):
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", person.pk)
        return super().delete_view(request, object_id, extra_context)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[User], *where: Any, **named: Any
    ) -> HttpResponseBase | None:
        """The same where people are deleted by an action."""
        if request.POST.get("action") == "delete_selected" and (wait := confirm_first(request)):
            return wait
        return super().response_action(request, queryset, *where, **named)

    @admin.action(
        description=delete_selected.short_description,  # type: ignore[attr-defined]
        permissions=["delete"],
    )
    @transaction.atomic
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> HttpResponseBase | None:
        """Django's, or a sentence instead of its page; then nobody is deleted."""
        if self._are_needed(request, queryset.values_list("pk", flat=True)):
            return None
        response: HttpResponseBase | None = delete_selected(self, request, queryset)
        return response

    def _are_needed(self, request: HttpRequest, people: Iterable[int]) -> bool:
        if not User.objects.would_lose_owners(people):
            return False
        self.message_user(request, str(LAST_OWNER), messages.ERROR)
        return True
