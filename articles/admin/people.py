"""People and their roles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.accounts import factors, notices
from articles.admin.base import BaseAdmin
from articles.admin.confirming import confirm_first
from articles.admin.person_deletion import PersonDeletion
from articles.admin.person_forms import AddPersonForm, PersonForm, PersonPasswordForm
from articles.admin.person_links import SignInLinks
from articles.models import User

admin.site.unregister(Group)

# What readers see of a person, and what of it everybody who edits writes about themselves. Names
# are the owner's: documents find their authors by them.
PUBLIC = ("public_name", "slug", "biography", "website")
OWN = ("biography", "website")
# Plainer than Django's, whose User has these.
WORDS = {
    "username": (_("User name"), _("To sign in with; readers do not see it.")),
    "is_staff": (
        _("May sign in to the admin"),
        _("Whoever writes, edits or moderates needs this."),
    ),
    "is_active": (
        _("Account is open"),
        _("Untick this, rather than delete the account, to shut somebody out."),
    ),
    "is_superuser": (_("Owner of the site"), _("May do everything, also give roles to others.")),
}
# What gives rights: the owner's to say.
RIGHTS = ("is_superuser", "groups", "user_permissions")


class SecondFactorFilter(admin.SimpleListFilter):
    """People with a second factor, or without."""

    title = _("second factor")
    parameter_name = "second_factor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two choices."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Those of the choice; `PersonAdmin.get_queryset` has looked."""
        chosen = {"yes": True, "no": False}.get(self.value() or "")
        if chosen is None:
            return queryset
        return queryset.filter(has_factor=chosen)  # type: ignore[misc]  # annotated by the admin


@admin.register(User)
class PersonAdmin(BaseAdmin, SignInLinks, PersonDeletion, UserAdmin):
    """Users; an author who cannot sign in is one without a password.

    Who may not change users sees of their own entry what readers see, and writes what is in OWN.
    """

    list_display = [
        "username",
        "public_name",
        "email_address",
        "is_active",
        "is_staff",
        "is_superuser",
        "second_factor",
    ]
    search_fields = ["username", "public_name", "email", "slug"]
    list_filter = ["is_active", "is_staff", "is_superuser", SecondFactorFilter, "groups"]
    actions = ["delete_selected", "remove_second_factor"]
    filter_horizontal = ["user_permissions"]
    form = PersonForm
    add_form = AddPersonForm
    # Django's own speaks of a second step, which is not needed here.
    add_form_template = None
    change_password_form = PersonPasswordForm
    change_user_password_template = "admin/milepost/set_password.html"  # noqa: S105 - a file
    fieldsets = [
        (None, {"fields": ["username", "password_state"]}),
        (
            _("As readers see them"),
            {"fields": list(PUBLIC)},
        ),
        (_("In private"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (
            _("Single permissions, beside those of the roles"),
            {"fields": ["user_permissions"], "classes": ["collapse"]},
        ),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["password_state", "last_login", "date_joined"]
    add_fieldsets = [
        (None, {"fields": ["username", "public_name", "email"]}),
        (_("What they may do"), {"fields": ["groups", "is_staff"]}),
        (_("Password"), {"fields": ["password1", "password2"]}),
    ]
    ordering = ["username"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People, and of each whether there is a second factor."""
        return super().get_queryset(request).annotate(has_factor=factors.has_factor_column())

    @admin.display(description=_("second factor"), boolean=True, ordering="has_factor")
    def second_factor(self, person: User) -> bool:
        """Whether this person has one."""
        return bool(person.has_factor)  # type: ignore[attr-defined]

    @admin.display(description=_("e-mail address"), ordering="email")
    def email_address(self, person: User) -> str:
        """The address, called as everywhere else."""
        return person.email

    @admin.display(description=_("password"))
    def password_state(self, person: User) -> str:
        """Whether there is one, and the ways to another."""
        has_password = person.has_usable_password()
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        ways = [
            (
                reverse("admin:auth_user_password_change", args=[person.pk]),
                gettext("Set another password") if has_password else gettext("Set a password"),
            )
        ]
        if person.is_active:
            ways.append(
                (reverse(f"{name}_sign_in", args=[person.pk]), gettext("Make a sign-in link"))
            )
        return format_html(
            '<span class="password-state">{} {}</span>',
            gettext("Has a password.") if has_password else gettext("Has none."),
            format_html_join(" ", '<a class="button" href="{}">{}</a>', ways),
        )

    @admin.action(
        description=_("Remove the second factors of the chosen people"),
        permissions=["remove_factors"],
    )
    def remove_second_factor(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        """For people who lost theirs; the owner's to do, and told to each of them."""
        if wait := confirm_first(request):
            return wait
        how = gettext("Second factors removed.")
        people = list(queryset)
        count = sum(
            bool(factors.remove_factors(person=person, by=cast("User", request.user), how=how))
            for person in people
        )
        text = ngettext(
            "The second factors of %(n)d person were removed.",
            "The second factors of %(n)d people were removed.",
            count,
        )
        self.message_user(request, text % {"n": count})
        return None

    def has_remove_factors_permission(self, request: HttpRequest) -> bool:
        """Only the owner may."""
        return bool(request.user.is_superuser)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form of a person, for whoever has just shown who they are: it gives rights.

        What people write about themselves needs no such thing.
        """
        if self._may_change_all(request) and (wait := confirm_first(request)):
            return wait
        return super().changeform_view(request, object_id, form_url, extra_context)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may change a user: at least themselves, and an owner only as one."""
        may = super().has_change_permission(request, obj) or _is_own(request, obj)
        return may and not _is_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may delete a user: an owner only as one."""
        return super().has_delete_permission(request, obj) and not _is_above(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same for looking at a user."""
        return super().has_view_permission(request, obj) or _is_own(request, obj)

    def _may_change_all(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of one's own entry what readers see, unless one may change all users."""
        if _is_own(request, obj) and not self._may_change_all(request):
            return [(_("As readers see you"), {"fields": list(PUBLIC)})]
        if not obj and not request.user.is_superuser:
            # Roles are the owner's to give.
            may = (self.add_fieldsets[1][0], {"fields": ["is_staff"]})
            return [self.add_fieldsets[0], may, self.add_fieldsets[2]]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Names too, then: whoever may change them may take the name of somebody else."""
        readonly = list(super().get_readonly_fields(request, obj))
        if _is_own(request, obj) and not self._may_change_all(request):
            readonly += [name for name in PUBLIC if name not in OWN]
        elif obj and not request.user.is_superuser:
            readonly += RIGHTS
        return readonly

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles are few: each has a box to tick."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups" and field:
            field.widget = CheckboxSelectMultiple()
            field.queryset = field.queryset.order_by("pk")
            field.label, field.help_text = _("Roles"), ""
        elif db_field.name in WORDS and field:
            field.label, field.help_text = WORDS[db_field.name]
        return field

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To the person's page, and how somebody without a password comes to sign in."""
        if not obj.has_usable_password():
            text = gettext(
                "%(name)s has no password yet. A sign-in link lets them in to choose one: make it "
                "here with “Make a sign-in link”, or with: manage.py sign_in_link %(username)s"
            )
            self.message_user(request, text % {"name": obj, "username": obj.username})
        return super().response_add(request, obj, post_url_continue)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """For the owner alone: others change their own password by the one they have."""
        if not request.user.is_superuser:
            raise PermissionDenied
        if wait := confirm_first(request):
            return wait
        response: HttpResponse = super().user_change_password(request, id, form_url)
        person = self.get_object(request, id)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND and person:
            notices.tell(person, "password_set")
        return response

    def view_on_site(self, person: User) -> str | None:
        """The page of an author; who has no slug has no page."""
        return person.get_absolute_url() or None


def _is_above(request: HttpRequest, obj: Any) -> bool:
    """Whether this is an owner, and whoever asks is none."""
    return bool(obj and obj.is_superuser and not request.user.is_superuser)


def _is_own(request: HttpRequest, obj: Any) -> bool:
    """Whether somebody who may use the admin looks at their own entry."""
    user = request.user
    return bool(obj and obj.pk == user.pk and user.is_active and user.is_staff)


@admin.register(Group)
class RoleAdmin(BaseAdmin, GroupAdmin):  # type: ignore[misc]  # the stubs name one argument more
    """Groups of people; Writer, Editor and Moderator come with the site.

    Rights are the owner's to give: whoever might change a group could give themselves any.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the owner may."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the owner may."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the owner may."""
        return bool(request.user.is_superuser)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form of a group, which gives rights too."""
        wait = confirm_first(request)
        return wait or super().changeform_view(request, object_id, form_url, extra_context)
