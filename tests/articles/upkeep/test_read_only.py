"""While the site is read-only everything can be read, and nothing is written."""

import datetime
import json
import os
from io import StringIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import cards
from articles.discussion.models import Comment
from articles.discussion.views import manage_address
from articles.management import task_worker
from articles.models import Article
from articles.upkeep import read_only
from articles.upkeep.backup import quiet
from articles.upkeep.checks import doctor
from articles.upkeep.outages import outage
from tests.articles.admin_forms import form_data
from tests.articles.bridges import make_article
from tests.factories import make_comment, make_user
from tests.html import parse

pytestmark = pytest.mark.django_db

FORM = "/articles/stone-bridges/discussion/new/"


@pytest.fixture
def switched_on():
    """The site as it is after `read_only --on`, to a process that answers requests."""
    before = read_only._enforced
    read_only.enforce()
    read_only.switch_on("The database moves.", timezone.now() + datetime.timedelta(minutes=10))
    yield
    read_only.switch_off()
    read_only._enforced = before


@pytest.fixture
def run(monkeypatch):
    """What the command prints."""
    monkeypatch.setattr(quiet, "SECONDS_TO_SETTLE", 0)

    def running(*arguments):
        output = StringIO()
        call_command("read_only", *arguments, stdout=output)
        return output.getvalue().strip()

    yield running
    read_only.switch_off()


def test_what_is_sent_comes_back_with_503(switched_on, client):
    article = make_article_before()
    answer = client.post(FORM, {"body": "The keystone is <b>older</b>.", "name": "Ann"})
    assert answer.status_code == 503
    assert 595 <= int(answer.headers["Retry-After"]) <= 600
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "The keystone is &lt;b&gt;older&lt;/b&gt;." in page
    assert "can only be read, until about" in page
    assert "<bdi>The database moves.</bdi>" in page
    assert not Comment.objects.filter(article=article).exists()


def test_a_form_that_htmx_sent_stays_as_it_is(switched_on, client):
    make_article_before()
    answer = client.post(FORM, {"body": "Hm."}, headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "find .problems-slot"
    assert "This was not saved; it stays here as you typed it." in answer.content.decode()


def test_an_editor_gets_every_text_back_by_name_and_can_send_it_again(switched_on, client):
    sent = {
        "title": "Arches",
        "sections-TOTAL_FORMS": "1",
        "sections-0-heading": "Thrust",
        "sections-0-body": "An arch carries its load.\r\n\r\nMasons knew.",
        "sections-__prefix__-level": "2",
        "csrfmiddlewaretoken": "x" * 64,
    }
    answer = client.post(
        "/admin/articles/article/1/change/", sent, headers={"origin": "http://testserver"}
    )
    page = parse(answer.content)
    assert page.one("textarea").text == (
        "Title: Arches Section 1, Heading: Thrust "
        "Section 1, Text: An arch carries its load. Masons knew."
    )
    del sent["sections-__prefix__-level"]
    assert form_data(answer, "") == sent | {"q": ""}
    assert "minute" not in answer.text
    assert "send it again from here when the site can be written to again" in answer.text
    assert not answer.cookies


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver:81", "http://testserver.evil"]
)
def test_what_another_site_had_somebody_send_is_not_shown(switched_on, client, origin):
    sent = {"title": "Words of theirs", "csrfmiddlewaretoken": "x" * 64}
    page = client.post("/admin/articles/article/1/change/", sent, headers={"origin": origin})
    assert page.status_code == 503
    assert "Words of theirs" not in page.text
    assert "Send again" not in page.text


def test_what_shows_who_somebody_is_is_not_said_again(switched_on, client):
    sent = {"login": "ann", "password": "correct horse", "code": "123456"}
    page = client.post("/accounts/sign-in/", sent, headers={"origin": "http://testserver"})
    assert "ann" not in parse(page.content).one("main").text.split()
    assert "correct horse" not in page.text
    assert "123456" not in page.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_unsafe_method_is_refused_everywhere(switched_on, client, method):
    for address in ("/", "/accounts/sign-in/", "/admin/", "/not/there/"):
        answer = getattr(client, method)(address)
        assert answer.status_code == 503, (method, address)
        assert not answer.cookies


def test_reading_goes_on(switched_on, client):
    make_article_before()
    for address in ("/", "/articles/stone-bridges/", "/search/?q=bridge", "/timeline/"):
        assert client.get(address).status_code == 200


def test_where_a_form_would_be_stands_why_there_is_none(switched_on, client):
    article = make_article_before()
    page = client.get(FORM).content.decode()
    assert "can only be read, until about" in page
    assert "<textarea" not in page
    comment = without_refusal(make_comment, article)
    page = client.get(manage_address(comment)).content.decode()
    assert "can only be read" in page
    assert "Withdraw" not in page
    assert "can only be read" in client.get(reverse("account_login")).content.decode()


def test_the_admin_says_since_when(switched_on):
    client = Client()
    without_refusal(client.force_login, without_refusal(make_user, "owner"))
    page = client.get("/admin/").content.decode()
    assert "Nothing can be saved since" in page


def test_pages_that_caches_keep_say_nothing_of_it(switched_on, client):
    make_article_before()
    for address in ("/", "/articles/stone-bridges/", "/articles/"):
        answer = client.get(address)
        assert "public" in answer.headers["Cache-Control"]
        assert "can only be read" not in answer.content.decode()


def test_the_database_refuses_what_a_request_would_write(switched_on):
    with pytest.raises(read_only.SiteIsReadOnlyError) as caught, transaction.atomic():
        Article.objects.update(title="Nothing")
    assert outage(caught.value) == "read-only"
    with pytest.raises(read_only.SiteIsReadOnlyError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
    # A page that writes although it was only asked for.
    assert Article.objects.count() == 0


@pytest.mark.parametrize("address", ["app/", "passkeys/new/"])
def test_a_page_that_writes_into_the_session_says_when_to_come_again(
    switched_on, client, monkeypatch, address
):
    with monkeypatch.context() as before:
        before.setattr(read_only, "_enforced", False)
        client.force_login(make_user("owner"))
    response = client.get(f"/accounts/{address}")
    assert response.status_code == 503
    assert "The database moves." in response.content.decode()


def test_a_command_may_write(switched_on):
    read_only._enforced = False
    assert make_article(title="Arches").pk


def test_readers_may_be_sent_to_a_site_that_is_read_only(switched_on, client):
    answer = client.get("/readyz")
    assert answer.json()["writing"] == "read-only"
    read_only.switch_off()
    assert "writing" not in client.get("/readyz").json()


def test_the_doctor_says_since_when_and_why(switched_on):
    found = {result.name: result.finding for result in doctor.examine(slow=False)}
    assert found["writing"].state == "look"
    assert "The database moves." in found["writing"].what
    assert "--off" in found["writing"].how


def test_tasks_wait(monkeypatch):
    """The worker's loop, of which one turn is run."""
    monkeypatch.setattr(read_only, "_enforced", False)
    read_only.switch_on()
    try:
        with transaction.atomic():
            cards.draw_all.enqueue()
        waiting = DBTaskResult.objects.ready().count()
        assert waiting
        looks = iter([([], [], []), ([0], [], [])])
        monkeypatch.setattr(task_worker.select, "select", lambda *_: next(looks))
        monkeypatch.setattr(task_worker.signal, "signal", lambda *_: None)
        task_worker.work(os.getppid())
        assert DBTaskResult.objects.ready().count() == waiting
    finally:
        read_only.switch_off()


def test_the_command_switches_and_says_how_it_stands(run):
    assert run("--status") == "People can write."
    with time_machine.travel("2026-05-01 10:00:00+00:00", tick=False):
        said = run("--on", "--reason", "The  disk is\nchanged.", "--until", "2h")
    assert said == (
        "Read-only since 2026-05-01 10:00 UTC, until about 2026-05-01 12:00 UTC "
        "(The disk is changed.)."
    )
    # A second time changes what people are told, and not since when.
    assert run("--on").startswith("Read-only since 2026-05-01 10:00 UTC.")
    assert run("--status") == "Read-only since 2026-05-01 10:00 UTC."
    assert run("--off") == "People can write."
    assert run("--off") == "The site was not read-only.\nPeople can write."


@pytest.mark.parametrize("text", ["yesterday", "2020-01-01 10:00", "2026-02-31 10:00", "0m", "h"])
def test_a_time_that_is_none_to_come_is_refused(run, text):
    with pytest.raises(CommandError, match="no time to come"):
        run("--on", "--until", text)
    assert read_only.current() is None


def test_a_file_that_somebody_made_by_hand_is_the_switch_as_well():
    read_only.path().touch()
    try:
        assert read_only.current().reason == ""
        assert read_only.current().seconds_to_retry == 300
    finally:
        read_only.switch_off()
    assert read_only.current() is None


def test_other_hosts_hear_of_it_by_the_cache(monkeypatch):
    monkeypatch.setattr(read_only, "is_shared", lambda: True)
    monkeypatch.setattr(read_only, "_shared", (-10.0, None))
    state = read_only.ReadOnly(timezone.now(), "Elsewhere.", None)
    cache.set(read_only.KEY, state.as_json(), None)
    try:
        assert read_only.current() == state
        # While the cache is away, what it said last counts.
        monkeypatch.setattr(read_only, "_shared", (-10.0, json.dumps({"no": "detail"})))
        monkeypatch.setattr(read_only.cache, "get", lambda _key: 1 / 0)
        assert read_only.current() is not None
    finally:
        monkeypatch.undo()
        cache.delete(read_only.KEY)


def without_refusal(function, *arguments):
    """What a command would do meanwhile."""
    read_only._enforced = False
    try:
        return function(*arguments)
    finally:
        read_only.enforce()


def make_article_before():
    return without_refusal(make_article)
