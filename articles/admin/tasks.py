"""What the task worker has done and has to do, for the owner."""

from __future__ import annotations

from django.contrib import admin
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from articles.admin.base import BaseAdmin

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(BaseAdmin, DBTaskResultAdmin):
    """The package's own page, on which hostile addresses are no error of ours either."""
