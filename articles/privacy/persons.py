"""What the site keeps about one person: shown as one value, and taken away.

A person is found by an address of e-mail or by a name, and with them whatever their browser's
random number joins to that. Names are not unique: look at what was found before it is taken away.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from articles import document as documents
from articles import mail, summaries
from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.models import Article, Revision, User

# Not to be mistaken for anybody: no name that readers see, and none that signs in.
GONE = "gone-"


class LastOwner(Exception):
    """Nobody else could set up the site any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is about somebody: accounts, comments, mails that wait or were sent."""

    users: list[User] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    mails: list[DBTaskResult] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.users or self.comments or self.mails)

    @property
    def browsers(self) -> list[str]:
        """The random numbers of the browsers that guests wrote from, in the order of comments."""
        return list(dict.fromkeys(row.person for row in self.comments if row.person))


def find(text: str) -> Found:
    """Everything about the person of this address of e-mail, user name or public name."""
    text = text.strip()
    if not text:
        return Found()
    accounts = Q(email__iexact=text) | Q(username__iexact=text) | Q(public_name__iexact=text)
    users = list(User.objects.filter(accounts).order_by("pk"))
    written = Q(name__iexact=text, user=None) | Q(email__iexact=text) | Q(user__in=users)
    rows = Comment.objects.exclude(status=Comment.Status.DELETED)
    browsers = set(rows.filter(written).exclude(person="").values_list("person", flat=True))
    comments = rows.filter(written | Q(person__in=browsers)).select_related("article", "user")
    addresses = {text, *(user.email for user in users)} | {row.email for row in comments}
    return Found(users, list(comments.order_by("pk")), _mails_to(addresses - {""}))


def find_browser(comment: int) -> Found:
    """What the browser left that wrote this comment; the comment alone when none is known of it."""
    rows = Comment.objects.exclude(status=Comment.Status.DELETED)
    first = rows.filter(pk=comment).first()
    if first is None:
        return Found()
    same = Q(person=first.person) if first.person else Q(pk=comment)
    comments = list(rows.filter(same).select_related("article", "user").order_by("pk"))
    return Found([], comments, _mails_to({row.email for row in comments} - {""}))


def _mails_to(addresses: set[str]) -> list[DBTaskResult]:
    folded = {address.casefold() for address in addresses if "@" in address}
    if not folded:
        return []
    tasks = DBTaskResult.objects.filter(task_path=mail.send.module_path).order_by("enqueued_at")
    return [task for task in tasks.iterator(chunk_size=500) if _recipient(task) in folded]


def _recipient(task: DBTaskResult) -> str:
    return str(task.args_kwargs["kwargs"].get("to", "")).casefold()


# Showing ------------------------------------------------------------------------------------------


def export(found: Found) -> dict[str, Any]:
    """All of it as values that JSON has."""
    return {
        "accounts": [_account(user) for user in found.users],
        "comments": [_comment(comment) for comment in found.comments],
        "mails": [
            {
                "to": task.args_kwargs["kwargs"].get("to", ""),
                "subject": task.args_kwargs["kwargs"].get("subject", ""),
                "body": task.args_kwargs["kwargs"].get("body", ""),
                "status": str(task.status),
                "written": task.enqueued_at.isoformat(),
            }
            for task in found.mails
        ],
    }


def _account(user: User) -> dict[str, Any]:
    revisions = Revision.objects.filter(author=user).select_related("article").order_by("pk")
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
        "revisions": [
            {
                "article": revision.article.title,
                "number": revision.number,
                "date": revision.created_at.isoformat(),
                "summary": revision.summary,
            }
            for revision in revisions
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


# Taking away --------------------------------------------------------------------------------------


@transaction.atomic
def forget(found: Found, *, texts: bool = False) -> None:
    """Take away who it was; with `texts` also what was said in the discussion.

    Comments stay without a name, so that answers to them can be understood, or leave a note that
    something stood there. Articles and revisions stay, without the person's name. Raises LastOwner
    before anything is changed.
    """
    _check_owners(found.users)
    keys = [comment.pk for comment in found.comments]
    if texts:
        moderation.delete(comments=keys)
    else:
        nobody = dict.fromkeys(("name", "email", "person", "network"), "")
        Comment.objects.filter(pk__in=keys).update(user=None, **nobody)
    for user in found.users:
        _forget_user(user)
    DBTaskResult.objects.filter(pk__in=[task.pk for task in found.mails]).delete()


def _check_owners(users: list[User]) -> None:
    if User.objects.would_lose_owners([user.pk for user in users]):
        raise LastOwner


def _forget_user(user: User) -> None:
    """Leave a bare account without a name, which can never sign in: revisions still lead to it."""
    name = user.public_name
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
    # What others did to the account names it.
    kind = ContentType.objects.get_for_model(User)
    about = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk))
    about.update(object_repr=user.username)
    _end_sessions(user)
    _forget_author(user, name)


def _end_sessions(user: User) -> None:
    for session in Session.objects.iterator(chunk_size=500):
        if str(session.get_decoded().get("_auth_user_id")) == str(user.pk):
            session.delete()


def _forget_author(user: User, name: str) -> None:
    """Take the name out of articles, and out of what their revisions say and say that they changed.

    The one exception from revisions never changing: what they say of the subject stays. Where
    another author has the same name, only revisions of this one's articles are meant.
    """
    own = list(Article.objects.filter(author=user).values_list("pk", flat=True))
    Article.objects.filter(pk__in=own).update(author=None)
    if not name:
        return
    revisions = Revision.objects.filter(document__author=name)
    if User.objects.with_name(name):
        revisions = revisions.filter(article__in=own)
    touched = set()
    for revision in revisions.iterator(chunk_size=200):
        document = replace(revision.read(), author="")
        Revision.objects.filter(pk=revision.pk).update(
            document=documents.to_dict(document), content_hash=documents.content_hash(document)
        )
        touched.add(revision.article_id)
    # The next revision may say from whom the article went to another author.
    Revision.objects.filter(article__in=touched).update(changes=None)
    for article in Article.objects.filter(pk__in=touched):
        summaries.renew(article)
