"""Finding what the site keeps about one person.

A person is found by addresses of e-mail or by names, and with them whatever their browser's
random number joins to that. Names are not unique: look at what was found before it is taken away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from articles.discussion.models import Comment
from articles.models import Article, Page, Revision, SiteSettings, User
from articles.privacy.person_tasks import past_tasks_naming, tasks_for

# Not to be mistaken for anybody: no name that readers see, and none that signs in.
GONE = "gone-"


@dataclass(frozen=True, slots=True)
class Found:
    """What there is about somebody.

    `names` are those of today and of before, `addresses` those of e-mail; `entries` are lines of
    the admin's log that tell of an account of theirs, `revisions` the keys of those whose author
    has one of the names, `tasks` mails and the like to them or about their comments, and
    `past_tasks` those that are over and only hold a name or an address of theirs.
    """

    names: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    entries: list[LogEntry] = field(default_factory=list)
    tasks: list[DBTaskResult] = field(default_factory=list)
    past_tasks: list[DBTaskResult] = field(default_factory=list)

    def __bool__(self) -> bool:
        named = self.revisions or self.entries or self.past_tasks
        return bool(self.users or self.comments or self.tasks or named)

    @property
    def browsers(self) -> list[str]:
        """The random numbers of the browsers that guests wrote from, in the order of comments."""
        return list(dict.fromkeys(row.person for row in self.comments if row.person))


def find(*texts: str) -> Found:
    """Everything about the person of these addresses of e-mail, user names or public names.

    What an account was called before is known from the admin's log, as far as that goes back.
    """
    given = {text.strip() for text in texts} - {""}
    if not given:
        return Found()
    accounts = _any(
        Q(email__iexact=text) | Q(username__iexact=text) | Q(public_name__iexact=text)
        for text in given
    )
    users = list(User.objects.filter(accounts).order_by("pk"))
    mailboxes = {user.email for user in users} - {""}
    written = (
        Q(user__in=users)
        | _any(Q(name__iexact=text, user=None) for text in given)
        # Also what they wrote as a guest.
        | _any(Q(email__iexact=address) for address in given | mailboxes)
    )
    rows = Comment.objects.exclude(status=Comment.Status.DELETED)
    browsers = set(rows.filter(written).exclude(person="").values_list("person", flat=True))
    found = rows.filter(written | Q(person__in=browsers)).select_related("article", "user")
    comments = list(found.order_by("pk"))
    names = {text for text in given if "@" not in text} | _names_of(users)
    addresses = (given - names) | mailboxes | {row.email for row in comments} - {""}
    tasks = tasks_for(addresses, [row.pk for row in comments])
    return Found(
        names=sorted(names),
        addresses=sorted(addresses),
        users=users,
        comments=comments,
        revisions=_revisions_by(names, users),
        entries=_entries_about(names, users),
        tasks=tasks,
        past_tasks=[task for task in past_tasks_naming(names | addresses) if task not in tasks],
    )


def find_browser(comment: int) -> Found:
    """What the browser left that wrote this comment; the comment alone when none is known of it."""
    rows = Comment.objects.exclude(status=Comment.Status.DELETED)
    first = rows.filter(pk=comment).first()
    if first is None:
        return Found()
    same = Q(person=first.person) if first.person else Q(pk=comment)
    comments = list(rows.filter(same).select_related("article", "user").order_by("pk"))
    addresses = {row.email for row in comments} - {""}
    tasks = tasks_for(addresses, [row.pk for row in comments])
    return Found(
        addresses=sorted(addresses),
        comments=comments,
        tasks=tasks,
        past_tasks=[task for task in past_tasks_naming(addresses) if task not in tasks],
    )


def unknown_authors(found: Found) -> list[str]:
    """Authors that revisions of the person's articles name, and that nobody here is called.

    One of them may be what the person was called before.
    """
    revisions = Revision.objects.filter(article__author__in=found.users)
    named = revisions.exclude(pk__in=found.revisions).values_list("document__author", flat=True)
    return sorted(name for name in set(named) if name and not User.objects.with_name(name))


def author_names(found: Found) -> dict[str, int]:
    """The names of authors in the revisions that were found, each with the number of them."""
    named = Revision.objects.filter(pk__in=found.revisions)
    return dict(sorted(Counter(named.values_list("document__author", flat=True)).items()))


def mentions(found: Found) -> dict[str, int]:
    """In how many texts of others one of the names or addresses stands, by where that is.

    What these say is for people to judge: nothing is taken out of them. Letters and digits around
    a name are not looked at, so there may be fewer.
    """
    words = [*found.names, *found.addresses]
    others = Comment.objects.exclude(pk__in=[row.pk for row in found.comments])
    site = SiteSettings.current()
    own = f"{site.name}\n{site.tagline}\n{site.introduction}\n{site.responsible}".casefold()
    counts = {
        "comments of others": others.filter(_any(Q(body__icontains=each) for each in words)),
        "summaries of revisions": Revision.objects.filter(
            _any(Q(summary__icontains=each) for each in words)
        ),
        "pages": Page.objects.filter(
            _any(Q(title__icontains=each) | Q(body__icontains=each) for each in words)
        ),
    }
    told = {name: rows.count() for name, rows in counts.items()}
    told["settings of the site"] = int(any(each.casefold() in own for each in words))
    return {name: count for name, count in told.items() if count}


def _any(conditions: Iterable[Q]) -> Q:
    """One of these conditions; of none nothing is true."""
    return reduce(or_, conditions, Q(pk__in=[]))


def _names_of(users: list[User]) -> set[str]:
    """Public names of today, and everything that the admin's log calls these accounts."""
    kind = ContentType.objects.get_for_model(User)
    about = LogEntry.objects.filter(
        content_type=kind, object_id__in=[str(user.pk) for user in users]
    )
    logged = set(about.values_list("object_repr", flat=True))
    return ({user.public_name for user in users} | logged) - {""}


def _revisions_by(names: set[str], users: list[User]) -> list[int]:
    """The keys of the revisions whose author is of one of these names.

    Where somebody else has the name too, only revisions of the person's articles are meant; and
    where it is only a user name, under which readers see nobody.
    """
    own = list(Article.objects.filter(author__in=users).values_list("pk", flat=True))
    others = User.objects.exclude(pk__in=[user.pk for user in users])
    signs_in = {user.username for user in users}
    # The log calls an account by its user name while it has no public one.
    public = _names_of(users) - signs_in | {user.public_name for user in users}
    hidden = {name.casefold() for name in signs_in} - {name.casefold() for name in public}
    meant = Q(pk__in=[])
    for name in names:
        by = Q(document__author__iexact=name)
        is_shared = others.filter(public_name__iexact=name).exists()
        meant |= by & Q(article__in=own) if is_shared or name.casefold() in hidden else by
    return list(Revision.objects.filter(meant).order_by("pk").values_list("pk", flat=True))


def _entries_about(names: set[str], users: list[User]) -> list[LogEntry]:
    """What the log says of these accounts, and of deleted ones that had one of these names."""
    kind = ContentType.objects.get_for_model(User)
    keys = {str(user.pk) for user in users}
    meant = Q(object_id__in=keys) | _any(Q(object_repr__iexact=name) for name in names)
    entries = LogEntry.objects.filter(content_type=kind).filter(meant).order_by("pk")
    told = {str(entry.object_id) for entry in entries} - keys
    others = {str(pk) for pk in User.objects.filter(pk__in=told).values_list("pk", flat=True)}
    return [entry for entry in entries if entry.object_id not in others]
