"""Old backups thin out; what is needed is never deleted, nor anything that is not ours."""

import datetime
import errno
import os
import shutil

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Backup
from articles.upkeep.backup import archive, thinning, verified
from articles.upkeep.backup.backups import last_good_backup, make_backup, record
from articles.upkeep.backup.rotation import FEWEST, KEPT_WHOLE, Keep, superfluous
from articles.upkeep.backup.thinning import rotate
from config import figures

UTC = datetime.UTC
NOW = datetime.datetime(2026, 6, 30, 12, tzinfo=UTC)
DAY = datetime.timedelta(days=1)

times = st.lists(
    st.integers(-200_000_000, 20_000_000).map(lambda s: NOW + datetime.timedelta(seconds=s)),
    max_size=60,
)
keeps = st.builds(Keep, st.integers(0, 9), st.integers(0, 9), st.integers(0, 15))


def test_a_backup_each_day_for_two_years_leaves_days_weeks_and_months():
    made = {NOW - number * DAY for number in range(730)}
    kept = made - superfluous(made, Keep(daily=7, weekly=4, monthly=12), NOW)
    assert [f"{time:%Y-%m-%d}" for time in sorted(kept, reverse=True)] == [
        *("2026-06-30", "2026-06-29", "2026-06-28", "2026-06-27", "2026-06-26"),
        *("2026-06-25", "2026-06-24", "2026-06-21", "2026-06-14"),
        *("2026-05-31", "2026-04-30", "2026-03-31", "2026-02-28", "2026-01-31"),
        *("2025-12-31", "2025-11-30", "2025-10-31", "2025-09-30", "2025-08-31", "2025-07-31"),
    ]


@given(times, keeps)
def test_the_newest_and_those_of_a_day_stay_and_the_number_is_bounded(made, keep):
    made = [*made, NOW - DAY]
    gone = superfluous(made, keep, NOW)
    kept = set(made) - gone
    assert gone <= set(made)
    assert not gone & set(sorted(time for time in made if time <= NOW)[-FEWEST:])
    assert not [time for time in gone if time > NOW - KEPT_WHOLE]
    old = {time for time in kept if time <= NOW - KEPT_WHOLE}
    assert len(old) <= keep.daily + keep.weekly + keep.monthly + FEWEST
    assert superfluous(kept, keep, NOW) == set(), "a second time there is nothing to do"


@given(times, keeps, st.integers(1, 5))
def test_asking_for_more_never_deletes_more(made, keep, more):
    larger = Keep(keep.daily + more, keep.weekly, keep.monthly)
    assert superfluous(made, larger, NOW) <= superfluous(made, keep, NOW)


@given(times, keeps)
def test_a_clock_that_is_set_back_or_jumps_ahead_costs_nothing(made, keep):
    past = {time for time in made if time <= NOW}
    assert superfluous(made, keep, NOW) == superfluous(past, keep, NOW)
    years_ahead = NOW + 4000 * DAY
    assert superfluous({*made, years_ahead}, keep, years_ahead) == set()


def test_only_old_files_of_this_site_are_deleted_with_their_rows(site, settings):
    made = {}
    for age in (41, 40, 39, 2, 1, 0):
        with time_machine.travel(NOW - age * DAY, tick=False):
            made[age] = make_backup()
            record(made[age])
    folder = site.backups
    # Another site that uses the same folder, a file with our name, and one with another.
    key, settings.SECRET_KEY = settings.SECRET_KEY, "the-key-of-another-site-long-enough"
    with time_machine.travel(NOW - 50 * DAY, tick=False):
        others = make_backup()
    settings.SECRET_KEY = key
    named = folder / "milepost-2020-01-01T000000Z.tar.gz"
    named.write_text("a note that somebody keeps here")
    copy = folder / "my own copy.tar.gz"
    shutil.copy(made[40].path, copy)
    with time_machine.travel(NOW, tick=False):
        assert rotate(folder, Keep(daily=1, weekly=1, monthly=0)) == [
            made[41].path,
            made[40].path,
            made[39].path,
        ]
    there = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    kept = [made[age].path for age in (0, 1, 2)]
    assert there == {*(path.name for path in kept), others.path.name, named.name, copy.name}
    assert [row.path for row in Backup.objects.all()] == [str(path) for path in kept]


# What is not whole any more -----------------------------------------------------------------------


@pytest.fixture
def five(site):
    """Backups of the last five days, the newest first; the rule keeps one more than the fewest."""
    made = []
    for age in (4, 3, 2, 1, 0):
        with time_machine.travel(NOW - age * DAY, tick=False):
            made.insert(0, make_backup().path)
    return made


def spoil(path, *, changed=1):
    """Another byte in the middle, and another time of change by that many seconds."""
    status = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns + changed * 10**9))


@time_machine.travel(NOW, tick=False)
def test_a_damaged_backup_takes_nobodys_place_and_is_left_and_named(five):
    folder = five[0].parent
    keep, said = Keep(daily=4, weekly=0, monthly=0), []
    spoil(five[0])
    assert rotate(folder, keep, said.append) == []
    assert len(said) == 1
    assert said[0].startswith(f"{five[0]} is no good backup any more")
    assert "damaged" in said[0]
    five[1].write_bytes(b"cut")
    assert rotate(folder, Keep(daily=0, weekly=0, monthly=0), said.append) == []
    assert {line.split()[0] for line in said[1:]} == {str(path) for path in five[:2]}
    assert all(path.exists() for path in five)


@time_machine.travel(NOW, tick=False)
def test_a_file_is_read_again_only_when_it_changed(five, monkeypatch):
    folder, read = five[0].parent, []
    reading = archive.read

    def remember(path, *arguments, **options):
        read.append(path)
        return reading(path, *arguments, **options)

    monkeypatch.setattr(archive, "read", remember)
    keep = Keep(daily=9)
    assert rotate(folder, keep) == []
    assert read == []
    # Copied back from elsewhere.
    five[1].touch()
    spoil(five[2])
    for _night in range(2):
        assert rotate(folder, keep) == []
        assert sorted(read) == sorted(five[1:3])
    # As an older version leaves them, which wrote nothing down.
    (folder / verified.NAME).unlink()
    rotate(folder, keep)
    assert len(read) == 7


def test_the_last_good_backup_is_one_that_has_not_changed(site):
    older, newer = make_backup(), make_backup()
    record(older)
    record(newer)
    assert last_good_backup().path == str(newer.path)
    spoil(newer.path)
    assert last_good_backup().path == str(older.path)
    (site.backups / verified.NAME).write_text("[]")
    assert last_good_backup().path == str(newer.path), "of which only the size is known"


def test_a_backup_from_the_future_is_not_the_last_good_one(site):
    with time_machine.travel(timezone.now() + 400 * DAY, tick=False):
        record(make_backup())
    assert last_good_backup() is None
    assert "backup_age_seconds" not in figures.figures()
    made = make_backup()
    record(made)
    assert last_good_backup().path == str(made.path)
    assert figures.figures()["backup_age_seconds"][1] < 3600


@time_machine.travel(NOW, tick=False)
def test_a_file_that_cannot_be_read_for_once_is_read_again_the_next_time(five, monkeypatch):
    folder, said = five[0].parent, []
    five[1].touch()
    with monkeypatch.context() as moment:

        def stale(*_arguments, **_options):
            raise OSError(errno.ESTALE, "Stale file handle")

        moment.setattr(thinning, "read_again", stale)
        assert rotate(folder, Keep(daily=9), said.append) == []
    assert said == [f"{five[1]} cannot be read, and is left: Stale file handle."]
    assert rotate(folder, Keep(daily=9), said.append) == []
    assert len(said) == 1
