"""What was worked out before, kept in this process for as long as there is room.

A key says everything that its value depends on: then nothing kept is ever wrong, and there is
nothing to clear when something changes. What depends on rows of the database is keyed by what the
rows hold, never by their keys.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Kept[Value]:
    """The `most` values that were asked for last. Threads may share one.

    A value is handed out to everybody who asks for it: nobody may change it.
    """

    __slots__ = ("_lock", "_values", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of `key`: the one that is kept, or else what `make` gives."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        # Two threads may both make it; that costs time and nothing else.
        value = make()
        with self._lock:
            self._values[key] = value
            if len(self._values) > self.most:
                self._values.popitem(last=False)
        return value

    def __len__(self) -> int:
        return len(self._values)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
