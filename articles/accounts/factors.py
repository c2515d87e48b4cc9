"""Second factors: who has one, who must have one, taking one away, codes that count once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, OuterRef, QuerySet

from articles.accounts import notices
from articles.accounts.sealing import opens, reseal, site_keys, unseal
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


def reseal_all(former: Sequence[str | bytes], *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Seal with the site's secret key what former ones sealed, all or nothing; of how many rows."""
    changed = 0
    with transaction.atomic(using=using):
        # Under a lock: a code that is accepted meanwhile writes the same column.
        for row in _sealed_rows(using).select_for_update():
            before = dict(row.data)
            row.data |= {name: reseal(row.data[name], former) for name in SEALED if name in before}
            if row.data != before:
                row.save(using=using, update_fields=["data"])
                changed += 1
    return changed


def are_sealed_with(keys: Sequence[str]) -> bool:
    """Whether one of these secret keys opens a second factor that none of the site's opens."""
    return any(
        opens(keys, each) and not opens(site_keys(), each)
        for row in _sealed_rows().iterator()
        for each in _sealed(row)
    )


@dataclass(frozen=True, slots=True)
class Seals:
    """Whose second factors are sealed with a former secret key, and whose no key opens: names."""

    former: list[str]
    unknown: list[str]


def seals() -> Seals:
    """Look into all of them."""
    former: set[str] = set()
    unknown: set[str] = set()
    for row in _sealed_rows().select_related("user").iterator():
        for each in _sealed(row):
            if opens([settings.SECRET_KEY], each):
                continue
            there = former if opens(settings.SECRET_KEY_FALLBACKS, each) else unknown
            there.add(row.user.get_username())
    return Seals(sorted(former - unknown), sorted(unknown))


def _sealed_rows(using: str = DEFAULT_DB_ALIAS) -> QuerySet[Authenticator]:
    # A passkey has nothing that is secret.
    rows: QuerySet[Authenticator] = Authenticator.objects.using(using)
    return rows.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")


def _sealed(row: Authenticator) -> list[str]:
    return [row.data[name] for name in SEALED if name in row.data]


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
