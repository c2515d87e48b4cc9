"""What is done inside a site, by `manage.py shell`: filling it, and judging its rows at the end.

Everything comes and goes as JSON; `ask` of `running.py` calls it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import mail, store
from articles.derived import refresh
from articles.discussion.models import Comment, step
from articles.document import to_dict
from articles.models import Article, Citation, RenderedArticle, Revision, SiteSettings, TermUse
from articles.search.models import DERIVED, SearchDocument
from tests.factories import make_article, make_user
from tests.withstand.staging import session_of

ROLES = ("owner", "Editor", "Writer", "Moderator")


def prepare(*, hold: str, mails: int = 0, articles: int = 2) -> dict[str, Any]:
    """Open the discussion, add articles and mails that wait; sessions and keys to work with."""
    changed = {"hold_comments": hold, "form_seconds": 0, "comments_per_person": 1000}
    SiteSettings.objects.update_or_create(
        pk=1, defaults={**changed, "comments_per_network": 10_000}
    )
    made = [make_article(title=f"Withstood {n}", live=True) for n in range(articles)]
    send_mails(first=0, count=mails)
    people = {role: make_user(role, email=f"{role.lower()}@site.test") for role in ROLES}
    return {
        "sessions": {role: session_of(person) for role, person in people.items()},
        "articles": {article.slug: article.pk for article in made},
    }


def backdate(*, years: int, but: str, days_ahead: int) -> None:
    """As if everything had been published years ago, but one article that is to come."""
    now = timezone.now()
    Article.objects.update(published_at=now - timedelta(days=365 * years))
    Article.objects.filter(slug=but).update(published_at=now + timedelta(days=days_ahead))
    Comment.objects.update(created_at=now - timedelta(days=1), email="guest@site.test")


def kept_of_people() -> dict[str, int]:
    """How many addresses and hashes of guests are kept."""
    return {
        "emails": Comment.objects.exclude(email="").count(),
        "networks": Comment.objects.exclude(network="").count(),
    }


def send_mails(*, first: int, count: int) -> None:
    """Write down so many mails, all in one transaction."""
    with transaction.atomic():
        for number in range(first, first + count):
            mail.send_later(subject=f"Mail {number}", body="Once.", to=[f"m{number}@site.test"])


def comments() -> list[dict[str, Any]]:
    """All comments, with what is wrong with the place and the HTML of each."""
    return [
        {
            "body": comment.body,
            "status": comment.status,
            "pk": comment.pk,
            "whole": comment.path
            == (parent.path if (parent := comment.parent) else "") + step(comment.pk)
            and comment.root_id == (parent.root_id if parent else comment.pk)
            and bool(comment.html),
        }
        for comment in Comment.objects.order_by("pk").select_related("parent")
    ]


def revisions(*, article: int) -> list[str]:
    """The short answers of all revisions of an article, the first one first."""
    found = Revision.objects.filter(article=article).order_by("number")
    return [revision.read().short_answer for revision in found]


def site() -> dict[str, Any]:
    """The settings of the site."""
    return model_to_dict(SiteSettings.current())


def disagreements() -> list[str]:
    """What does not agree: rows, newest revision, rendered page, index of each article."""
    wrong = []
    for article in store.prefetched(Article.objects.order_by("pk")):
        numbers = list(
            Revision.objects.filter(article=article)
            .order_by("number")
            .values_list("number", flat=True)
        )
        newest = Revision.objects.latest_of(article)
        document = store.load(article)
        if numbers != list(range(1, len(numbers) + 1)) or newest is None:
            wrong.append(f"{article.slug}: revisions are numbered {numbers}")
            continue
        if to_dict(newest.read()) != to_dict(document):
            wrong.append(f"{article.slug}: the rows are not what the newest revision says")
        with transaction.atomic():
            before = _derived(article)
            refresh(article, document, newest.number)
            after = _derived(article)
            transaction.set_rollback(True)
        wrong += [
            f"{article.slug}: {name} is old" for name in before if before[name] != after[name]
        ]
    return wrong


def _derived(article: Article) -> dict[str, Any]:
    """Everything that `refresh` writes, without keys."""

    def rows(model: type[Model], *columns: str) -> list[Any]:
        found = model._default_manager.filter(article=article)
        return sorted(repr(row) for row in found.values_list(*columns))

    rendered = RenderedArticle.objects.filter(article=article)
    return {
        "the rendered page": list(rendered.values_list("page", "revision_number", "summary")),
        "the index of the search": rows(SearchDocument, "kind", "anchor", *DERIVED),
        "the list of citations": rows(Citation, "part_anchor", "key", "label", "excerpt"),
        "the list of terms": rows(TermUse, "part_anchor", "name", "label", "excerpt"),
    }


def database() -> list[str]:
    """What the database finds wrong with itself."""
    connection.check_constraints()
    if connection.vendor != "sqlite":
        return _broken_keys()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return found + [f"a row of {row[0]} leads to nothing in {row[2]}" for row in cursor]


def _broken_keys() -> list[str]:
    """PostgreSQL: every index is asked whether it is whole, with the table that it is over."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(
            "SELECT relname, bt_index_check(pg_class.oid, true) FROM pg_class JOIN pg_am"
            " ON pg_am.oid = relam WHERE relkind = 'i' AND amname = 'btree'"
        )
        cursor.execute(
            "SELECT relname, (verify_heapam(pg_class.oid)).msg FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        return [f"{name}: {message}" for name, message in cursor.fetchall()]


def tasks() -> dict[str, dict[str, int]]:
    """How many tasks there are of each kind and status."""
    rows = DBTaskResult.objects.values_list("task_path", "status")
    found: dict[str, Counter[str]] = {}
    for path, status in rows:
        found.setdefault(path.rpartition(".")[2], Counter())[status] += 1
    return {name: dict(counts) for name, counts in found.items()}


def let_time_pass(*, minutes: int) -> int:
    """Make tasks so much older, as if that time had passed; how many."""
    ago = timedelta(minutes=minutes)
    count = 0
    for row in DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]):
        changes = {"run_after": row.run_after - ago} if row.run_after.year < 9000 else {}
        if row.started_at:
            changes["started_at"] = row.started_at - ago
        count += DBTaskResult.objects.filter(pk=row.pk).update(**changes) if changes else 0
    return count


def answer(name: str, **arguments: Any) -> None:
    """Call one of the functions above and print what it gives, for who asked."""
    value = globals()[name](**arguments)
    sys.stdout.write(f"\nANSWER {json.dumps(value, default=str)}\n")
