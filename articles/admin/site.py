"""The admin's own name, and the one form of the site's settings."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles import accent, cards
from articles.accounts import factors
from articles.admin.base import BaseAdmin
from articles.admin.confirming import confirm_first
from articles.admin.fields import NormalisedField
from articles.models import SiteSettings

admin.site.site_header = "Milepost"
admin.site.site_title = "Milepost"
# As the first of the breadcrumbs, which stands in templates of Django's.
admin.site.index_title = _("Home")
admin.site.enable_nav_sidebar = True
# One page for signing in, with its limits and second factors; who is sent here is sent on.
admin.site.login = secure_admin_login(admin.site.login)


_SHOW_FIRST = _(
    "To want no second factor of the staff any more, show who you are, and change it again then: "
    "nothing is saved yet."
)


@admin.register(SiteSettings)
class SiteSettingsAdmin(BaseAdmin):
    """What the owner sets: one form, no list."""

    fieldsets = [
        (_("Front page"), {"fields": ["name", "tagline", "introduction"]}),
        (_("Looks"), {"fields": ["accent"]}),
        (_("Who is responsible"), {"fields": ["responsible"]}),
        (
            _("What others may do with the texts"),
            {"fields": ["licence", ("own_licence", "own_licence_url")]},
        ),
        (_("Checks"), {"fields": ["stale_after_months"]}),
        (_("Delivery"), {"fields": ["shared_cache_seconds"]}),
        (_("Signing in"), {"fields": ["require_second_factor"]}),
        (
            _("Discussion"),
            {
                "fields": [
                    "discussion_open",
                    "hold_comments",
                    "longest_comment",
                    ("comments_per_person", "comments_per_network"),
                    ("form_seconds", "form_hours"),
                ]
            },
        ),
        (
            _("How long what is kept of people"),
            {
                "description": _(
                    "What is older is deleted by itself, within a few hours. The page on privacy "
                    "names these days where its text has a line with {{kept}}."
                ),
                "fields": [
                    ("keep_email_days", "keep_network_days"),
                    ("keep_refused_days", "keep_log_days"),
                ],
            },
        ),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The accent is chosen in the browser's own way."""
        if db_field.name != "accent":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return db_field.formfield(
            form_class=NormalisedField,
            normalise=accent.clean,
            widget=forms.TextInput(attrs={"type": "color"}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """How people must sign in is the owner's to say."""
        return [] if request.user.is_superuser else ["require_second_factor"]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; who would no longer want a second factor of staff shows first who they are."""
        if self._gives_up_factors(request) and (wait := confirm_first(request, at_form=False)):
            self.message_user(request, _SHOW_FIRST, messages.WARNING)
            return wait
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _gives_up_factors(self, request: HttpRequest) -> bool:
        """Whether the form that is sent takes that protection away."""
        is_sent = request.method == "POST" and request.user.is_superuser
        was = is_sent and SiteSettings.current().require_second_factor
        # As the form reads it, to which a "false" is no tick.
        box = forms.CheckboxInput()
        return was and not box.value_from_datadict(
            request.POST, request.FILES, "require_second_factor"
        )

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The form, which says at the accent what becomes of it."""
        form = super().get_form(request, obj, **kwargs)
        if obj:
            field = form.base_fields["accent"]
            field.help_text = f"{field.help_text} {accent.describe(obj.accent)}"
        return form

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        """Save, have cards drawn anew that are wrong now, and say what becomes of an accent."""
        super().save_model(request, obj, form, change)
        if {"name", "stale_after_months"} & set(form.changed_data):
            # Every card shows them.
            cards.draw_all.enqueue()
        if "accent" in form.changed_data:
            self.message_user(request, accent.describe(obj.accent))
        is_wanted = "require_second_factor" in form.changed_data and obj.require_second_factor
        if is_wanted and (count := factors.staff_without()):
            self.message_user(request, _say_without_factor(count))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: the one row is there."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the one row stays."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Straight to the form."""
        return HttpResponseRedirect(reverse("admin:articles_sitesettings_change", args=[1]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The one row; made with the defaults when a person who may change it first asks."""
        if object_id == "1" and self.has_change_permission(request):
            SiteSettings.objects.get_or_create(pk=1)
        return super().get_object(request, object_id, from_field)


def _say_without_factor(count: int) -> str:
    text = ngettext(
        "%(n)d person of the staff has no second factor yet, and sets one up at the next visit.",
        "%(n)d people of the staff have no second factor yet, and set one up at the next visit.",
        count,
    )
    return text % {"n": count}
