"""Mail to a person whose password or second factor changed, and to one who asked for a link."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from articles import mail
from articles.accounts.browsers import fold
from articles.models import SiteSettings, User


def _sentence(event: str) -> str:
    """What happened, in one sentence; '' for what nobody needs a mail about."""
    return {
        "password_changed": _("Your password was changed."),
        "password_set": _("A password was set for you."),
        "password_reset": _("Your password was replaced by a link that was mailed to you."),
        "totp_activated": _("An authenticator app was added as your second factor."),
        "totp_deactivated": _("The authenticator app was removed as your second factor."),
        "webauthn_added": _("A passkey was added to your account."),
        "webauthn_removed": _("A passkey was removed from your account."),
        "recovery_codes_generated": _("You have new recovery codes; the old ones are over."),
        "factors_removed": _("Your second factors were removed by whoever runs the site."),
    }.get(event, "")


def tell(person: User, event: str) -> bool:
    """Mail what happened to the person, in the current transaction; whether a mail was written."""
    sentence = _sentence(event)
    if not (sentence and person.email):
        return False
    site = SiteSettings.current()
    body = _(
        "%(name)s, on %(site)s:\n\n"
        "%(sentence)s\n%(time)s\n\n"
        "If that was you, there is nothing to do. If not, change your password at once and tell "
        "whoever runs the site:\n%(address)s"
    ) % {
        "name": person.username,
        "site": site.name,
        "sentence": sentence,
        "time": formats.date_format(timezone.now(), "DATETIME_FORMAT") + " UTC",
        "address": settings.SITE_URL + reverse("account_change_password"),
    }
    return mail.send_later(subject=f"{site.name}: {sentence}", body=body, to=[person.email])


# A row that waits names this function and its argument: both can only be added to.
@task
def send_reset_link(*, email: str) -> None:
    """Mail a link to a new password to whoever has this address and a password to replace.

    As a task of its own, so that asking takes the same time for every address. An address that
    nobody here has gets no mail: the site shall not write to strangers because others ask it to.
    """
    found = User.objects.filter(email__iexact=email, is_active=True).order_by("pk")
    site = SiteSettings.current()
    for person in found:
        # A database may take more letters for the same, a dotless i for i, than what counts these
        # mails does: each way to write an address would be good for some more.
        is_theirs = fold(person.email) == fold(email)
        if not (is_theirs and person.has_usable_password()):
            continue
        key = {
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        }
        address = settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)
        body = _(
            "Somebody, hopefully you, asked for a new password for %(name)s on %(site)s.\n\n"
            "Choose one here:\n%(address)s\n\n"
            "The link works once. If you did not ask, there is nothing to do: your password stays "
            "as it is."
        ) % {"name": person.username, "site": site.name, "address": address}
        subject = _("A new password for %(site)s") % {"site": site.name}
        # To the address on record, in the letters in which it was entered here.
        mail.send_later(subject=subject, body=body, to=[person.email])
