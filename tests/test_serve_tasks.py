"""The task worker beside the real site: sends mail, comes back when it dies, is no orphan."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.serving import PATIENCE, eventually, run, sites, start

pytestmark = pytest.mark.process

WRITE = (
    "from articles.mail import send_later;"
    "print(send_later(subject='A reply', body='Hello', to=['ann@example.org']))"
)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """The data of a site that was started once; each test starts it again, which is quick."""
    data_dir = tmp_path_factory.mktemp("tasks") / "data"
    with sites() as serve:
        assert serve(data_dir, "--no-sample", "--no-worker").ready().stop() == (0, [], "")
    return data_dir


@pytest.fixture
def serve():
    with sites() as starting:
        yield starting


@pytest.fixture
def mail_url(tmp_path):
    return f"file://{tmp_path / 'mail'}"


def write_mail(data_dir, mail_url):
    """Have a command of the site write one mail."""
    done = run(data_dir, "shell", "--no-imports", "-c", WRITE, EMAIL_URL=mail_url)
    assert done == (0, "True\n", "")


def mails(tmp_path):
    return [file.read_text() for file in (tmp_path / "mail").iterdir()]


def gone(pid):
    return not Path(f"/proc/{pid}").exists()


def test_mail_leaves_by_itself_also_what_was_written_while_the_site_was_down(
    serve, data_dir, tmp_path, mail_url
):
    write_mail(data_dir, mail_url)
    site = serve(data_dir, "--workers", "2", EMAIL_URL=mail_url, LOG_LEVEL="info").ready()
    [task_worker] = site.task_workers()
    assert len(site.workers()) == 2
    assert eventually(lambda: len(mails(tmp_path)) == 1)
    write_mail(data_dir, mail_url)
    assert eventually(lambda: len(mails(tmp_path)) == 2)
    assert all("Subject: A reply" in text for text in mails(tmp_path))
    status, rest, errors = site.stop()
    assert (status, rest) == (0, [])
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [line["message"][-9:] for line in lines if line["logger"] == "articles.mail"] == [
        "was sent.",
        "was sent.",
    ]
    assert gone(task_worker)


def test_mail_waits_where_no_worker_runs_and_db_worker_sends_it(
    serve, data_dir, tmp_path, mail_url
):
    site = serve(data_dir, "--no-worker", EMAIL_URL=mail_url).ready()
    assert site.task_workers() == []
    assert len(site.workers()) == 1
    write_mail(data_dir, mail_url)
    assert mails(tmp_path) == []
    status, _output, _errors = run(data_dir, "db_worker", "--batch", EMAIL_URL=mail_url)
    assert status == 0
    assert len(mails(tmp_path)) == 1
    assert site.stop() == (0, [], "")


@pytest.mark.parametrize("group", [False, True], ids=["parent", "group"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_no_process_and_takes_no_time(serve, data_dir, number, group):
    site = serve(data_dir).ready()
    children = list(site.children())
    assert len(children) == 2
    started = time.monotonic()
    assert site.stop(number, group=group) == (0, [], "")
    assert time.monotonic() - started < 4
    assert all(gone(pid) for pid in children)


def test_every_process_may_be_told_to_stop_at_once_as_systemd_does(serve, data_dir):
    site = serve(data_dir).ready()
    children = list(site.children())
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    assert site.stop() == (0, [], "")
    assert all(gone(pid) for pid in children)


def test_a_task_worker_that_dies_is_replaced_by_one_that_works(serve, data_dir, tmp_path, mail_url):
    site = serve(data_dir, EMAIL_URL=mail_url).ready()
    [first] = site.task_workers()
    [web] = site.workers()
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: site.task_workers() not in ([], [first]))
    [second] = site.task_workers()
    write_mail(data_dir, mail_url)
    assert eventually(lambda: len(mails(tmp_path)) == 1)
    assert site.workers() == [web]
    status, rest, errors = site.stop()
    assert (status, rest) == (0, [])
    assert "The task worker ended (status -9) and is started again." in errors
    assert gone(second)


def test_no_task_worker_outlives_a_parent_that_is_killed(serve, data_dir):
    site = serve(data_dir).ready()
    children = list(site.children())
    site.process.kill()
    site.process.wait()
    assert eventually(lambda: all(gone(pid) for pid in children))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_by_itself_sends_what_waits_and_stops_when_told(
    data_dir, tmp_path, mail_url, number
):
    write_mail(data_dir, mail_url)
    worker = start(data_dir, "worker", EMAIL_URL=mail_url)
    try:
        assert worker.stdout.readline() == "Milepost's task worker is ready (Ctrl-C stops it)\n"
        assert eventually(lambda: (tmp_path / "mail").exists() and mails(tmp_path))
        # As from a terminal, to the whole group.
        os.killpg(worker.pid, number)
        assert (worker.wait(timeout=PATIENCE), *worker.communicate()) == (0, "", "")
    finally:
        worker.kill()
        worker.wait()
