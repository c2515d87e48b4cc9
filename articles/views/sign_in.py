"""Signing in by a one-time link, and setting a password that one has not got yet, or forgot."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from articles.accounts import notices, recency
from articles.accounts.views import complete_sign_in
from articles.markup import clean_line
from articles.models import User
from articles.sign_in import LIFETIME, LinkError, UnknownLink, claim, person_of


class OwnPasswordForm(SetPasswordForm):
    """A password without the old one, and the name for readers of somebody who has none.

    Only of those who may change users: documents find their authors by names.
    """

    public_name = forms.CharField(
        label=gettext_lazy("Public name (optional)"),
        max_length=150,
        required=False,
        help_text=gettext_lazy(
            "What readers see as the author of articles; without it your articles name nobody."
        ),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password, once more")
        self.fields["new_password2"].help_text = ""
        self.fields["new_password1"].widget.attrs["autofocus"] = True
        if user.public_name or not user.has_perm("articles.change_user"):
            del self.fields["public_name"]

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        """What is wrong with the password stands below its first field."""
        super().validate_password_for_user(user, "new_password1")

    def clean_public_name(self) -> str:
        """The name in one line, without what cannot be seen."""
        return clean_line(self.cleaned_data["public_name"])

    def save(self, commit: bool = True) -> Any:
        """Set both; a name leads to a page of the author."""
        self.user.public_name = self.cleaned_data.get("public_name") or self.user.public_name
        self.user.clean()
        return super().save(commit)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to sign in (GET), or do it (POST): a program that opens links uses none up.

    404 for a link that this site never made, 410 for one that is over.
    """
    try:
        user = person_of(token)
        if request.method == "POST":
            claim(user)
    except LinkError as error:
        status = 404 if isinstance(error, UnknownLink) else 410
        context = {"hours": LIFETIME.seconds // 3600}
        return render(request, "accounts/sign_in_failed.html", context, status=status)
    if request.method != "POST":
        return render(request, "accounts/sign_in.html", {"person": user})
    to = reverse("articles:set_password")
    response = complete_sign_in(request, user, method="link", to=to)
    recency.note_link(request, user)
    return response


@never_cache
@sensitive_post_parameters()
@login_required
# Of somebody who has a passkey but no password; who came by a link has nothing to confirm with.
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """Let a person who has no password, or has just come by a link, set one; 422 when refused."""
    user = request.user
    if not isinstance(user, User):
        return redirect("account_login")
    has_password = user.has_usable_password()
    if has_password and not recency.came_by_link(request):
        return redirect("account_change_password")
    form = OwnPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        recency.forget_link(request)
        notices.tell(user, "password_changed" if has_password else "password_set")
        messages.success(request, _say_set(has_password))
        return redirect("admin:index")
    context = {
        "form": form,
        "person": user,
        "has_password": has_password,
        "minutes": recency.RECENT.seconds // 60,
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/set_password.html", context, status=status)


def _say_set(was_changed: bool) -> str:
    if was_changed:
        return _("Your password is changed. You are signed out everywhere else.")
    return _("Your password is set.")
