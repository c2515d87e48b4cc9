"""The pages of signing in: django-allauth's steps with our forms and our answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.base import views as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkey
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from articles import mail
from articles.accounts import allowances, browsers, forms, origins, passkey_forms, recency
from articles.accounts.adapters import WAIT
from articles.models import User


def complete_sign_in(request: HttpRequest, user: User, *, method: str, to: str) -> HttpResponse:
    """Sign in somebody who showed who they are by `method`, and go on `to` an address.

    Who has a second factor is asked for it first. Whoever else was signed in no longer is.
    """
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    record_authentication(request, user, method=method)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=to))
    return response


def page(view: type[View[Any]]) -> Callable[..., HttpResponseBase]:
    """The view as a page about an account: kept by no cache and found by no search engine."""
    inner = sensitive_post_parameters()(never_cache(view.as_view()))

    @wraps(inner)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = inner(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answer


class Answer:
    """A form that is sent back says so: 422, or 429 and how long to wait."""

    request: HttpRequest

    def form_invalid(self, form: Form) -> HttpResponse:
        """The page with what is wrong."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
            for error in (error for errors in form.errors.as_data().values() for error in errors):
                if error.code == WAIT and error.params:
                    response.status_code = 429
                    response.headers["Retry-After"] = str(error.params["seconds"])
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also which ways of signing in work here."""
        # `site` is the name of our own settings in the frame of every page.
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.pop("site", None)
        return context | {
            "passkeys_work": origins.passkeys_work(self.request),
            "passkeys_address": origins.address_with_passkeys(self.request),
            "resets_work": mail.is_configured(),
        }


# Signing in and out -------------------------------------------------------------------------------


class SignIn(Answer, account.LoginView):
    """Name and password, or a passkey."""

    form_class = forms.SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether there were too many guesses: then the page names the ways that are open."""
        context = super().get_context_data(**kwargs)
        return context | {"has_to_wait": context["form"].has_error("__all__", WAIT)}


class PasskeySignIn(Answer, passkey.LoginWebAuthnView):
    """What the browser signs (GET), and the passkey that did (POST)."""

    form_class = passkey_forms.PasskeySignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The challenge, for the script of the page that signs in."""
        if request.headers.get("Accept") != "application/json":
            return redirect("account_login")
        # Nobody is signed in yet: what was begun is worth minutes, not days.
        request.session.set_expiry(15 * 60)
        return JsonResponse({"request_options": webauthn.begin_authentication(user=None)})


class SecondStep(Answer, factor.AuthenticateView):
    """A code, or a passkey, of somebody whose password was right."""

    form_class = forms.CodeForm
    webauthn_form_class = passkey_forms.PasskeyCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether there is a passkey to ask for."""
        keys = Authenticator.objects.filter(user=self.stage.login.user, type="webauthn")
        return super().get_context_data(**kwargs) | {"has_passkey": keys.exists()}


class SignOut(Answer, account.LogoutView):
    """Asks (GET), or does it (POST)."""


# Passwords ----------------------------------------------------------------------------------------


class ChangePassword(Answer, account.PasswordChangeView):
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


class ResetPassword(_WithMail, Answer, account.PasswordResetView):
    """Asks for an address, and mails a link to it."""

    form_class = forms.ResetForm


class ResetSent(_WithMail, Answer, account.PasswordResetDoneView):
    """Says that a mail is on its way, if there is anybody to get it."""


class ResetByLink(_WithMail, Answer, account.PasswordResetFromKeyView):
    """The new password of somebody who came by such a link; 410 when it is over."""

    form_class = forms.NewPasswordForm

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The page."""
        status = 410 if context.get("token_fail") else 200
        response: HttpResponse = super().render_to_response(context, status=status, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        """Set it; wrong guesses of others do not keep this browser from using it.

        The link is over by that, so that another one may be mailed at once.
        """
        response: HttpResponse = super().form_valid(form)
        name = self.reset_user.get_username()
        own = browsers.password_buckets(self.request, name)
        known = [bucket for bucket in own if bucket.kind == "browser"]
        allowances.empty([*known, browsers.reset_bucket(self.reset_user.email)])
        browsers.remember(self.request, response, name, by_mail=True)
        return response


class ResetDone(_WithMail, Answer, account.PasswordResetFromKeyDoneView):
    """Says that the password is changed."""


# Confirming who one is ----------------------------------------------------------------------------


class Confirm(Answer, account.ReauthenticateView):
    """The password once more."""

    form_class = forms.ConfirmForm


class ConfirmCode(Answer, factor.ReauthenticateView):
    """A code."""

    form_class = forms.ConfirmCodeForm


class ConfirmPasskey(Answer, passkey.ReauthenticateWebAuthnView):
    """A passkey."""

    form_class = passkey_forms.ConfirmPasskeyForm

    def form_invalid(self, form: Form) -> HttpResponse:
        """Back to the same page, with what was wrong."""
        for message in form.errors.get("credential", []):
            messages.error(self.request, str(message))
        return redirect(self.request.get_full_path())
