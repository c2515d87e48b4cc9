"""Tasks that tell of one person: mails to them or about them, and what else has their address.

A task keeps what it was given as long as its row is there: until it is done, and then for the days
that `retention` says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from articles.accounts.notices import send_reset_link


def tasks_about(addresses: Iterable[str], comments: Collection[int]) -> list[DBTaskResult]:
    """The tasks that hold one of these addresses, or tell moderators of one of these comments."""
    addressed = _pattern(addresses)
    before, after = reverse("admin:discussion_comment_change", args=[0]).split("0")
    link = re.compile(rf"{re.escape(before)}(\d+){re.escape(after)}")
    keys = {str(key) for key in comments}
    return [
        task
        for task, text in _texts(DBTaskResult.objects.all())
        if addressed.search(text) or not keys.isdisjoint(link.findall(text))
    ]


def past_tasks_naming(names: Iterable[str]) -> list[DBTaskResult]:
    """The tasks that are over and hold one of these names.

    What still waits and names somebody like them may be for and about another person.
    """
    named = _pattern(names)
    over = DBTaskResult.objects.finished()
    return [task for task, text in _texts(over) if named.search(text)]


def recipient(task: DBTaskResult) -> str:
    """To whom a mail goes; '' of what is none."""
    return str(task.args_kwargs["kwargs"].get("to", ""))


def described(task: DBTaskResult) -> str:
    """What it is in the words of an owner, who knows mails and not the names of functions."""
    given = task.args_kwargs["kwargs"]
    if to := recipient(task):
        return f"mail {task.pk} to {to}: {given.get('subject', '')}"
    # Its mail is written, and has somebody to go to, when there is an account of this address.
    if task.task_path == send_reset_link.module_path:
        return f"request {task.pk} from {given['email']}: a link to a new password"
    return f"task {task.pk}: {task.task_path.rpartition('.')[2]}"


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """One of these words that is no part of a longer one, in any case of letters."""
    folded = [re.escape(" ".join(word.casefold().split())) for word in words if word.strip()]
    if not folded:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![\w.+/-])(?:{'|'.join(folded)})(?![\w/-]|\.\w)")


def _texts(tasks: QuerySet[DBTaskResult]) -> Iterator[tuple[DBTaskResult, str]]:
    """Each with all that its row holds, lines that a mail broke put together again."""
    for task in tasks.order_by("enqueued_at", "pk").iterator(chunk_size=500):
        texts = [*_strings(task.args_kwargs), *_strings(task.return_value), task.traceback]
        yield task, " ".join(" ".join(texts).casefold().split())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
