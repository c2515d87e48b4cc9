"""Readers' comments below an article's text: found and counted, never a part of the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from articles.formats.bullets import markers
from articles.formats.notes import RawComment
from articles.formats.regions import Region, certain_region
from articles.formats.text_lines import Line, ends_sentence, runs
from timeline.dates import find_dates

_EMPTY = re.compile(
    r"(?:(?:there are |there is )?(?:no|0|zero) (?:comments?|replies|responses|discussion)\b.*"
    r"|be the first\b.*|nobody has commented.*|comments are closed.*|start the discussion.*"
    r"|none(?: yet)?\.?|n/a|[-–—]+)",
    re.IGNORECASE,
)
# What a page shows around comments and nobody wrote.
_CHROME = re.compile(
    r"(?:reply|like|dislike|share|report|flag|edit|delete|upvote|downvote|permalink|quote|login|"
    r"log in|sign in|sign up|subscribe|\d+ (?:likes?|replies|comments?|points?|upvotes?)|"
    r"(?:leave|post|add|write|submit) (?:a |your )?(?:comment|reply)\b.*|load more.*|show more.*|"
    r"(?:log|sign) in to .*|sort(?:ed)? by.*|newest(?: first)?|oldest(?: first)?|view replies.*|"
    r"comments?(?: \(\d+\))?:?)[.…]*",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:\d+|an?|one) (?:second|minute|hour|day|week|month|year)s? ago|yesterday|today|just now",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"[\s,·|•–—-]*(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?", re.IGNORECASE
)
_SAID = re.compile(
    r"(?:says|said|wrote|writes|commented|replied)(?:\s+on\s*.*|\s*.*)?:?", re.IGNORECASE
)
_NAME = re.compile(r"@?[^\W\d_][\w.'’-]*(?:[ \t]+[\w.'’-]+){0,4}")
_NAMED = re.compile(
    r"(?:\*\*|__)?(?P<name>@?[^\W\d_][^:：*_()\[\]]{0,60}?)(?:\*\*|__)?\s*(?P<date>[(\[][^()\[\]]{3,40}[)\]])?\s*(?:\*\*|__)?[:：](?:\*\*|__)?\s+(?P<text>\S.*)"
)


def comments_start(lines: Sequence[Line]) -> int | None:
    """The index of a bare line "Comments" that begins the comments, or None.

    It stands behind a blank line or at the start, and is the last such line with no heading below.
    """
    marks = markers(lines)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if line.in_code or line.is_blank or line.level:
            continue
        # A bare line behind a list's item stands apart as well.
        stands_apart = at == 0 or lines[at - 1].is_blank or marks[at - 1] is not None
        is_short = len(line.words) < 40 and not ends_sentence(line.words.rstrip(":"))
        if stands_apart and is_short and is_comments_name(line.words.strip("*_: ")):
            return at
    return None


def is_comments_name(text: str) -> bool:
    """Whether a bare line is the heading of the comments."""
    return certain_region(text) is Region.COMMENTS or text.casefold() == "discussion"


def left_out(lines: Sequence[Line]) -> list[Line]:
    """The lines of a block that are no part of a comment: "Reply", "No comments yet."."""
    return [
        line
        for line in lines
        if line.words and (_CHROME.fullmatch(line.words) or _EMPTY.fullmatch(line.words))
    ]


def read_comments(lines: Sequence[Line]) -> tuple[RawComment, ...]:
    """The comments in a block; none when it only says that there are none."""
    kept = [line for line in lines if not _CHROME.fullmatch(line.words)]
    kept = [line for line in kept if not _EMPTY.fullmatch(line.words)]
    comments: list[RawComment] = []
    for run in runs(kept):
        _read_run(run, comments)
    return tuple(comment for comment in comments if comment.text or comment.name)


def _read_run(run: Sequence[Line], comments: list[RawComment]) -> None:
    for at, (line, mark) in enumerate(zip(run, markers(run), strict=True)):
        text = mark.rest.strip() if mark else line.words
        if (found := _named(text, line.number)) or (
            found := _header(
                text, line, is_first=at == 0 or bool(mark) or _is_date(run[at + 1 : at + 2])
            )
        ):
            comments.append(found)
        elif comments and comments[-1].name and not comments[-1].text:
            comments[-1] = _with_date(comments[-1], text) or _with(comments[-1], text)
        elif mark or (at == 0 and not (comments and _goes_on(comments[-1]))):
            comments.append(RawComment("", text, line.number))
        else:
            comments[-1] = _with(comments[-1], text)


def _goes_on(comment: RawComment) -> bool:
    """Whether paragraphs below belong to this comment: where comments have names, they do."""
    return bool(comment.name)


def _is_date(lines: Sequence[Line]) -> bool:
    """Whether there is a line that only says when: a name stands above it."""
    return any(_without_date(f"x {line.words}")[0] == "x" for line in lines)


def _named(text: str, number: int) -> RawComment | None:
    """A line like "Name: text" or "Name (date): text" in one line."""
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    name, date = _without_date(match["name"].strip())
    date = date or (match["date"] or "").strip("()[] ")
    name = re.sub(
        r"\s+(?:says|said|wrote|writes|commented|replied)$", "", name, flags=re.IGNORECASE
    )
    if not _NAME.fullmatch(name) or not (
        name[:1].isupper() or name[:1] == "@" or len(name.split()) == 1
    ):
        return None
    return RawComment(name, match["text"], number, date)


def _header(text: str, line: Line, *, is_first: bool) -> RawComment | None:
    """A line that only says who wrote and when: "Name · 12 March 2026", "Name says:", "@name"."""
    bare = text.strip("*_ ").rstrip(":")
    name, date = _without_date(bare)
    said = re.split(r"\s+(?=(?:says|said|wrote|writes|commented|replied)\b)", name, maxsplit=1)
    is_said = len(said) == 2 and _SAID.fullmatch(said[1]) is not None
    name = said[0] if is_said else name
    if len(name) > 60 or not _NAME.fullmatch(name):
        return None
    is_marked = (
        bool(date) or is_said or name.startswith("@") or line.level > 0 or text[:2] in ("**", "__")
    )
    capitals = all(word[:1].isupper() for word in name.split()) and not ends_sentence(
        text.rstrip(":")
    )
    if is_marked or (is_first and capitals):
        return RawComment(name, "", line.number, date)
    return None


def _without_date(text: str) -> tuple[str, str]:
    """A line's words before its date, and the date."""
    clock = _CLOCK.search(text)
    if found := _AGO.search(text):
        start, end = found.span()
    elif dates := find_dates(text):
        start, end = dates[-1][0], dates[-1][1]
    else:
        return text.strip(), ""
    if clock and clock.start() >= end - 1:
        end = clock.end()
    if text[end:].strip(" .)]:·|") or not text[:start].strip():
        return text.strip(), ""
    name = re.sub(r"(?:[\s,·|•(\[–—-]|\bon\b|\bat\b)+$", "", text[:start])
    return name.strip(), text[start:end].strip()


def _with(comment: RawComment, text: str) -> RawComment:
    joined = f"{comment.text}\n{text}".strip()
    return RawComment(comment.name, joined, comment.line, comment.date_text)


def _with_date(comment: RawComment, text: str) -> RawComment | None:
    """The comment with its date, when this line is nothing else."""
    words, date = _without_date(f"x {text}")
    if comment.date_text or words != "x" or not date:
        return None
    return RawComment(comment.name, "", comment.line, text)
