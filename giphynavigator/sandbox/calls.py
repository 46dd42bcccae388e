"""Remembers what the API was asked."""

from collections import deque
from collections.abc import Iterator

import msgspec

NEWEST = 100_000


class Call(msgspec.Struct, frozen=True):
    """One request: its path and its query."""

    path: str
    query: dict[str, str]


class Calls:
    """The newest calls in the order they came; `count` counts those forgotten too."""

    def __init__(self) -> None:
        self._newest: deque[Call] = deque(maxlen=NEWEST)
        self.count = 0

    def record(self, call: Call) -> None:
        """Remember one more."""
        self._newest.append(call)
        self.count += 1

    def clear(self) -> None:
        """Forget all, and count from 0."""
        self._newest.clear()
        self.count = 0

    def last(self, number: int) -> list[Call]:
        """Return the newest so many, the newest of all at the end."""
        start = max(0, len(self) - number)
        return [self[place] for place in range(start, len(self))]

    def __len__(self) -> int:
        """Return how many calls are remembered."""
        return len(self._newest)

    def __iter__(self) -> Iterator[Call]:
        """Go through the calls, the oldest first."""
        return iter(self._newest)

    def __getitem__(self, place: int) -> Call:
        """Return the call at this place; -1 is the newest."""
        return self._newest[place]
