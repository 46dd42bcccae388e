"""When Giphy fails, stop asking for a while, then ask carefully."""

import random as chance
import time
from collections.abc import Callable
from types import TracebackType

from giphynavigator.errors import (
    BadGateway,
    BadRequest,
    GatewayTimeout,
    NotFound,
    Unavailable,
    whole_seconds,
)
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.clock import Forward

BUCKETS = 10
PROBING = 1.0  # seconds to come again in, while the one probe is out


class CircuitOpen(Unavailable):
    """Giphy failed so often that it is not asked for `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(
            "Giphy is failing and is left alone for now;"
            f" try again in {whole_seconds(retry_after)} s",
            retry_after,
        )


def blames_giphy(error: BaseException) -> bool:
    """Whether the error says that Giphy is ill, rather than the question or us."""
    return isinstance(error, BadGateway | GatewayTimeout)


class Breaker:
    """Lets calls through while Giphy is well, and one at a time while it is not.

    It opens when at least `least` calls of the last `window` seconds ended and
    `share` of them failed; where fewer ended, when the last `least` failed, however
    slowly. It then rests for `rest` seconds, twice as long after each probe that
    fails, never longer than `longest`, each time shortened by up to a fifth so that
    replicas do not probe in step.
    """

    def __init__(  # noqa: PLR0913 - the policy's numbers, each by name
        self,
        *,
        window: float = 10.0,
        share: float = 0.5,
        least: int = 5,
        rest: float = 2.0,
        longest: float = 30.0,
        fails: Callable[[BaseException], bool] = blames_giphy,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = chance.random,
        recorder: Recorder | None = None,
    ) -> None:
        self._seen = Seen(window)
        self._share, self._least = share, least
        self._first_rest, self._longest = rest, longest
        self._fails = fails
        self._clock = Forward(clock)
        self._random = random
        self._recorder = recorder or Recorder()
        self._rest = rest
        self._open_until: float | None = None
        self._probing = False

    @property
    def state(self) -> str:
        """Closed, open, or half-open: the rest is over and one probe may go."""
        if self._open_until is None:
            return "closed"
        return "open" if self._clock() < self._open_until else "half-open"

    def call(self) -> "Attempt":
        """Return a context for one call; entering it raises `CircuitOpen`.

        Leaving it normally is a success, and so is that there is no such GIF, for it
        is Giphy's answer; an error that blames Giphy is a failure. Cancellation and
        every other error say nothing of Giphy and free the slot.
        """
        return Attempt(self, self._fails)

    def admit(self) -> bool:
        """Let a call through and say whether it is the probe, or raise."""
        if self._open_until is None:
            self._seen.begin(self._clock())
            return False
        left = self._open_until - self._clock()
        if left > 0 or self._probing:
            self._recorder.refused("breaker")
            raise CircuitOpen(left if left > 0 else PROBING)
        self._probing = True
        self._recorder.breaker("half-open")
        return True

    def succeeded(self, *, probe: bool) -> None:
        """Take note that an admitted call was answered."""
        if probe:
            self._close()
        elif self._open_until is None:
            self._seen.add(self._clock(), failed=False)

    def failed(self, *, probe: bool) -> None:
        """Take note that an admitted call failed."""
        if probe:
            self._rest = min(2 * self._rest, self._longest)
            self._open()
        elif self._open_until is None:  # else it set out before the opening: no news
            self._seen.add(self._clock(), failed=True)
            if self._seen.trips(self._share, self._least):
                self._open()

    def abandoned(self, *, probe: bool) -> None:
        """Take note that an admitted call ended without a verdict on Giphy."""
        if probe:
            self._probing = False

    def _open(self) -> None:
        self._probing = False
        self._open_until = self._clock() + self._rest * (1 - self._random() / 5)
        self._recorder.breaker("open")

    def _close(self) -> None:
        self._probing = False
        self._open_until = None
        self._rest = self._first_rest
        self._seen.clear()
        self._recorder.breaker("closed")


class Attempt:
    """One call through the breaker, as a context."""

    __slots__ = ("_breaker", "_fails", "_probe")

    def __init__(
        self, breaker: Breaker, fails: Callable[[BaseException], bool]
    ) -> None:
        self._breaker = breaker
        self._fails = fails
        self._probe = False

    def __enter__(self) -> None:
        """Raise `CircuitOpen`, or note whether this is the probe."""
        self._probe = self._breaker.admit()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Tell the breaker how it ended."""
        if error is None or isinstance(error, NotFound | BadRequest):
            self._breaker.succeeded(probe=self._probe)
        elif self._fails(error):
            self._breaker.failed(probe=self._probe)
        else:
            self._breaker.abandoned(probe=self._probe)


class Seen:
    """Calls and failures of the last `window` seconds, in ten buckets.

    Calls that take as long as the window hardly meet in it. So failures in a row
    count across windows, until a call succeeds or nobody calls for a window's time.
    """

    def __init__(self, window: float) -> None:
        self._window, self._width = window, window / BUCKETS
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._calls = [0] * BUCKETS
        self._failures = [0] * BUCKETS
        self._tick = self._in_a_row = 0
        self._latest = 0.0

    def begin(self, now: float) -> None:
        """Take note that a call sets out now."""
        if now - self._latest > self._window:
            self._in_a_row = 0
        self._latest = now

    def add(self, now: float, *, failed: bool) -> None:
        """Count one call that ended now."""
        tick = int(now / self._width)
        for stale in range(max(self._tick, tick - BUCKETS) + 1, tick + 1):
            self._calls[stale % BUCKETS] = self._failures[stale % BUCKETS] = 0
        self._tick = tick
        self._calls[tick % BUCKETS] += 1
        self._failures[tick % BUCKETS] += failed
        self._in_a_row = self._in_a_row + 1 if failed else 0
        self._latest = now

    def trips(self, share: float, least: int) -> bool:
        """Whether that share of the calls failed; of too few, all the last `least`."""
        calls = sum(self._calls)
        if calls < least:
            return self._in_a_row >= least
        return sum(self._failures) >= share * calls
