"""While a restore is at work nothing is written, and no file goes, that no backup has."""

import pytest

from articles.models import Tag
from articles.upkeep import read_only
from articles.upkeep.backup import media, quiet, restoring
from articles.upkeep.backup.backups import make_backup
from articles.upkeep.backup.restoring import restore


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
