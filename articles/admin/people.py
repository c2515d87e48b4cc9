"""People and their roles."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from articles.admin.base import BaseAdmin
from articles.models import User

admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(BaseAdmin, UserAdmin):
    """Users; an author who cannot sign in is one without a password."""

    list_display = ["username", "public_name", "email", "is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "public_name", "email", "slug"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (
            _("As readers see them"),
            {"fields": ["public_name", "slug", "biography", "website"]},
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

    def view_on_site(self, person: User) -> str | None:
        """The page of an author; who has no slug has no page."""
        return person.get_absolute_url() or None


@admin.register(Group)
class RoleAdmin(BaseAdmin, GroupAdmin):  # type: ignore[misc]  # the stubs name one argument more
    """Groups of people; Writer, Editor and Moderator come with the site."""
