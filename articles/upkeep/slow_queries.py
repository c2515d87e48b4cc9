"""Queries of the database that take long are written into the log, without what they ask about."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

logger = logging.getLogger(__name__)

LONGEST = 2000


def watch() -> None:
    """Look at every connection from now on; a second call changes nothing."""
    connection_created.connect(_on_connection, dispatch_uid="slow queries")


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
