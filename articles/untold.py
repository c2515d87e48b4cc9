"""Changes of this host that its others could not be told of; see `articles.shared_stamp`."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

logger = logging.getLogger(__name__)


class Untold:
    """An empty file for each change, named by its token, in a folder that is made when it is due.

    So it outlives the process that made the change. Any process of the host tells of all that it
    finds at once, and then takes away just these: there is nothing to lock. Where files cannot be
    made, the process remembers by itself.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._here: set[str] = set()
        # Told of, and their files would not go.
        self._stuck: set[str] = set()

    def add(self, token: str) -> None:
        """Note a change; once more when it is noted already."""
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            (self.folder / token).touch(mode=0o600)
        except OSError as error:
            logger.warning("%s cannot be written (%s).", self.folder, error.strerror)
            self._here.add(token)

    def all(self) -> list[str]:
        """Tokens of the changes that are noted."""
        try:
            found = {path.name for path in self.folder.iterdir()} - self._stuck
        except OSError:
            found = set()
        return [*found, *self._here.copy()]

    def remove(self, tokens: Iterable[str]) -> None:
        """Forget changes that everybody was told of."""
        for token in tokens:
            self._here.discard(token)
            try:
                (self.folder / token).unlink(missing_ok=True)
            except OSError as error:
                logger.warning("%s cannot be written (%s).", self.folder, error.strerror)
                self._stuck.add(token)
