"""Checks of the settings, of the secret key and of forms that were refused because of them."""

from __future__ import annotations

import os
from difflib import get_close_matches
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.upkeep.checks import refused_forms, refused_hosts
from articles.upkeep.checks.findings import LOCAL, Check, Finding, fine, look, wrong

# As alike as DATABASE_URI is to DATABASE_URL.
ALIKE = 0.87
# What `secrets.token_urlsafe(50)` has is 67; Django asks for 50.
LONG_SECRET = 50
FEW_DIFFERENT = 12
DAYS_TO_REMEMBER = 7


def site_url() -> Finding:
    """Whether SITE_URL is one that readers elsewhere can use, under https."""
    parts = urlsplit(settings.SITE_URL)
    if parts.hostname in LOCAL:
        return look(
            _("The site calls itself %(url)s, which only this machine can reach.")
            % {"url": settings.SITE_URL},
            _("Set SITE_URL to the address under which readers find it, once there is one."),
        )
    if parts.scheme != "https":
        return look(
            _("%(url)s is not encrypted: anybody on the way can read and change it, and sign in.")
            % {"url": settings.SITE_URL},
            _("Let a proxy end TLS (docs/hosting.md shows how), then set SITE_URL to https://…"),
        )
    return fine(_("The site is called %(url)s.") % {"url": settings.SITE_URL})


def debug() -> Finding:
    """Whether DEBUG is off."""
    if settings.DEBUG:
        return wrong(
            _("DEBUG is on: every error shows the inside of the site to whoever causes it."),
            _("Take DEBUG out of the environment and start the site again."),
        )
    return fine(_("DEBUG is off."))


def secret_key() -> Finding:
    """Whether the secret key is long, and a random one as far as can be seen."""
    key = settings.SECRET_KEY
    how = _("Change it; docs/hosting.md says how, under “Another secret key”.")
    if len(set(key)) < FEW_DIFFERENT:
        return wrong(
            _("The secret key is made of few different characters: it can be guessed."), how
        )
    if len(key) < LONG_SECRET:
        return look(_("The secret key has %(n)d characters; 50 are usual.") % {"n": len(key)}, how)
    return fine(_("The secret key is long."))


def variables() -> Finding:
    """Whether a variable of the environment is named almost like a setting."""
    known = {setting.name for setting in settings.ENVIRONMENT}
    known |= {f"{setting.name}_FILE" for setting in settings.ENVIRONMENT if setting.secret}
    for name in sorted(os.environ.keys() - known):
        if meant := get_close_matches(name, sorted(known), n=1, cutoff=ALIKE):
            return look(
                _("The environment has %(name)s, which sets nothing.") % {"name": name},
                _("If %(meant)s is meant, rename it.") % {"meant": meant[0]},
            )
    return fine(_("No variable is named almost like a setting."))


def refused() -> Finding:
    """Whether forms were lately refused because the site is called otherwise than it thinks."""
    last = refused_forms.last()
    if last and (timezone.now() - last.at).days < DAYS_TO_REMEMBER:
        # No more than that: whoever sends a form may write any address above it.
        return look(
            _(
                "On %(day)s a form was refused (403, “CSRF verification failed”): it said that it "
                "came from %(origin)s, and the site is called %(url)s. That may have been a reader "
                "behind your proxy, or anybody who made it up."
            )
            % {
                "day": last.at.date().isoformat(),
                "origin": last.what,
                "url": settings.SITE_URL,
            },
            _(
                "Open the site yourself and look at its address: if it is the first, set SITE_URL "
                "to it or let the proxy send readers to the second; if it is the second, there is "
                "nothing to do."
            ),
        )
    return fine(_("No form was refused for coming from another address of the site."))


def refused_host() -> Finding:
    """Whether requests were lately refused because they asked for another host."""
    last = refused_hosts.last()
    if last and (timezone.now() - last.at).days < DAYS_TO_REMEMBER:
        return look(
            _(
                "On %(day)s a request for the host “%(host)s” was refused (400): the site is "
                "called %(url)s."
            )
            % {"day": last.at.date().isoformat(), "host": last.what, "url": settings.SITE_URL},
            _(
                "If readers use that name, set SITE_URL to it; if a proxy does, let it hand on "
                "the host that readers ask for. If you do not know the name, a program looked for "
                "weak sites, and nothing is to be done."
            ),
        )
    return fine(_("No request was refused for asking for another host."))


CHECKS = [
    Check("site_url", gettext_lazy("Address of the site"), site_url),
    Check("debug", gettext_lazy("Debugging"), debug),
    Check("secret_key", gettext_lazy("Secret key"), secret_key),
    Check("variables", gettext_lazy("Names of settings"), variables),
    Check("refused_forms", gettext_lazy("Refused forms"), refused),
    Check("refused_hosts", gettext_lazy("Refused hosts"), refused_host),
]
