"""Single articles that are large, for the benchmark of growth: thousands of rows at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from itertools import batched, count
from typing import Any

BATCH = 500


def in_bulk(model: Any, rows: Iterable[Any]) -> None:
    """Write rows, however many, in bounded memory."""
    for some in batched(rows, 20 * BATCH, strict=False):
        model.objects.bulk_create(some, batch_size=BATCH)


def follow_keys(model: Any) -> None:
    """Let PostgreSQL number rows behind those that were written with their keys."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def add_comments(article: Any, number: int) -> None:
    """A discussion in which every third comment begins a thread."""
    from django.db.models import Max

    from articles.discussion.models import Comment, step
    from articles.markup.comment import render_comment

    body = "A comment of *some* length, with [a link](https://example.org/) in it."
    html = render_comment(body).html
    last = Comment.objects.aggregate(last=Max("pk"))["last"] or 0
    parent: Any = None
    rows: list[Any] = []
    for pk, index in zip(count(last + 1), range(number)):
        parent = parent if index % 3 else None
        rows.append(
            Comment(
                pk=pk,
                article=article,
                parent=parent,
                root_id=parent.root_id if parent else pk,
                path=(parent.path if parent else "") + step(pk),
                depth=parent.depth + 1 if parent else 0,
                answered=index % 3 < 2,
                name=f"Reader {index}",
                body=body,
                html=html,
                status=Comment.Status.APPROVED,
            )
        )
        parent = rows[-1]
    in_bulk(Comment, rows)
    follow_keys(Comment)


def add_revisions(article: Any, number: int) -> None:
    """Revisions that differ in their short answers, all of them public."""
    from articles import document as documents
    from articles.models import Revision

    last = Revision.objects.latest_of(article)
    assert last is not None
    document = last.read()
    begin = last.created_at

    def revision(index: int) -> Any:
        changed = replace(document, short_answer=f"Said for the {index}th time.")
        return Revision(
            article=article,
            number=last.number + index,
            document=documents.to_dict(changed),
            content_hash=documents.content_hash(changed),
            kind=Revision.Kind.EDIT,
            summary=f"Change {index}",
            public_from=begin + datetime.timedelta(milliseconds=index),
        )

    in_bulk(Revision, (revision(index) for index in range(1, number + 1)))
