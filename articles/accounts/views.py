"""The pages of signing in: django-allauth's steps with our forms and our answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import views as account
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.base import views as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from articles import mail
from articles.accounts import allowances, browsers, factors, forms, origins, recency
from articles.accounts.adapters import WAIT
from articles.models import SiteSettings, User


def complete_sign_in(request: HttpRequest, user: User, *, method: str, to: str) -> HttpResponse:
    """Sign in somebody who showed who they are by `method`, and go on `to` an address.

    Who has a second factor is asked for it first. Whoever else was signed in no longer is.
    """
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    record_authentication(request, user, method=method)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=to))
    return response


def page(view: type[View]) -> Callable[..., HttpResponseBase]:
    """The view as a page about an account: kept by no cache and found by no search engine."""
    inner = sensitive_post_parameters()(never_cache(view.as_view()))

    @wraps(inner)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = inner(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answer


class _Answer:
    """A form that is sent back says so: 422, or 429 and how long to wait."""

    request: HttpRequest

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
            for error in (error for errors in form.errors.as_data().values() for error in errors):
                if error.code == WAIT and error.params:
                    response.status_code = 429
                    response.headers["Retry-After"] = str(error.params["seconds"])
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # `site` is the name of our own settings in the frame of every page.
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.pop("site", None)
        return context | {
            "passkeys_work": origins.passkeys_work(self.request),
            "passkeys_address": origins.address_with_passkeys(self.request),
            "resets_work": mail.is_configured(),
        }


def _person(request: HttpRequest) -> User:
    """Who is signed in, where the view has seen to it that somebody is."""
    return cast("User", request.user)


# Signing in and out -------------------------------------------------------------------------------


class SignIn(_Answer, account.LoginView):
    """Name and password, or a passkey."""

    form_class = forms.SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether there were too many guesses: then the page names the ways that are open."""
        context = super().get_context_data(**kwargs)
        return context | {"has_to_wait": context["form"].has_error("__all__", WAIT)}


class PasskeySignIn(_Answer, passkey.LoginWebAuthnView):
    """What the browser signs (GET), and the passkey that did (POST)."""

    form_class = forms.PasskeySignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The challenge, for the script of the page that signs in."""
        if request.headers.get("Accept") != "application/json":
            return redirect("account_login")
        # Nobody is signed in yet: what was begun is worth minutes, not days.
        request.session.set_expiry(15 * 60)
        return JsonResponse({"request_options": webauthn.begin_authentication(user=None)})


class SecondStep(_Answer, factor.AuthenticateView):
    """A code, or a passkey, of somebody whose password was right."""

    form_class = forms.CodeForm
    webauthn_form_class = forms.PasskeyCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether there is a passkey to ask for."""
        keys = Authenticator.objects.filter(user=self.stage.login.user, type="webauthn")
        return super().get_context_data(**kwargs) | {"has_passkey": keys.exists()}


class SignOut(_Answer, account.LogoutView):
    """Asks (GET), or does it (POST)."""


# Passwords ----------------------------------------------------------------------------------------


class ChangePassword(_Answer, account.PasswordChangeView):
    """The old password and the new one."""

    form_class = forms.ChangePasswordForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; who has just come by a link is led to one that does not ask for the old one."""
        if recency.came_by_link(request):
            return redirect("articles:set_password")
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class _WithMail:
    """Only where the site can send mail."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not mail.is_configured():
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class ResetPassword(_WithMail, _Answer, account.PasswordResetView):
    """Asks for an address, and mails a link to it."""

    form_class = forms.ResetForm


class ResetSent(_WithMail, _Answer, account.PasswordResetDoneView):
    """Says that a mail is on its way, if there is anybody to get it."""


class ResetByLink(_WithMail, _Answer, account.PasswordResetFromKeyView):
    """The new password of somebody who came by such a link; 410 when it is over."""

    form_class = forms.NewPasswordForm

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The page."""
        status = 410 if context.get("token_fail") else 200
        response: HttpResponse = super().render_to_response(context, status=status, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        """Set it; wrong guesses of others do not keep this browser from using it."""
        response: HttpResponse = super().form_valid(form)
        name = self.reset_user.get_username()
        own = browsers.password_buckets(self.request, name)
        allowances.empty([bucket for bucket in own if bucket.kind == "browser"])
        browsers.remember(self.request, response, name, by_mail=True)
        return response


class ResetDone(_WithMail, _Answer, account.PasswordResetFromKeyDoneView):
    """Says that the password is changed."""


# Confirming who one is ----------------------------------------------------------------------------


class Confirm(_Answer, account.ReauthenticateView):
    """The password once more."""

    form_class = forms.ConfirmForm


class ConfirmCode(_Answer, factor.ReauthenticateView):
    """A code."""

    form_class = forms.ConfirmCodeForm


class ConfirmPasskey(_Answer, passkey.ReauthenticateWebAuthnView):
    """A passkey."""

    form_class = forms.ConfirmPasskeyForm

    def form_invalid(self, form: Form) -> HttpResponse:
        """Back to the same page, with what was wrong."""
        for message in form.errors.get("credential", []):
            messages.error(self.request, str(message))
        return redirect(self.request.get_full_path())


# Second factors -----------------------------------------------------------------------------------


class Overview(_Answer, factor.IndexView):
    """How somebody signs in, and what they can change about it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether the site wants a second factor of them."""
        wanted = factors.must_set_up(_person(self.request), SiteSettings.current())
        return super().get_context_data(**kwargs) | {"must_set_up": wanted}


def _in_fours(text: str) -> list[str]:
    """The text in groups of four, which people can copy without losing their place."""
    return [text[start : start + 4] for start in range(0, len(text), 4)]


class AddApp(_Answer, totp.ActivateTOTPView):
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


class RemoveApp(_Answer, totp.DeactivateTOTPView):
    """Asks, and removes the app."""


class AddPasskey(_Answer, passkey.AddWebAuthnView):
    """Has the browser make a passkey, and keeps it."""

    form_class = forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to make a passkey that can replace name and password."""
        context = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(_person(self.request), passwordless=True)
        return context | {"js_data": {"creation_options": options}}


class RemovePasskey(_Answer, passkey.RemoveWebAuthnView):
    """Asks, and removes a passkey."""

    success_url = reverse_lazy("mfa_index")


class RecoveryCodes(_Answer, recovery.ViewRecoveryCodesView):
    """The codes that are left."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also the codes in groups."""
        context = super().get_context_data(**kwargs)
        return context | {"codes": [_in_fours(code) for code in context["unused_codes"]]}


class NewRecoveryCodes(_Answer, recovery.GenerateRecoveryCodesView):
    """Asks, and replaces all codes."""


class DownloadRecoveryCodes(recovery.DownloadRecoveryCodesView):
    """The codes as a text file."""
