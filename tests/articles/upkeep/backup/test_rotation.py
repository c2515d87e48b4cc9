"""Old backups thin out; what is needed is never deleted, nor anything that is not ours."""

import datetime
import shutil

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Backup
from articles.upkeep.backup.backups import make_backup, record, rotate
from articles.upkeep.backup.rotation import KEPT_WHOLE, Keep, superfluous

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
    gone = superfluous(made, keep, NOW)
    kept = set(made) - gone
    assert gone <= set(made)
    if made:
        assert max(made) in kept
    assert not [time for time in gone if time > NOW - KEPT_WHOLE]
    old = {time for time in kept if time <= NOW - KEPT_WHOLE}
    assert len(old) <= keep.daily + keep.weekly + keep.monthly + 1
    assert superfluous(kept, keep, NOW) == set(), "a second time there is nothing to do"


@given(times, keeps, st.integers(1, 5))
def test_asking_for_more_never_deletes_more(made, keep, more):
    larger = Keep(keep.daily + more, keep.weekly, keep.monthly)
    assert superfluous(made, larger, NOW) <= superfluous(made, keep, NOW)


def test_only_old_files_of_this_site_are_deleted_with_their_rows(site, settings):
    made = {}
    for age in (40, 39, 1, 0):
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
            made[40].path,
            made[39].path,
            made[1].path,
        ]
    there = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    assert there == {made[0].path.name, others.path.name, named.name, copy.name}
    assert [row.path for row in Backup.objects.all()] == [str(made[0].path)]
