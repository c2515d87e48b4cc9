"""Mail that waited in an old backup was sent long ago; that of a site which moves goes along."""

import datetime
import re
from pathlib import Path

import pytest
import time_machine
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import cards, mail, related, renewal
from articles.accounts import notices
from articles.upkeep.backup import waiting_mail
from articles.upkeep.backup.backups import make_backup
from articles.upkeep.backup.restoring import restore


@pytest.fixture
def backup(site):
    """A backup in which a mail waits for its first try, one for its next, and one is under way."""
    DBTaskResult.objects.all().delete()
    letter = {"subject": "Hello", "body": "", "to": "a@example.org", "name": "<1@example.org>"}
    mail.send.enqueue(**letter)
    mail.send.using(run_after=timezone.now() + datetime.timedelta(days=1)).enqueue(**letter)
    notices.send_reset_link.enqueue(email="a@example.org")
    DBTaskResult.objects.filter(task_path=notices.send_reset_link.module_path).update(
        status=TaskResultStatus.RUNNING
    )
    mail.send.enqueue(**letter, tries=10)
    DBTaskResult.objects.order_by("enqueued_at").last().set_failed(RuntimeError("no"))
    cards.draw_all.enqueue()
    return make_backup()


def unfinished():
    done = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    tasks = DBTaskResult.objects.exclude(status__in=done)
    return sorted(tasks.values_list("task_path", flat=True))


def test_mail_of_an_old_backup_is_dropped_and_nothing_else(backup):
    said = []
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=True):
        restore(backup.path, say=said.append)
        assert unfinished() == [cards.draw_all.module_path]
        assert DBTaskResult.objects.failed().count() == 1
    assert "Mail that waited in it, which is older than a day, and was dropped: 3" in said


def test_mail_of_a_site_that_moves_goes_along(backup):
    before = unfinished()
    assert len(before) == 4
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=20), tick=True):
        restore(backup.path)
        assert unfinished() == before


def test_of_every_task_it_is_known_whether_it_writes_to_somebody():
    """One that is added has to be named here, and among those that are dropped if it does."""
    harmless = {
        cards.draw_card,
        cards.draw_all,
        related.relate_again,
        renewal.renew_outdated,
    }
    known = {task.module_path for task in {*harmless, *waiting_mail._TASKS}}
    found = set()
    for path in Path("articles").rglob("*.py"):
        for name in re.findall(r"^@task\b.*\ndef (\w+)", path.read_text(), re.MULTILINE):
            found.add(f"{'.'.join(path.with_suffix('').parts)}.{name}")
    assert found == known
