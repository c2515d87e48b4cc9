"""`/metrics`: who may read it, what it says, and what it never says."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from articles import cards
from articles.management import metrics_folder
from articles.models import Backup, Term
from articles.upkeep.tallies import tallies
from config import metrics
from config.pagecache import PageCache
from config.wsgi import application
from tests.articles.bridges import make_article
from tests.factories import make_comment
from tests.serving import sites

TOKEN = "a-token-of-tests-that-is-long"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(settings):
    """A client of a site that has a token; its handler is made anew, as at a start."""
    settings.METRICS_TOKEN = TOKEN
    yield Client()
    tallies.publish = lambda: None


def read(client):
    """What it says: the number by its name with labels."""
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(number) for name, number in pairs}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"bearer {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer é"},
        {"Cookie": f"Authorization=Bearer {TOKEN}"},
    ],
    ids=["none", "longer", "lower", "bare", "empty", "letters", "cookie"],
)
def test_without_the_token_there_is_no_such_page(client, headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 404
    assert "milepost_" not in answer.content.decode()


@pytest.mark.django_db
def test_a_site_without_a_token_has_no_such_page(settings):
    settings.METRICS_TOKEN = ""
    with pytest.raises(MiddlewareNotUsed):
        metrics.Metrics(lambda request: None)
    for headers in ({}, {"Authorization": "Bearer "}, BEARER):
        assert Client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.django_db
def test_it_is_kept_by_nobody_and_sets_no_cookie(client):
    answer = client.get("/metrics", headers={**BEARER, "Host": "10.0.0.7:8000"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert not answer.cookies
    assert client.post("/metrics", headers=BEARER).status_code != 200


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_class_of_answer(client):
    make_article()
    for _time in range(2):
        client.get("/articles/stone-bridges/")
    client.get("/not/there/")
    client.get("/articles/secret-words/")
    client.get("/admin/articles/article/")
    found = read(client)
    assert found['milepost_requests_total{status="2xx",view="articles:article"}'] == 2
    assert found['milepost_requests_total{status="4xx",view="articles:article"}'] == 1
    assert found['milepost_requests_total{status="4xx",view="none"}'] == 1
    assert found['milepost_requests_total{status="3xx",view="admin"}'] == 1
    assert found['milepost_request_seconds_count{view="articles:article"}'] == 3
    assert found['milepost_request_seconds_bucket{le="+Inf",view="articles:article"}'] == 3
    assert not [name for name in found if "secret" in name or "/" in name]


@pytest.mark.django_db
def test_what_waits_and_how_old_the_backup_is(client):
    article = make_article()
    make_comment(article, status="held")
    make_comment(article)
    before = read(client)
    assert before["milepost_comments_waiting"] == 1
    assert "milepost_backup_age_seconds" not in before
    with transaction.atomic():
        cards.draw_all.enqueue()
    Backup.objects.create(path="/b", host="h", size=1, version="1", reason="asked")
    after = read(client)
    assert after["milepost_tasks_waiting"] == before["milepost_tasks_waiting"] + 1
    assert 0 <= after["milepost_tasks_oldest_seconds"] < 60
    assert 0 <= after["milepost_backup_age_seconds"] < 60
    assert after["milepost_database_up"] == 1
    assert after["milepost_read_only"] == 0
    assert after["milepost_memory_bytes"] > 10_000_000
    assert any(re.match(r'milepost_build_info{python=".+",version=".+"}', name) for name in after)


@pytest.mark.django_db
def test_queries_that_fail_are_counted_but_for_what_is_foreseen(client):
    before = read(client)["milepost_database_errors_total"]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.bulk_create([Term(pk=1, name="a"), Term(pk=1, name="b")])
    assert read(client)["milepost_database_errors_total"] == before + 1


@pytest.mark.django_db
def test_without_its_database_the_rest_is_said(client, monkeypatch):
    def away():
        raise DatabaseError("gone")

    monkeypatch.setattr(metrics, "figures", away)
    found = read(client)
    assert found["milepost_database_up"] == 0
    assert "milepost_comments_waiting" not in found
    assert found["milepost_memory_bytes"] > 0


def test_a_hit_costs_one_addition_and_is_handed_on_now_and_then(monkeypatch):
    told = []
    monkeypatch.setattr(tallies, "publish", lambda: told.append(tallies.hits))
    monkeypatch.setattr(tallies, "hits", 0)
    cache = PageCache(application)
    page = object()
    monkeypatch.setattr(cache.kept, "fresh", lambda *_: page)
    monkeypatch.setattr("config.pagecache.answer", lambda found, *_: [found])
    environ = {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "",
        "PATH_INFO": "/",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
    }
    for _time in range(1000):
        assert cache(environ, None) == [page]
    assert tallies.hits == 1000
    assert told == [500, 1000]


def test_figures_of_a_process_that_is_gone_are_left_out(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    for pid in (process.pid, os.getpid()):
        (tmp_path / f"gauge_livesum_{pid}.db").touch()
    assert metrics.gone(tmp_path) == {process.pid}


@pytest.mark.parametrize("memory", [True, False], ids=["memory", "disk"])
def test_processes_share_a_folder_that_no_full_disk_reaches(
    memory, settings, tmp_path, monkeypatch
):
    place = tmp_path / "memory"
    if memory:
        place.mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(metrics_folder, "MEMORY", place)
    monkeypatch.setattr(metrics_folder.tempfile, "tempdir", str(tmp_path / "temporary"))
    settings.DATA_DIR, settings.METRICS_TOKEN = tmp_path, TOKEN
    # What one that was killed leaves.
    left = tmp_path / "left"
    left.mkdir()
    (tmp_path / ".metrics-8000").symlink_to(left)

    with metrics_folder.shared(8000):
        folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
        assert folder.is_dir()
        assert folder.parent == (place if memory else tmp_path / "temporary")
        assert (tmp_path / ".metrics-8000").readlink() == folder
        assert not left.exists()
    assert not folder.exists()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    assert not (tmp_path / ".metrics-8000").is_symlink()


def test_without_a_token_nothing_is_shared(settings, tmp_path):
    settings.DATA_DIR, settings.METRICS_TOKEN = tmp_path, ""
    with metrics_folder.shared(8000):
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_several_processes_answer_for_all(tmp_path):
    with sites() as start:
        site = start(
            tmp_path / "data",
            "--workers",
            "2",
            METRICS_TOKEN=TOKEN,
            # Asked by the machine itself, past the proxy.
            SITE_URL="https://example.org",
        ).ready()
        through_proxy = {"Host": "example.org", "X-Forwarded-Proto": "https"}
        page = urllib.request.Request(f"{site.address}/articles/?n=1", headers=through_proxy)
        for _time in range(30):
            # Each on a connection of its own, so that both processes get some.
            urllib.request.urlopen(page, timeout=30).read()
        request = urllib.request.Request(f"{site.address}/metrics", headers=BEARER)
        text = urllib.request.urlopen(request, timeout=30).read().decode()
        request = urllib.request.Request(f"{site.address}/metrics", headers=through_proxy)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(request, timeout=30)
        site.stop()
    counted = re.search(r'requests_total{status="2xx",view="articles:article_list"} (\S+)', text)
    assert counted
    assert float(counted[1]) == 30
    assert re.search(r"^milepost_processes [12]\.0$", text, re.MULTILINE)
