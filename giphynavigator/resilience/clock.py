"""Time that can be relied on."""

from collections.abc import Callable


class Forward:
    """A clock that never runs backwards: it stands for a moment and goes on."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lag = 0.0
        self._last = clock()

    def __call__(self) -> float:
        """Return seconds that never grow smaller."""
        now = self._clock() + self._lag
        if now < self._last:
            self._lag += self._last - now
            now = self._last
        self._last = now
        return now
