"""What an export has seen, still has to read and has written, in a file: a site may be large.

A scratch file of SQLite, which is thrown away with what was not finished.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

WAITING, READ, NOT_THERE = 0, 1, 2
_CHUNK = 200


class Frontier:
    """The addresses of a copy, and which page leads to one that was not read yet."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE address (id INTEGER PRIMARY KEY, name TEXT UNIQUE, state INTEGER);"
            "CREATE INDEX waiting ON address (id) WHERE state = 0;"
            "CREATE TABLE link (source INTEGER, target INTEGER,"
            " PRIMARY KEY (target, source)) WITHOUT ROWID;"
            "CREATE TABLE file (name TEXT PRIMARY KEY, is_new INTEGER) WITHOUT ROWID;"
        )

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def add(self, names: Iterable[str], source: int | None = None) -> None:
        """Have these addresses read, if they were not; `source` is the page that leads to them."""
        run = self.connection
        run.execute("BEGIN")
        for name in names:
            run.execute("INSERT OR IGNORE INTO address (name, state) VALUES (?, 0)", (name,))
            if source is not None:
                run.execute(
                    "INSERT OR IGNORE INTO link SELECT ?, id FROM address"
                    " WHERE name = ? AND state <> 1",
                    (source, name),
                )
        run.execute("COMMIT")

    def waiting(self) -> Iterator[tuple[int, str]]:
        """Number and name of the addresses to read, in the order of their coming."""
        while rows := self.connection.execute(
            "SELECT id, name FROM address WHERE state = 0 ORDER BY id LIMIT ?", (_CHUNK,)
        ).fetchall():
            yield from rows

    def count_waiting(self) -> int:
        """How many addresses are to be read."""
        (number,) = self.connection.execute(
            "SELECT count(*) FROM address WHERE state = 0"
        ).fetchone()
        return int(number)

    def note(self, number: int, *, found: bool) -> None:
        """Write down that an address was read, and whether there is anything at it."""
        self.connection.execute(
            "UPDATE address SET state = ? WHERE id = ?", (READ if found else NOT_THERE, number)
        )
        if found:
            self.connection.execute("DELETE FROM link WHERE target = ?", (number,))

    def was_there(self, name: str) -> bool | None:
        """Whether there was anything at an address; None when it was not read yet."""
        row = self.connection.execute(
            "SELECT state FROM address WHERE name = ? AND state <> ?", (name, WAITING)
        ).fetchone()
        return None if row is None else row[0] == READ

    def missing(self) -> list[tuple[str, str]]:
        """The addresses that pages lead to and that are not there, each with one such page."""
        return self.connection.execute(
            "SELECT t.name, min(s.name) FROM address t JOIN link ON link.target = t.id"
            " JOIN address s ON s.id = link.source WHERE t.state = ? GROUP BY t.id",
            (NOT_THERE,),
        ).fetchall()

    def leading_nowhere(self) -> list[tuple[int, str]]:
        """The pages that lead to such addresses."""
        return self.connection.execute(
            "SELECT DISTINCT s.id, s.name FROM link JOIN address t ON t.id = link.target"
            " JOIN address s ON s.id = link.source WHERE t.state = ? AND s.state = ?",
            (NOT_THERE, READ),
        ).fetchall()

    # Files ------------------------------------------------------------------------------------

    def add_file(self, name: str, *, is_new: bool) -> None:
        """Write down that a file belongs to the copy, and whether it is new or another."""
        self.connection.execute("INSERT OR REPLACE INTO file VALUES (?, ?)", (name, int(is_new)))

    def has_file(self, name: str) -> bool:
        """Whether the file belongs to the copy."""
        found = self.connection.execute("SELECT 1 FROM file WHERE name = ?", (name,))
        return found.fetchone() is not None

    def files(self, *, only_new: bool = False) -> Iterator[str]:
        """The names of the files, new ones or all, those that pages need before the pages."""
        where = "WHERE is_new" if only_new else ""
        rows = self.connection.execute(
            f"SELECT name FROM file {where} ORDER BY name LIKE '%.html', name"  # noqa: S608
        )
        for (name,) in rows:
            yield name
