"""Tasks that tell of one person: mails to them, about what they wrote, or that only name them.

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


def tasks_for(addresses: Iterable[str], comments: Collection[int]) -> list[DBTaskResult]:
    """The tasks for one of these addresses, or that tell moderators of one of these comments.

    Not those in whose texts an address only stands: they are of somebody else, who named it.
    """
    own = {address.strip().casefold() for address in addresses} - {""}
    before, after = reverse("admin:discussion_comment_change", args=[0]).split("0")
    # The link stands alone in its line; what the mail quotes stands behind a sign.
    link = re.compile(rf"^\S*{re.escape(before)}(\d+){re.escape(after)}$", re.MULTILINE)
    keys = {str(key) for key in comments}
    found = []
    for task in _in_order(DBTaskResult.objects.all()):
        given = task.args_kwargs["kwargs"]
        whose = {str(given.get(name, "")).strip().casefold() for name in ("to", "email")}
        about = link.findall(str(given.get("body", "")))
        if not (own.isdisjoint(whose) and keys.isdisjoint(about)):
            found.append(task)
    return found


def past_tasks_naming(words: Iterable[str]) -> list[DBTaskResult]:
    """The tasks that are over and hold one of these names or addresses.

    What still waits and names somebody like them may be for and about another person.
    """
    named = _pattern(words)
    return [
        task for task in _in_order(DBTaskResult.objects.finished()) if named.search(_text(task))
    ]


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


def _in_order(tasks: QuerySet[DBTaskResult]) -> Iterator[DBTaskResult]:
    return tasks.order_by("enqueued_at", "pk").iterator(chunk_size=500)


def _text(task: DBTaskResult) -> str:
    """All that its row holds, lines that a mail broke put together again."""
    texts = [*_strings(task.args_kwargs), *_strings(task.return_value), task.traceback]
    return " ".join(" ".join(texts).casefold().split())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
