"""A mapping that is bounded in bytes, not in entries."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Keeps values within `max_bytes`; what was not used for longest goes first."""

    def __init__(self, max_bytes: int) -> None:
        self.size = 0
        self._max_bytes = max_bytes
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[tuple[K, V]]:
        return ((key, value) for key, (value, _) in self._kept.items())

    def get(self, key: K) -> V | None:
        """Give the value, and count that as a use."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of `size` bytes, unless it alone is too big."""
        self.drop(key)
        if size > self._max_bytes:
            return
        self._kept[key] = (value, size)
        self.size += size
        while self.size > self._max_bytes:
            _, (_, gone) = self._kept.popitem(last=False)
            self.size -= gone

    def drop(self, key: K) -> None:
        """Forget a value, if it is there."""
        if found := self._kept.pop(key, None):
            self.size -= found[1]
