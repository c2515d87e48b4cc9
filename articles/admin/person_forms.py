"""The forms of people: somebody new, in one step, what they may do, and their password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    SetPasswordMixin,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from articles.admin.keys import SomeRowsField
from articles.models import User

LAST_OWNER = _("This is the only owner of the site. Make somebody else an owner first.")
# What makes an owner of somebody, as `User.objects.owners` says.
OWNING = ("is_active", "is_staff", "is_superuser")


class PersonForm(UserChangeForm):
    """Somebody who is there; the last owner stays one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if email := self.fields.get("email"):
            email.label = _("E-mail address")

    def clean(self) -> dict[str, Any] | None:
        """To be called in the transaction that saves."""
        cleaned: dict[str, Any] | None = super().clean()
        taken = [name for name in OWNING if self.cleaned_data.get(name) is False]
        if taken and User.objects.would_lose_owners([self.instance.pk]):
            self.add_error(taken[0], LAST_OWNER)
        return cleaned


class AddPersonForm(UserCreationForm):
    """Somebody new: names, roles and, if one likes, a password; without one a link signs in."""

    error_messages = {"password_mismatch": _("These are two different passwords.")}

    password1, password2 = SetPasswordMixin.create_password_fields(
        _("Password (optional)"), _("Password, once more")
    )
    groups = SomeRowsField(
        label=_("Roles"),
        queryset=Group.objects.order_by("pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Writers write and change articles, also published ones; editors publish and withdraw "
            "them too; moderators look after comments."
        ),
    )

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "public_name", "email", "is_staff")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"spellcheck": "false", "autocomplete": "off"}
        self.fields["email"].label = _("E-mail address (optional)")
        self.fields["email"].help_text = _(
            "For a forgotten password and for notes about the account. Readers do not see it."
        )
        self.fields["public_name"].label = _("Public name (optional)")
        self.fields["is_staff"].initial = True
        for name in ("password1", "password2"):
            self.fields[name].required = False
        self.fields["password1"].help_text = _(
            "Leave it empty: a sign-in link lets the person choose a password alone."
        )
        self.fields["password2"].help_text = ""

    def clean(self) -> dict[str, Any] | None:
        """Both passwords or none."""
        cleaned: dict[str, Any] | None = super().clean()
        if bool(self.cleaned_data.get("password1")) != bool(self.cleaned_data.get("password2")):
            self.add_error("password2", self.error_messages["password_mismatch"])
        return cleaned

    def validate_password_for_user(self, user: Any, **kwargs: Any) -> None:
        """What is wrong with the password stands below its first field."""
        super().validate_password_for_user(user, password_field_name="password1")  # type: ignore[misc]  # noqa: S106 - a field

    def set_password_and_save(self, user: Any, **kwargs: Any) -> Any:
        """The password, or none that anybody could give."""
        if self.cleaned_data.get("password1"):
            return super().set_password_and_save(user, **kwargs)  # type: ignore[misc]
        user.set_unusable_password()
        if kwargs.get("commit", True):
            user.save()
        return user


class PersonPasswordForm(AdminPasswordChangeForm):
    """Somebody else's password, or that there is none."""

    usable_password_help_text = _("Who has none signs in by a sign-in link or a passkey.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")
        self.fields["password2"].help_text = ""
        if usable := self.fields.get("usable_password"):
            usable.label = _("May sign in with a password")
            usable.choices = [("true", _("Yes")), ("false", _("No"))]  # type: ignore[attr-defined]

    def validate_password_for_user(self, user: Any, **kwargs: Any) -> None:
        """What is wrong with the password stands below its first field."""
        super().validate_password_for_user(user, password_field_name="password1")  # type: ignore[misc]  # noqa: S106 - a field
