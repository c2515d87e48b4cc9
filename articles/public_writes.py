"""Which statements of SQL may change what readers see; see `articles.stamp`."""

from __future__ import annotations

import re
from typing import Any

# What readers never see: sessions, tasks, the admin's log, permissions, sign-in, notices to staff.
PRIVATE_PREFIXES = ("account_", "accounts_", "auth_", "django_", "mfa_")
PRIVATE = {
    "articles_backup",
    "articles_user_groups",
    "articles_user_user_permissions",
    "discussion_moderatornotice",
}
_READING = re.compile(
    r"[\s(]*(SELECT|EXPLAIN|PRAGMA|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SHOW|SET|ANALYZE|VACUUM)\b",
    re.IGNORECASE,
)
# A query with parts of their own names may also write in one of them.
_WITH = re.compile(r"[\s(]*WITH\b", re.IGNORECASE)
_WRITES_WITHIN = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
_WRITING = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(?P<table>\w+)"?'
    r"(?:\s(?P<rest>.*)|$)",
    re.IGNORECASE | re.DOTALL,
)
# Who signs in changes nothing that readers see.
_SIGNED_IN = re.compile(r'SET "last_login" = \S+ WHERE ')


def is_reading(sql: Any) -> bool:
    """Whether a statement changes no row. One that nobody knows may."""
    if not isinstance(sql, str):
        return False
    return bool(_READING.match(sql) or (_WITH.match(sql) and not _WRITES_WITHIN.search(sql)))


def is_public_write(sql: Any) -> bool:
    """Whether a statement may change what readers see. One that nobody knows does."""
    if not isinstance(sql, str):
        return True
    if is_reading(sql):
        return False
    found = _WRITING.match(sql)
    if found is None:
        return True
    table = found["table"]
    if table == "articles_user" and _SIGNED_IN.match(found["rest"] or ""):
        return False
    return table not in PRIVATE and not table.startswith(PRIVATE_PREFIXES)


def only_writes(sql: Any) -> bool:
    """Whether a statement surely changes rows and returns none."""
    return isinstance(sql, str) and bool(_WRITING.match(sql)) and "RETURNING" not in sql.upper()
