"""All checks together: in the shell, in the admin, and when one of them breaks."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.urls import reverse

from articles.upkeep.checks import database_checks, doctor, findings, service_checks, setting_checks
from articles.upkeep.checks.findings import Check, State, fine, look, wrong
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def ask(*arguments):
    """What the command prints, and its status."""
    output = StringIO()
    try:
        call_command("doctor", *arguments, stdout=output, no_color=True)
    except SystemExit as stopped:
        return output.getvalue(), stopped.code
    return output.getvalue(), 0


@pytest.fixture
def only(monkeypatch):
    """Have no checks but these."""

    def these(*checks):
        monkeypatch.setattr(doctor, "_checks", lambda **_: list(checks))

    return these


FINE = Check("one", "One", lambda: fine("It is fine."))
LOOK = Check("two", "Two", lambda: look("It may break.", "Watch it."))
WRONG = Check("three", "Three", lambda: wrong("It is broken.", "Mend it."))


def test_what_is_wrong_is_said_with_its_cure_and_by_the_status(only):
    only(FINE, LOOK, WRONG)
    output, status = ask()
    assert status == 1
    assert "  One: It is fine.\n" in output
    assert "? Two: It may break.\n    → Watch it.\n" in output
    assert "! Three: It is broken.\n    → Mend it.\n" in output
    assert output.endswith("2 fine, 1 to look at, 1 wrong\n")


def test_what_should_only_be_looked_at_is_status_0_and_quiet_leaves_out_the_rest(only):
    only(FINE, LOOK)
    output, status = ask("--quiet")
    assert status == 0
    assert output == "? Two: It may break.\n    → Watch it.\n2 fine, 1 to look at, 0 wrong\n"


def test_each_check_has_a_title_of_its_own_and_promises_no_more_than_it_knows():
    titles = [check.title for check in doctor._checks(outside=True, send_to="a@example.org")]
    assert len(set(titles)) == len(titles)
    # The database may be away, and then nobody can write.
    assert service_checks.writing().what == "The site is not read-only."


def test_programs_get_json(only):
    only(WRONG)
    output, status = ask("--json")
    assert status == 1
    assert json.loads(output)[0] == {
        "check": "three",
        "state": "wrong",
        "title": "Three",
        "what": "It is broken.",
        "how": "Mend it.",
    }


def test_a_check_that_breaks_hides_no_other_and_tells_no_secret(only, settings, caplog):
    def broken():
        raise ValueError(f"{settings.SECRET_KEY} of ann@example.org")

    only(Check("broken", "Broken", broken), LOOK)
    output, status = ask()
    assert status == 1
    assert "! Broken: This could not be looked at: ValueError: [secret] of [address]" in output
    assert "? Two: It may break." in output
    assert "The check broken of the doctor failed" in caplog.text


def test_without_the_database_the_rest_is_looked_at(monkeypatch, only):
    def away(_statement):
        raise OperationalError("gone")

    monkeypatch.setattr(database_checks, "_ask", away)
    only(FINE, Check("rows", "Rows", lambda: fine("x"), needs_database=True))
    output, status = ask()
    assert status == 1
    assert "  One: It is fine." in output
    assert "! Database: The database does not answer: gone" in output
    assert "? Not looked at: These checks need the database: Rows." in output


def test_the_real_checks_all_come_to_an_end_and_have_names_of_their_own():
    results = doctor.examine()
    names = [result.name for result in results]
    assert len(names) == len(set(names)) >= 25
    assert all(result.finding.what for result in results)
    assert all(result.finding.how for result in results if result.finding.state is not State.FINE)
    assert not [r for r in results if "could not be looked at" in r.finding.what]


def test_quick_ones_ask_no_other_machine():
    quick = {result.name for result in doctor.examine(slow=False)}
    assert quick.isdisjoint({"mail", "database_whole", "reached", "proxy", "sent"})


def test_network_and_mail_are_asked_only_on_demand(monkeypatch):
    asked = []

    def run(check, **_more):
        asked.append(check.name)
        return findings.Result(check.name, "", FINE.function())

    monkeypatch.setattr(findings, "run", run)
    doctor.examine()
    assert asked.count("proxy") == asked.count("sent") == 0
    doctor.examine(outside=True, send_to="ann@example.org")
    assert asked.count("proxy") == asked.count("sent") == 1


def test_an_address_that_is_none_is_refused():
    with pytest.raises(CommandError, match="“ann” is no address of mail"):
        ask("--send-to", "ann")


@pytest.fixture
def as_owner(client):
    client.force_login(make_user("owner"))
    return client


def test_superusers_see_it_in_the_admin_what_is_wrong_first(as_owner, only):
    only(FINE, LOOK, WRONG)
    page = as_owner.get(reverse("condition"))
    assert page.status_code == 200
    text = page.content.decode()
    places = [text.index(words) for words in ("It is broken.", "It may break.", "It is fine.")]
    assert places == sorted(places)
    assert "1 thing is wrong" in text
    assert "Mend it." in text
    assert "no-store" in page.headers["Cache-Control"]
    assert reverse("condition") in as_owner.get("/admin/").content.decode()


@pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
def test_others_do_not(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("condition")).status_code == 403
    assert reverse("condition") not in client.get("/admin/").content.decode()


def test_readers_are_asked_to_sign_in(client):
    assert client.get(reverse("condition")).status_code == 302
    assert client.post(reverse("condition")).status_code == 403


def test_the_admin_asks_other_machines_only_on_demand(as_owner, monkeypatch):
    asked = []
    monkeypatch.setattr("articles.admin.condition.examine", lambda **more: asked.append(more) or [])
    as_owner.get(reverse("condition"))
    as_owner.get(reverse("condition") + "?all")
    assert asked == [{"slow": False, "outside": False}, {"slow": True, "outside": True}]


def test_a_wrong_setting_is_found_by_the_whole(settings):
    settings.DEBUG = True
    found = {result.name: result.finding for result in doctor.examine(slow=False)}
    assert found["debug"] == setting_checks.debug()
    assert found["debug"].state is State.WRONG
