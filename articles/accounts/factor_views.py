"""The pages of second factors, and of how somebody signs in altogether."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.base import views as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from articles.accounts import factors, forms, passkey_forms
from articles.accounts.views import Answer
from articles.models import SiteSettings, User


def _person(request: HttpRequest) -> User:
    """Who is signed in, where the view has seen to it that somebody is."""
    return cast("User", request.user)


class Overview(Answer, factor.IndexView):
    """How somebody signs in, and what they can change about it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether the site wants a second factor of them."""
        wanted = factors.must_set_up(_person(self.request), SiteSettings.current())
        return super().get_context_data(**kwargs) | {"must_set_up": wanted}


def _in_fours(text: str) -> list[str]:
    """The text in groups of four, which people can copy without losing their place."""
    return [text[start : start + 4] for start in range(0, len(text), 4)]


class AddApp(Answer, totp.ActivateTOTPView):
    """The key of an authenticator app, and its first code."""

    form_class = forms.AppForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also the key in groups."""
        context = super().get_context_data(**kwargs)
        return context | {"key_groups": _in_fours(context["form"].secret)}

    @transaction.atomic
    def form_valid(self, form: forms.AppForm) -> HttpResponse:
        """Keep the key; the code that was just shown is used up by that."""
        response: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        app.data[factors.LAST_STEP] = form.step
        app.save(update_fields=["data"])
        return response


class RemoveApp(Answer, totp.DeactivateTOTPView):
    """Asks, and removes the app."""


class AddPasskey(Answer, passkey.AddWebAuthnView):
    """Has the browser make a passkey, and keeps it."""

    form_class = passkey_forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to make a passkey that can replace name and password."""
        context = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(_person(self.request), passwordless=True)
        return context | {"js_data": {"creation_options": options}}


class RemovePasskey(Answer, passkey.RemoveWebAuthnView):
    """Asks, and removes a passkey."""

    success_url = reverse_lazy("mfa_index")


class RenamePasskey(Answer, passkey.EditWebAuthnView):
    """What a passkey is called, to tell it from others."""

    form_class = passkey_forms.RenamePasskeyForm
    success_url = reverse_lazy("mfa_index")


class RecoveryCodes(Answer, recovery.ViewRecoveryCodesView):
    """The codes that are left."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also the codes in groups."""
        context = super().get_context_data(**kwargs)
        return context | {"codes": [_in_fours(code) for code in context["unused_codes"]]}


class NewRecoveryCodes(Answer, recovery.GenerateRecoveryCodesView):
    """Asks, and replaces all codes."""


class DownloadRecoveryCodes(recovery.DownloadRecoveryCodesView):
    """The codes as a text file, which says by itself where and for whom they work."""

    content_type = "text/plain; charset=utf-8"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also the address of the site."""
        return super().get_context_data(**kwargs) | {"address": settings.SITE_URL}
