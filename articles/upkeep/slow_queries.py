"""Queries that take long are logged, without what they ask about; errors are counted."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import DatabaseError, IntegrityError
from django.db import Error as AnyDatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from articles.upkeep.read_only import SiteIsReadOnlyError
from articles.upkeep.tallies import tallies

logger = logging.getLogger(__name__)

LONGEST = 2000


def watch() -> None:
    """Look at every connection from now on; a second call changes nothing."""
    connection_created.connect(_on_connection, dispatch_uid="slow queries")
    got_request_exception.connect(_on_exception, dispatch_uid="slow queries")


def _on_exception(**_more: Any) -> None:
    """Count what no query saw: a database that cannot even be connected to."""
    error = sys.exception()
    if isinstance(error, AnyDatabaseError) and not (
        getattr(error, "is_counted", False) or isinstance(error, SiteIsReadOnlyError)
    ):
        tallies.database_errors += 1


def _on_connection(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run the query; one that took long is logged with placeholders, never with its parameters."""
    started = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        # That two people write the same at once is foreseen.
        if not isinstance(error, IntegrityError | SiteIsReadOnlyError):
            tallies.database_errors += 1
            error.is_counted = True  # type: ignore[attr-defined]
        raise
    finally:
        milliseconds = round((time.perf_counter() - started) * 1000)
        if milliseconds >= settings.SLOW_QUERY_MILLISECONDS:
            statement = " ".join(str(sql).split())[:LONGEST]
            logger.warning(
                "A query took %d ms: %s",
                milliseconds,
                statement,
                extra={"fields": {"ms": milliseconds}},
            )
