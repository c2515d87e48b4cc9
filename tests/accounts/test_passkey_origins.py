"""A passkey that is right in everything but the page on which it was used."""

import hashlib
import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.accounts.signing_in import is_signed_in, make_person

pytestmark = pytest.mark.django_db

ADDRESS = "/accounts/sign-in/passkey/"
HOST = "localhost:8000"
FLAG = AuthenticatorData.FLAG
PRESENT = FLAG.UP | FLAG.UV


class SoftwareKey:
    """An authenticator that signs whatever it is given, also what no browser would."""

    def __init__(self, person):
        self.person = person
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"a credential of tests"
        public = ES256.from_cryptography_key(self.key.public_key())
        made = self.data(
            PRESENT | FLAG.AT, AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        )
        client = CollectedClientData.create("webauthn.create", b"x" * 32, "http://localhost:8000")
        response = {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        }
        credential = {**self.names(), "response": response, "clientExtensionResults": {}}
        Authenticator.objects.create(
            user=person, type="webauthn", data={"name": "Key", "credential": credential}
        )

    def names(self):
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
        }

    def data(self, flags, credential=b"", host="localhost"):
        return AuthenticatorData.create(
            hashlib.sha256(host.encode()).digest(), flags, 0, credential
        )

    def sign(self, challenge, origin, *, flags=PRESENT, host="localhost", cross_origin=False):
        """What a browser would send after the key was used on a page of this origin."""
        data = self.data(flags, host=host)
        client = CollectedClientData.create(
            "webauthn.get", challenge, origin, cross_origin=cross_origin
        )
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(self.person).encode()),
        }
        return {**self.names(), "response": response, "clientExtensionResults": {}}


def challenge_for(client):
    answer = client.get(ADDRESS, headers={"accept": "application/json", "host": HOST}).json()
    return answer["request_options"]["publicKey"]["challenge"]


def send(client, credential):
    return client.post(ADDRESS, {"credential": json.dumps(credential)}, headers={"host": HOST})


@pytest.fixture
def key():
    return SoftwareKey(make_person(username="edith"))


def test_a_right_one_signs_in_and_its_answer_counts_once(key, client):
    credential = key.sign(challenge_for(client), f"http://{HOST}")
    assert send(client, credential)["Location"] == "/admin/"
    assert is_signed_in(client)

    again = Client()
    challenge_for(again)
    assert send(again, credential)["Location"] == "/accounts/sign-in/"
    assert not is_signed_in(again)


@pytest.mark.parametrize(
    ("origin", "changes"),
    [
        ("https://localhost.evil.example", {}),
        ("http://localhost:9000", {}),
        ("https://localhost:8000", {}),
        (f"http://{HOST}", {"cross_origin": True}),
        (f"http://{HOST}", {"flags": FLAG.UP}),
        (f"http://{HOST}", {"host": "evil.example"}),
    ],
    ids=["another site", "another port", "another scheme", "inside another site's page",
         "a lock that was not opened", "a key for another host"],
)  # fmt: skip
def test_one_that_was_used_elsewhere_signs_nobody_in(key, client, origin, changes):
    credential = key.sign(challenge_for(client), origin, **changes)
    assert send(client, credential)["Location"] == "/accounts/sign-in/"
    assert not is_signed_in(client)


def test_one_without_a_challenge_of_ours_signs_nobody_in(key, client):
    credential = key.sign(b"y" * 32, f"http://{HOST}")
    assert send(client, credential)["Location"] == "/accounts/sign-in/"
    challenge_for(client)
    assert send(client, credential)["Location"] == "/accounts/sign-in/"
    assert not is_signed_in(client)
