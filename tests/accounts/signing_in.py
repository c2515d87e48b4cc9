"""What the tests of signing in share: people, forms, codes of an app, networks."""

import base64
import hashlib
import hmac
import struct
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from tests.factories import PASSWORD, make_user

SIGN_IN = "/accounts/sign-in/"
CODE = "/accounts/sign-in/code/"
SECRET = base64.b32encode(b"twenty bytes of key!").decode()


def code_at(moment=None, secret=SECRET):
    """What an authenticator app shows at this time (RFC 6238), written anew for the tests."""
    step = int((time.time() if moment is None else moment) // 30)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def make_person(role="Editor", *, app=False, **changes):
    """A person of this role; with an authenticator app and recovery codes when `app` is true."""
    person = make_user(role, **changes)
    if app:
        TOTP.activate(person, SECRET)
        RecoveryCodes.activate(person)
    return person


def recovery_codes(person):
    """The codes that are left."""
    row = Authenticator.objects.get(user=person, type="recovery_codes")
    return row.wrap().get_unused_codes()


def sign_in(client, username, password=PASSWORD, *, network=None, to="", **more):
    """Send the form of the sign-in page, from a network of its own when one is named."""
    if network is not None:
        more["REMOTE_ADDR"] = f"10.{network // 256}.{network % 256}.7"
    address = f"{SIGN_IN}?next={to}" if to else SIGN_IN
    return client.post(address, {"login": username, "password": password}, **more)


def send_code(client, code):
    """Send the form of the second step."""
    return client.post(CODE, {"code": code})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def known_browser(username, password=PASSWORD):
    """A browser that signed in to the account before, and out again."""
    client = Client()
    assert sign_in(client, username, password, network=60_000).status_code == 302
    client.post("/accounts/sign-out/")
    assert not is_signed_in(client)
    return client
