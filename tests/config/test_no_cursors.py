"""No page reads through a cursor of the server, which a pool in transaction mode cannot keep."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

import config.wsgi
from tests.accounts.signing_in import make_person, sign_in
from tests.articles.addresses import make_site

pytestmark = pytest.mark.django_db

READ_IN_CHUNKS = [
    "/terms/", "/sources/", "/accounts/sessions/", "/admin/articles/article/add/",
]  # fmt: skip


@pytest.mark.parametrize("pooled", [True, False])
def test_what_answers_requests_reads_at_once(
    monkeypatch: pytest.MonkeyPatch, client: Client, pooled: bool
) -> None:
    assert config.wsgi.application
    assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True
    make_site()
    make_person("owner", username="edith")
    assert sign_in(client, "edith").status_code == 302
    cursors = []
    make_cursor = connection.chunked_cursor

    def count() -> Any:
        cursors.append(1)
        return make_cursor()

    monkeypatch.setattr(connection, "chunked_cursor", count)
    if not pooled:
        monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", False)
    for address in READ_IN_CHUNKS:
        assert client.get(address).status_code == 200
    assert (len(cursors) == 0) is pooled, "and without that they would not"
