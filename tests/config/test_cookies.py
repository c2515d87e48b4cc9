"""The flags of cookies, as a browser gets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.articles.bridges import make_article
from tests.discussion.talk import send
from tests.factories import PASSWORD, make_user
from tests.serving import FOREIGN, ROOT

LOOK = """
import json, django
django.setup()
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SAMESITE", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH")}))
"""


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_under_https_only_this_host_can_give_the_cookies_of_a_session(
    scheme: str, secure: bool, tmp_path: Path
) -> None:
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    said = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(tmp_path),
            "SITE_URL": f"{scheme}://example.org",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid" if secure else "sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken" if secure else "csrftoken",
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_PATH": "/",
        "CSRF_COOKIE_PATH": "/",
    }


@pytest.mark.django_db
def test_no_script_reads_a_cookie_and_no_other_site_sends_one(client: Client) -> None:
    send(client, make_article())
    client.post("/articles/stone-bridges/since/", {"do": "remember"})
    user = make_user("owner")
    client.post("/accounts/sign-in/", {"login": user.username, "password": PASSWORD})
    assert len(client.cookies) == 5
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), cookie.key


@pytest.mark.django_db
def test_signing_in_makes_a_new_session(client: Client) -> None:
    user = make_user("owner")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.post("/accounts/sign-in/", {"login": user.username, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "http:///evil.example", "https:evil.example", "\t//evil.example",
        "//127.0.0.1:8000@evil.example/", "http://127.0.0.1.evil.example/", "///evil.example",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(client: Client, target: str) -> None:
    user = make_user("owner")
    data = {"login": user.username, "password": PASSWORD, "next": target}
    response = client.post("/accounts/sign-in/", data, query_params={"next": target})
    assert response.status_code == 302
    assert response["Location"] == "/admin/"
