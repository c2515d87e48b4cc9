"""The forms of passkeys: django-allauth's, which break on nothing that a stranger sends."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from articles.accounts import origins
from articles.accounts.forms import begin_with
from articles.markup import clean_line

NAME_LENGTH = 80
# What libraries raise that are handed something other than what a browser sends.
BROKEN = (
    *(AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError),
    *(NotImplementedError, struct.error),
)


def _check_origin(credential: Any) -> None:
    """Refuse what a browser made on another page than one of ours; raises one of BROKEN too."""
    data = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
    if data.get("crossOrigin") or not origins.is_own_origin(data["origin"], context.request):
        raise ValueError("made on another site's page")


def _checked(credential: Any, check: Callable[[], Any]) -> Any:
    """What `check` gives for a passkey of this site. Raises a plain error for anything else."""
    try:
        _check_origin(credential)
        return check()
    except ValidationError:
        raise
    except BROKEN as error:
        raise get_adapter().validation_error("incorrect_code") from error


def _prepare_name(field: forms.Field) -> None:
    field.label, field.help_text = _("Name"), _("To tell it from others: the device, say.")
    field.validators.append(MaxLengthValidator(NAME_LENGTH))
    field.widget.attrs["maxlength"] = str(NAME_LENGTH)


class _OwnPasskeys:
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        """The authenticator that signed."""
        credential = self.cleaned_data["credential"]
        inherited = super().clean_credential  # type: ignore[misc]
        return _checked(credential, inherited)


class PasskeyCodeForm(_OwnPasskeys, webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""


class PasskeySignInForm(_OwnPasskeys, webauthn_forms.LoginWebAuthnForm):
    """A passkey instead of name and password."""


class ConfirmPasskeyForm(_OwnPasskeys, webauthn_forms.ReauthenticateWebAuthnForm):
    """A passkey of somebody who is signed in."""


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A new passkey: one that knows its owner by itself, so that it can replace a password."""

    field_order = ["name", "credential"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        _prepare_name(self.fields["name"])

    def clean(self) -> dict[str, Any]:
        """What the browser made, checked."""
        credential = self.cleaned_data.get("credential")
        if not credential:
            return self.cleaned_data
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] = _checked(credential, super().clean)
        return cleaned


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _prepare_name(self.fields["name"])
        begin_with(self.fields["name"])

    def clean_name(self) -> str:
        """The name in one line, without what cannot be seen."""
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(self.fields["name"].error_messages["required"], "required")
        return name
