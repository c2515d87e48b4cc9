"""What the task worker has done and has to do, for the owner."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.tasks import TaskResultStatus
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from articles.admin.base import BaseAdmin

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(BaseAdmin, DBTaskResultAdmin):
    """The package's own page, on which hostile addresses are no error of ours either.

    For the owner alone, whatever permissions others have: mails that wait lie here, with the links
    to new passwords that are in them.
    """

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Only the owner may."""
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the owner may."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What failed and was seen, one by one; not what waits or runs."""
        is_over = obj is not None and obj.status in {
            TaskResultStatus.FAILED,
            TaskResultStatus.SUCCESSFUL,
        }
        return is_over and bool(request.user.is_superuser)
