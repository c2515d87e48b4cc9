"""Guesses and codes that come at the same moment, over connections of their own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from articles.accounts.allowances import Bucket, TooMany, take
from articles.accounts.factors import accept_code
from tests.accounts.signing_in import code_at, make_person, recovery_codes

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(number, work):
    """What `work` gives to so many threads that start together."""

    def run(_index):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_of_many_guesses_at_once_no_more_are_looked_at_than_are_free():
    buckets = [Bucket("account", "edith"), Bucket("network", "here")]

    def guess():
        try:
            take(*buckets)
        except TooMany:
            return False
        return True

    assert at_once(25, guess).count(True) == 10


@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_of_one_code_sent_many_times_at_once_one_counts(kind):
    person = make_person(app=True)
    code = code_at() if kind == "totp" else recovery_codes(person)[0]
    row = Authenticator.objects.get(user=person, type=kind)
    assert at_once(8, lambda: accept_code(row, code)).count(True) == 1
