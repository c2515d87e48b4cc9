"""The forms of signing in: django-allauth's, with our words, limits and checks."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.accounts import allowances, browsers, factors, notices, recency
from articles.accounts.adapters import ask_to_wait
from articles.models import User


def _plain(field: forms.Field, label: Any) -> None:
    """Our label, no placeholder that says the same, and no advice of another package."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)


def begin_with(field: forms.Field) -> None:
    """Put the cursor there: at the top of a page that has nothing else to do."""
    field.widget.attrs["autofocus"] = True


class SignInForm(account_forms.LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("User name"))
        _plain(self.fields["password"], _("Password"))
        self.fields["password"].help_text = ""
        # As phones like to write names with a capital.
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        # After a wrong password the name is there already.
        begin_with(self.fields["password" if self.data.get("login") else "login"])

    def clean_login(self) -> str:
        """The name as it is stored: one of the ways in which its letters can be written."""
        return str(User.normalize_username(super().clean_login()))


class ConfirmForm(account_forms.ReauthenticateForm):
    """The password of somebody who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"))
        self.fields["password"].help_text = ""
        begin_with(self.fields["password"])


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The old password, which shows who is asking, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Current password"))
        self.fields["oldpassword"].help_text = ""
        _plain(self.fields["password1"], _("New password"))
        _plain(self.fields["password2"], _("New password, once more"))

    def clean_oldpassword(self) -> str:
        """Guesses count."""
        adapter = account_forms.get_adapter()
        password: str = self.cleaned_data["oldpassword"]
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("enter_current_password")
        return password

    def save(self) -> None:
        """Set it, which ends the person's other sessions; who they are has just been shown."""
        super().save()
        recency.note(context.request)


class ResetForm(account_forms.ResetPasswordForm):
    """The address to which a link to a new password is mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"], _("E-mail address"))
        begin_with(self.fields["email"])

    def clean_email(self) -> str:
        """The address, whether anybody has it or not: nothing is looked up here.

        Only the network that asks may have to wait. Of an address to which links were mailed of
        late, `is_due` is false: it gets no other now, and the last one still works, so that whoever
        keeps asking in its owner's name keeps them from nothing. What ends the last one, signing in
        or using it, lets the next be mailed.
        """
        email: str = self.cleaned_data["email"]
        try:
            allowances.take(browsers.reset_network_bucket(context.request))
        except allowances.TooMany as error:
            raise ask_to_wait(error) from error
        try:
            allowances.take(browsers.reset_bucket(email))
        except allowances.TooMany:
            self.is_due = False
        else:
            self.is_due = True
        return email

    def save(self, request: Any, **kwargs: Any) -> str:
        """Have the task worker look who has this address."""
        email: str = self.cleaned_data["email"]
        if self.is_due:
            notices.send_reset_link.enqueue(email=email)
        return email


class NewPasswordForm(account_forms.ResetPasswordKeyForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password1"], _("New password"))
        begin_with(self.fields["password1"])
        _plain(self.fields["password2"], _("New password, once more"))


# Codes --------------------------------------------------------------------------------------------


def _prepare_code(field: forms.Field, label: Any) -> None:
    _plain(field, label)
    field.max_length = 40  # type: ignore[attr-defined]
    field.widget.attrs |= {"inputmode": "numeric", "autocapitalize": "none", "maxlength": "40"}


def _wrong_code() -> ValidationError:
    text = _(
        "This code is wrong or has run out. Take the newest; is the clock of your phone right?"
    )
    return ValidationError(text, "incorrect_code")


class _Codes:
    """Codes that count once, within limits."""

    user: User
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _prepare_code(self.fields["code"], _("Code of your app, or a recovery code"))
        begin_with(self.fields["code"])

    def buckets(self) -> list[allowances.Bucket]:
        """What a wrong code counts against."""
        return browsers.code_buckets(context.request, self.user.get_username())

    def clean_code(self) -> str:
        """The code, which is used up by that; `authenticator` is whose it is."""
        code: str = self.cleaned_data["code"]
        buckets = self.buckets()
        try:
            allowances.take(*buckets)
        except allowances.TooMany as error:
            raise ask_to_wait(error) from error
        with_codes = Authenticator.objects.filter(user=self.user)
        for authenticator in with_codes.exclude(type=Authenticator.Type.WEBAUTHN).order_by("-type"):
            if factors.accept_code(authenticator, code):
                allowances.give_back(buckets)
                authenticator.user = self.user
                self.authenticator = authenticator
                return code
        raise _wrong_code()


class CodeForm(_Codes, base_forms.AuthenticateForm):
    """The second step of signing in."""


class ConfirmCodeForm(_Codes, base_forms.ReauthenticateForm):
    """A code of somebody who is signed in."""

    def buckets(self) -> list[allowances.Bucket]:
        """By session."""
        return browsers.confirmation_buckets(context.request)


class AppForm(totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app, which shows that it has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _prepare_code(self.fields["code"], _("Code that the app shows"))

    def clean_code(self) -> str:
        """The code; `step` is when it was made. Nothing can be guessed: its key is on the page."""
        code: str = self.cleaned_data["code"]
        self.step = factors.step_of(self.secret, code)
        if self.step is None:
            raise _wrong_code()
        return code
