"""The real site with two workers: pages are kept, and what another process writes is new."""

import http.client

import pytest

from tests.serving import PATIENCE, run, sites

pytestmark = pytest.mark.process

PAGE = "/articles/deep-learning/"
RENAME = (
    "from articles.models import SiteSettings; "
    "SiteSettings.objects.update_or_create(pk=1, defaults={'name': 'The Stone Book'})"
)
# Connections are spread over the workers by the numbers of their ports.
CONNECTIONS = 30


def ask(site, **headers):
    """The status, headers and bytes that a new connection gets."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    try:
        connection.request("GET", PAGE, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_a_write_of_another_process_is_seen_by_every_worker_at_once(tmp_path):
    data_dir = tmp_path / "data"
    with sites() as serve:
        site = serve(data_dir, "--workers", "2", LOG_LEVEL="info").ready()
        assert len(site.workers()) == 2
        first = {ask(site)[2] for _ in range(CONNECTIONS)}
        assert len(first) == 1
        assert b"The Stone Book" not in first.pop()
        tags = {ask(site)[1]["ETag"] for _ in range(CONNECTIONS)}
        assert len(tags) == 1
        tag = tags.pop()
        assert {ask(site, **{"If-None-Match": tag})[0] for _ in range(CONNECTIONS)} == {304}

        assert run(data_dir, "shell", "--no-imports", "-c", RENAME)[0] == 0

        assert {ask(site, **{"If-None-Match": tag})[0] for _ in range(CONNECTIONS)} == {200}
        second = {ask(site)[2] for _ in range(CONNECTIONS)}
        assert len(second) == 1
        assert b"The Stone Book" in second.pop()
        status, _rest, errors = site.stop()
    assert status == 0
    # Each worker made the page once before and once after; the task worker may have written, too.
    made = [line for line in errors.splitlines() if f"GET {PAGE} 200" in line]
    assert 2 <= len(made) <= 8, len(made)
