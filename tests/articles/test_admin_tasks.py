"""What the task worker did is the owner's to read: mails that wait hold links to new passwords."""

import pytest
from django.contrib.auth.models import Permission
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles import mail
from tests.factories import make_user
from tests.mailing import IN_MEMORY

pytestmark = pytest.mark.django_db

TASKS = "/admin/django_tasks_database/dbtaskresult/"


@pytest.fixture
def waiting(settings):
    settings.MAILERS = IN_MEMORY
    mail.send_later(subject="A new password", body="/reset-password/1-key/", to=["a@example.org"])
    return DBTaskResult.objects.get()


def test_nobody_else_reads_them_whatever_they_may(client, waiting):
    editor = make_user("Editor")
    editor.user_permissions.add(Permission.objects.get(codename="view_dbtaskresult"))
    client.force_login(editor)
    for address in (TASKS, f"{TASKS}{waiting.pk}/change/"):
        assert client.get(address).status_code == 403
    assert TASKS not in client.get("/admin/").text


def test_the_owner_deletes_what_failed_and_not_what_waits(client, waiting):
    client.force_login(make_user("owner"))
    assert client.get(TASKS).status_code == 200
    address = f"{TASKS}{waiting.pk}/delete/"
    assert client.post(address, {"post": "yes"}).status_code == 403
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert not DBTaskResult.objects.exists()
