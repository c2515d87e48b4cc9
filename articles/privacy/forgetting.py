"""Taking out of the site who somebody was."""

from __future__ import annotations

from dataclasses import replace

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles import document as documents
from articles import summaries
from articles.accounts.sessions import sessions_of
from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.models import Article, Revision, User
from articles.privacy.persons import GONE, Found


class LastOwner(Exception):
    """Nobody else could set up the site any more."""


@transaction.atomic
def would_refuse(found: Found) -> bool:
    """Whether `forget` would raise LastOwner."""
    return User.objects.would_lose_owners([user.pk for user in found.users])


@transaction.atomic
def forget(found: Found, *, texts: bool = False) -> int:
    """Take away who it was; with `texts` also what was said in the discussion.

    Comments stay without a name, so that answers to them can be understood, or leave a note that
    something stood there. Articles and revisions stay, without the person's name. Gives the number
    of mails that are being sent at this moment, which stay. Raises LastOwner before anything is
    changed.
    """
    if would_refuse(found):
        raise LastOwner
    _overwrite_what_is_deleted()
    keys = [comment.pk for comment in found.comments]
    if texts:
        moderation.delete(comments=keys)
    else:
        nobody = dict.fromkeys(("name", "email", "person", "network"), "")
        Comment.objects.filter(pk__in=keys).update(user=None, **nobody)
    for user in found.users:
        _forget_user(user)
    _forget_in_revisions(found.revisions)
    # What others did to an account names it.
    for entry in found.entries:
        LogEntry.objects.filter(pk=entry.pk).update(object_repr=f"{GONE}{entry.object_id}")
    about = [task.pk for task in (*found.tasks, *found.past_tasks)]
    tasks = DBTaskResult.objects.filter(pk__in=about)
    # A worker writes down what became of the one that it has.
    tasks.exclude(status=TaskResultStatus.RUNNING).delete()
    return tasks.count()


def _overwrite_what_is_deleted() -> None:
    """Leave nothing of it in free places of the file, as some builds of SQLite would."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _forget_user(user: User) -> None:
    """Leave a bare account without a name, which can never sign in: revisions still lead to it."""
    user.username = f"{GONE}{user.pk}"
    user.public_name = user.first_name = user.last_name = ""
    user.email = user.biography = user.website = ""
    user.slug = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    LogEntry.objects.filter(user=user).delete()
    Article.objects.filter(author=user).update(author=None)
    for session in sessions_of(user):
        session.delete()


def _forget_in_revisions(keys: list[int]) -> None:
    """Take the author's name out of what revisions say, and out of what they say that they changed.

    The one exception from revisions never changing: what they say of the subject stays.
    """
    touched = set()
    for revision in Revision.objects.filter(pk__in=keys).iterator(chunk_size=200):
        document = replace(revision.read(), author="")
        Revision.objects.filter(pk=revision.pk).update(
            document=documents.to_dict(document), content_hash=documents.content_hash(document)
        )
        touched.add(revision.article_id)
    # The next revision may say from whom the article went to another author.
    Revision.objects.filter(article__in=touched).update(changes=None)
    for article in Article.objects.filter(pk__in=touched):
        summaries.renew(article)
