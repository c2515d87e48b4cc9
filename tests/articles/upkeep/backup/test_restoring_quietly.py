"""While a restore is at work nothing is written, and no file goes, that no backup has."""

import signal
from contextlib import contextmanager

import pytest
from django.core.management import call_command

from articles.management import task_worker
from articles.management.commands import restore_backup
from articles.models import Tag
from articles.upkeep import read_only
from articles.upkeep.backup import media, quiet, restoring
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import make_backup
from articles.upkeep.backup.locks import alone
from articles.upkeep.backup.restoring import restore
from articles.upkeep.checks import service_checks
from articles.upkeep.checks.findings import State


def test_what_is_uploaded_after_the_backup_of_what_is_there_stays(site, monkeypatch):
    made = make_backup()
    (site.media / "known.txt").write_text("in the safety backup")
    making = restoring.make_backup

    def make_and_upload(**options):
        done = making(**options)
        (site.media / "late.txt").write_text("in no backup")
        return done

    monkeypatch.setattr(restoring, "make_backup", make_and_upload)
    assert restore(made.path).deleted == 1
    assert sorted(dict(media.files(site.media))) == [
        "cards/a.png",
        "late.txt",
        "ünïcode name.txt",
    ]


def test_nothing_is_written_from_the_backup_of_what_is_there_to_the_end(site, monkeypatch):
    made = make_backup()
    refused = []

    def refusing(function):
        def then(*arguments, **options):
            monkeypatch.setattr(read_only, "_enforced", True)
            try:
                Tag.objects.create(name="late", slug="late")
            except read_only.SiteIsReadOnlyError:
                refused.append(function.__name__)
            monkeypatch.setattr(read_only, "_enforced", False)
            return function(*arguments, **options)

        return then

    for name in ("make_backup", "_exchange"):
        monkeypatch.setattr(restoring, name, refusing(getattr(restoring, name)))
    restore(made.path)
    assert refused == ["make_backup", "_exchange"]
    assert read_only.current() is None
    monkeypatch.setattr(restoring, "_exchange", lambda *_arguments, **_options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(made.path)
    assert read_only.current() is None


def test_a_site_that_somebody_made_read_only_stays_so(site, monkeypatch):
    made = make_backup()
    before = read_only.switch_on("The database moves.")
    restore(made.path)
    assert read_only.current() == before
    read_only.switch_off()
    # Or does so meanwhile.
    making = restoring.make_backup
    monkeypatch.setattr(
        restoring, "make_backup", lambda **o: (making(**o), read_only.switch_on("Wait."))[0]
    )
    restore(made.path)
    assert read_only.current().reason == "Wait."


def test_a_start_after_a_restore_that_was_killed_lets_people_write_again(site):
    with quiet.nothing_written():
        killed = read_only.path().read_text()
    read_only.path().write_text(killed)
    assert read_only.current()
    said = []
    quiet.finish_interrupted(said.append)
    assert read_only.current() is None
    assert said == ["A restore was cut off; people can write again"]
    read_only.switch_on()
    quiet.finish_interrupted(said.append)
    assert read_only.current(), "what a person switched on is left alone"
    assert len(said) == 1


def test_so_does_a_worker_where_no_site_is_served(site, monkeypatch, capsys):
    with quiet.nothing_written():
        killed = read_only.path().read_text()
    read_only.path().write_text(killed)
    at_work = []
    monkeypatch.setattr(task_worker, "work", lambda _parent: at_work.append(read_only.current()))
    call_command("worker", skip_checks=True)
    assert at_work == [None]
    assert capsys.readouterr().out.splitlines() == [
        "A restore was cut off; people can write again",
        "Milepost's task worker is ready (Ctrl-C stops it)",
    ]


def test_where_the_switch_cannot_be_told_the_restore_says_so_and_goes_on(site, monkeypatch):
    made = make_backup()
    said = []

    def away(*_arguments):
        raise OSError("Connection refused")

    monkeypatch.setattr(read_only, "is_shared", lambda: True)
    monkeypatch.setattr(read_only.cache, "set", away)
    restore(made.path, say=said.append)
    assert [line for line in said if "Connection refused" in line]
    monkeypatch.undo()
    assert read_only.current() is None


def test_cut_off_while_it_switches_on_people_can_write_again(site, monkeypatch):
    def cut_off(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(read_only, "is_shared", lambda: True)
    monkeypatch.setattr(read_only.cache, "set", cut_off)
    with pytest.raises(KeyboardInterrupt), quiet.nothing_written():
        pytest.fail("it was not switched on")
    assert read_only.current() is None


def test_the_doctor_says_that_a_restore_was_cut_off(site):
    with alone(), quiet.nothing_written():
        killed = read_only.path().read_text()
        at_work = service_checks.writing()
    assert at_work.state is State.LOOK
    read_only.path().write_text(killed)
    found = service_checks.writing()
    assert found.state is State.WRONG
    assert found.what.startswith("A restore was cut off, and the site is read-only since ")
    assert found.how == "Start the site again, or run: manage.py read_only --off"
    read_only.switch_on()
    assert service_checks.writing().state is State.LOOK


@pytest.fixture
def hosts(site, settings, monkeypatch, tmp_path):
    """A function that goes over to another host of this site for a block."""

    @contextmanager
    def other():
        before, settings.DATA_DIR = settings.DATA_DIR, tmp_path / "other"
        settings.DATA_DIR.mkdir(exist_ok=True)
        yield
        settings.DATA_DIR = before

    monkeypatch.setattr(read_only, "is_shared", lambda: True)
    monkeypatch.setattr(read_only, "SECONDS_BETWEEN_LOOKS", 0)
    yield other
    read_only.cache.delete(read_only.KEY)


def test_while_one_host_restores_no_other_does(site, hosts):
    made = make_backup()
    with quiet.nothing_written():
        with hosts(), pytest.raises(BackupError, match="Another host of this site restores"):
            restore(made.path)
        assert read_only.told_to_all() == read_only.of_this_host(), "it goes on"
    with hosts():
        assert read_only.current() is None
        restore(made.path)


def test_of_two_hosts_that_begin_at_the_same_moment_the_first_gives_way(site, hosts, monkeypatch):
    def settle(_say):
        with hosts():
            read_only.switch_on(restoring=True)

    monkeypatch.setattr(quiet, "settle", settle)
    with pytest.raises(BackupError, match="Another host"), quiet.nothing_written():
        pytest.fail("two restores at once")
    assert read_only.of_this_host() is None
    with hosts():
        assert read_only.told_to_all() == read_only.of_this_host() is not None


def test_what_a_person_said_on_another_host_meanwhile_stays(site, hosts):
    with quiet.nothing_written(), hosts():
        read_only.switch_on("The database moves.")
    assert read_only.of_this_host() is None
    assert read_only.current().reason == "The database moves."


def test_a_restore_that_was_killed_here_does_not_hinder_the_next(site, hosts):
    made = make_backup()
    with quiet.nothing_written():
        killed = read_only.path().read_text()
    read_only.path().write_text(killed)
    read_only.cache.set(read_only.KEY, killed, None)
    restore(made.path)
    assert read_only.current() is read_only.told_to_all() is None


@pytest.fixture
def signals():
    """The way that signals are heard is what it was, afterwards."""
    before = {number: signal.getsignal(number) for number in restore_backup.ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", restore_backup.ENDING)
def test_a_restore_whose_terminal_is_lost_is_undone(signals, monkeypatch, number):
    def told(*_arguments, **_options):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        # Once more, while that is undone.
        for again in restore_backup.ENDING:
            signal.raise_signal(again)
        raise KeyboardInterrupt

    monkeypatch.setattr(restore_backup, "restore", told)
    signal.signal(number, signal.SIG_DFL)
    with pytest.raises(KeyboardInterrupt):
        call_command("restore_backup", "a.tar.gz", yes=True)


def test_a_restore_under_nohup_goes_on_without_a_terminal(signals, monkeypatch):
    def told(*_arguments, **_options):
        signal.raise_signal(signal.SIGHUP)
        raise ZeroDivisionError

    monkeypatch.setattr(restore_backup, "restore", told)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with pytest.raises(ZeroDivisionError):
        call_command("restore_backup", "a.tar.gz", yes=True)
