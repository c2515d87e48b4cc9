"""What the site keeps about one person, as one value to show them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult

from articles.accounts.sessions import NOTE, sessions_of
from articles.discussion.models import Comment
from articles.models import Revision, User
from articles.privacy.person_tasks import recipient
from articles.privacy.persons import Found


def export(found: Found) -> dict[str, Any]:
    """All of it as values that JSON has."""
    return {
        "accounts": [_account(user) for user in found.users],
        "comments": [_comment(comment) for comment in found.comments],
        "author_of_revisions": _revisions(Revision.objects.filter(pk__in=found.revisions)),
        "mails": [_mail(task, found.addresses) for task in found.tasks],
    }


def _mail(task: DBTaskResult, addresses: list[str]) -> dict[str, Any]:
    """A mail, or the request for one. The address of somebody else stays out of it."""
    to = recipient(task)
    is_own = to.casefold() in {address.casefold() for address in addresses}
    given = task.args_kwargs["kwargs"]
    return {
        "to": to if is_own else "",
        "subject": given.get("subject", ""),
        "body": given.get("body", ""),
        "task": task.task_path.rpartition(".")[2],
        "status": str(task.status),
        "written": task.enqueued_at.isoformat(),
    }


def _revisions(rows: QuerySet[Revision]) -> list[dict[str, Any]]:
    return [
        {
            "article": revision.article.title,
            "number": revision.number,
            "date": revision.created_at.isoformat(),
            "summary": revision.summary,
        }
        for revision in rows.select_related("article").defer("document").order_by("pk")
    ]


def _account(user: User) -> dict[str, Any]:
    entries = LogEntry.objects.filter(user=user).order_by("pk")
    return {
        "username": user.username,
        "public_name": user.public_name,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "slug": user.slug or "",
        "biography": user.biography,
        "website": user.website,
        "joined": user.date_joined.isoformat(),
        "last_sign_in": user.last_login.isoformat() if user.last_login else None,
        "active": user.is_active,
        "staff": user.is_staff,
        "owner": user.is_superuser,
        "roles": [group.name for group in user.groups.order_by("name")],
        "second_factors": sorted(_factors(user)),
        "articles": list(user.articles.order_by("pk").values_list("title", flat=True)),
        "revisions": _revisions(Revision.objects.filter(author=user)),
        "sessions": [
            {"until": session.expire_date.isoformat(), "begun": session.get_decoded().get(NOTE)}
            for session in sessions_of(user)
        ],
        "log": [
            {
                "date": entry.action_time.isoformat(),
                "what": entry.object_repr,
                "how": entry.get_change_message(),
            }
            for entry in entries
        ],
    }


def _factors(user: User) -> list[str]:
    """The kinds of second factor; what is in them are secrets."""
    return [str(each.get_type_display()) for each in Authenticator.objects.filter(user=user)]


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.pk,
        "article": comment.article.title,
        "date": comment.created_at.isoformat(),
        "name": comment.writer,
        "email": comment.email,
        "text": comment.body,
        "about": comment.about_name,
        "status": comment.status,
        "browser": comment.person,
        "network": comment.network,
    }
