"""People and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles.admin.base import BaseAdmin
from articles.models import User

admin.site.unregister(Group)

# What readers see of a person, and what of it everybody who edits writes about themselves. Names
# are the owner's: documents find their authors by them.
PUBLIC = ("public_name", "slug", "biography", "website")
OWN = ("biography", "website")


@admin.register(User)
class PersonAdmin(BaseAdmin, UserAdmin):
    """Users; an author who cannot sign in is one without a password.

    Who may not change users sees of their own entry what readers see, and writes what is in OWN.
    """

    list_display = ["username", "public_name", "email", "is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "public_name", "email", "slug"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (
            _("As readers see them"),
            {"fields": list(PUBLIC)},
        ),
        (_("In private"), {"fields": ["first_name", "last_name", "email"]}),
        (
            _("Permissions"),
            {
                "fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"],
                "classes": ["collapse"],
            },
        ),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [
        *UserAdmin.add_fieldsets,
        (_("As readers see them"), {"classes": ["wide"], "fields": ["public_name"]}),
    ]
    ordering = ["username"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may change a user: at least themselves."""
        return super().has_change_permission(request, obj) or _is_own(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same for looking at a user."""
        return super().has_view_permission(request, obj) or _is_own(request, obj)

    def _may_change_all(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of one's own entry what readers see, unless one may change all users."""
        if _is_own(request, obj) and not self._may_change_all(request):
            return [(_("As readers see you"), {"fields": list(PUBLIC)})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Names too, then: whoever may change them may take the name of somebody else."""
        readonly = list(super().get_readonly_fields(request, obj))
        if _is_own(request, obj) and not self._may_change_all(request):
            readonly += [name for name in PUBLIC if name not in OWN]
        return readonly

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """For the owner alone: others change their own password by the one they have."""
        if not self._may_change_all(request):
            raise PermissionDenied
        response: HttpResponse = super().user_change_password(request, id, form_url)
        return response

    def view_on_site(self, person: User) -> str | None:
        """The page of an author; who has no slug has no page."""
        return person.get_absolute_url() or None


def _is_own(request: HttpRequest, obj: Any) -> bool:
    """Whether somebody who may use the admin looks at their own entry."""
    user = request.user
    return bool(obj and obj.pk == user.pk and user.is_active and user.is_staff)


@admin.register(Group)
class RoleAdmin(BaseAdmin, GroupAdmin):  # type: ignore[misc]  # the stubs name one argument more
    """Groups of people; Writer, Editor and Moderator come with the site."""
