"""Second factors: who has one, who must have one, taking one away, codes that count once."""

from __future__ import annotations

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Exists, OuterRef

from articles.accounts import notices
from articles.accounts.sealing import is_sealed_with, reseal, unseal
from articles.models import SiteSettings, User

# Recovery codes alone are none: they stand in for one that was lost.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
LAST_STEP = "last_step"
# What is sealed of an authenticator app and of recovery codes.
SEALED = ("secret", "seed")


def has_factor(user: User) -> bool:
    """Whether this person has an authenticator app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def has_factor_column() -> Exists:
    """The same for each row of a query of users."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))


def staff_without() -> int:
    """How many people of the staff who can sign in have none."""
    staff = User.objects.filter(is_active=True, is_staff=True)
    return staff.filter(~has_factor_column()).count()


def must_set_up(user: User, site: SiteSettings) -> bool:
    """Whether the site wants a second factor of this person before they reach the admin."""
    return bool(
        site.require_second_factor and user.is_active and user.is_staff and not has_factor(user)
    )


@transaction.atomic
def remove_factors(*, person: User, by: User, how: str) -> int:
    """Take away all second factors and recovery codes of a person who lost them; how many.

    `by` did it; `how` is the sentence for the admin's log. The person is told by mail.
    """
    count, _by_model = Authenticator.objects.filter(user=person).delete()
    if count:
        LogEntry.objects.log_actions(by.pk, [person], CHANGE, change_message=how)
        notices.tell(person, "factors_removed")
    return count


def reseal_all(former: str, *, using: str) -> None:
    """Seal with the site's secret key what a former one sealed, in the database of this alias."""
    for row in Authenticator.objects.using(using).exclude(type=Authenticator.Type.WEBAUTHN):
        row.data |= {name: reseal(row.data[name], former) for name in SEALED if name in row.data}
        row.save(using=using, update_fields=["data"])


def are_sealed_with(key: str) -> bool:
    """Whether there is a second factor that this secret key opens, and not the site's own."""
    sealed = [
        row.data[name]
        for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
        for name in SEALED
        if name in row.data
    ]
    return any(
        is_sealed_with(each, key) and not is_sealed_with(each, settings.SECRET_KEY)
        for each in sealed
    )


def accept_code(authenticator: Authenticator, code: str) -> bool:
    """Whether the code is right, and was not used before: each counts once.

    Of an app, codes that are older than the last one used are over too (RFC 6238, 5.2).
    """
    if authenticator.type == Authenticator.Type.TOTP:
        return _accept_step(authenticator, code)
    return bool(authenticator.wrap().validate_code(code))


@transaction.atomic
def _accept_step(authenticator: Authenticator, code: str) -> bool:
    # The row is read under a lock: of two requests with the same code one gets through.
    row = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
    if row is None:
        return False
    step = step_of(unseal(row.data["secret"]), code)
    if step is None or step <= row.data.get(LAST_STEP, -1):
        return False
    row.data[LAST_STEP] = step
    row.save(update_fields=["data"])
    return True


def step_of(secret: str, code: str) -> int | None:
    """The step of time, of those that still count, in which this secret gives this code."""
    found = None
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            found = step
    return found
