"""How django-allauth behaves on this site: no sign-up, our limits, our words, our mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.accounts import allowances, browsers, notices, origins, recency, sealing
from articles.models import SiteSettings, User

# The code of an error that says to wait; its parameter `seconds` says how long.
WAIT = "wait"


def ask_to_wait(error: allowances.TooMany) -> ValidationError:
    """The error of a form whose sender guessed too often."""
    if error.seconds < 60:
        text = ngettext(
            "There were many wrong tries. Please wait %(n)d second and try again.",
            "There were many wrong tries. Please wait %(n)d seconds and try again.",
            error.seconds,
        )
        return ValidationError(text % {"n": error.seconds}, WAIT, {"seconds": error.seconds})
    minutes = -(-error.seconds // 60)
    text = ngettext(
        "There were many wrong tries. Please wait %(n)d minute and try again.",
        "There were many wrong tries. Please wait %(n)d minutes and try again.",
        minutes,
    )
    return ValidationError(text % {"n": minutes}, WAIT, {"seconds": error.seconds})


def _message(template: str) -> str:
    """What to say where django-allauth would render this template; '' for nothing."""
    name = template.rpartition("/")[2].removesuffix(".txt")
    return {
        "password_changed": _("Your password is changed. You are signed out everywhere else."),
        "totp_activated": _("Your authenticator app is set up."),
        "totp_deactivated": _("Your authenticator app is removed."),
        "webauthn_added": _("Your passkey is added."),
        "webauthn_removed": _("The passkey is removed."),
        "recovery_codes_generated": _("You have new recovery codes."),
    }.get(name, "")


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, sign-in and what surrounds them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "This name and this password do not belong together. Upper and lower case matter."
        ),
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This did not work. Please try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the owner adds people in the admin."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: forms are answered by pages, which hold no typed password."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person of this name and password, or None. Raises an error to wait after too many.

        Who may not sign in is answered like a wrong password, in the same time.
        """
        if request.user.is_authenticated:
            buckets = browsers.confirmation_buckets(request)
        else:
            buckets = browsers.password_buckets(request, credentials["username"])
        try:
            allowances.take(*buckets)
        except allowances.TooMany as error:
            raise ask_to_wait(error) from error
        user = authenticate(request, **credentials)
        if not isinstance(user, User):
            return None
        allowances.give_back(buckets)
        return user

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether this is the password of somebody who is signed in, within the limits."""
        found = self.authenticate(context.request, username=user.get_username(), password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether somebody must show anew who they are before they change how they sign in."""
        return not recency.is_recent(self.request or context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """The ways to do so, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Where to go; the browser is known to this account from now on.

        Signing in ends the mailed links to a new password: the next one that is asked for is
        mailed, however often somebody else asked before.
        """
        response: HttpResponse = super().post_login(request, user, **kwargs)
        name = user.get_username()
        known = [*browsers.password_buckets(request, name), *browsers.code_buckets(request, name)]
        own = [bucket for bucket in known if bucket.kind.endswith("browser")]
        allowances.empty([*own, browsers.reset_bucket(user.email)])
        browsers.remember(request, response, name)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The admin, for those who may use it."""
        is_staff = isinstance(request.user, User) and request.user.is_staff
        return reverse("admin:index" if is_staff else "mfa_index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The page that says how one signs in."""
        return reverse("mfa_index")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """The same as for a passkey that nobody knows."""
        messages.error(request, str(self.error_messages["incorrect_code"]))
        return redirect("account_login")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what we have words for; being signed in or out needs none.

        After a mailed link the page that follows says it all, and "everywhere else" would be wrong.
        """
        match = request.resolver_match
        if match and match.url_name == "account_reset_password_from_key":
            return
        if text := message or _message(message_template or ""):
            messages.add_message(request, level, text, extra_tags)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Through the task worker, and without addresses of networks in it."""
        notices.tell(user, template_prefix.rpartition("/")[2])


class FactorAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This did not work. Please try again."),
        "cannot_generate_recovery_codes": gettext_lazy("Set up a second factor first."),
    }

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        return sealing.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What the app calls this site."""
        return SiteSettings.current().name

    def get_totp_label(self, user: Any) -> str:
        """What the app calls the account: the name with which one signs in."""
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> SafeString:
        """The code to scan as one path that needs no style and no other address."""
        import qrcode

        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z"
            for y, row in enumerate(rows)
            for x, is_dark in enumerate(row)
            if is_dark
        )
        return format_html(
            '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">'
            '<path d="{2}"/></svg>',
            len(rows),
            _("A code for the camera of your authenticator app; the key below says the same."),
            path,
        )

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - theirs
        """What a passkey is called that its owner gave no name."""
        return _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """To whom passkeys belong, whatever host a request names."""
        return {"id": origins.relying_party(), "name": SiteSettings.current().name}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """What the browser shows: the name with which one signs in, no address."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.get_username(), "display_name": str(user)}
