"""Giphy gives so many calls an hour; this is where they are counted."""

import time
from collections.abc import Callable
from http import HTTPStatus

import msgspec

from giphynavigator.errors import Unavailable, whole_seconds
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.clock import Forward

CLOSED = 60.0  # seconds to stay away after a refusal that names no time


class QuotaSpent(Unavailable):
    """There is no call left for this; there may be in `retry_after` seconds."""

    code = HTTPStatus.TOO_MANY_REQUESTS  # what Giphy itself would say

    def __init__(self, retry_after: float) -> None:
        super().__init__(
            "the calls to Giphy are used up for now;"
            f" try again in {whole_seconds(retry_after)} s",
            retry_after,
        )


class QuotaReport(msgspec.Struct, frozen=True):
    """Calls per window, used and left; seconds until the window ends (0: none runs).

    All None where no quota is kept. `left` is 0 while Giphy itself refuses.
    """

    limit: int | None = None
    used: int | None = None
    left: int | None = None
    resets_in: float | None = None


class Quota:
    """Counts no calls: nobody limits them, as with the sandbox."""

    def __init__(self, *, recorder: Recorder | None = None) -> None:
        self._recorder = recorder or Recorder()

    async def take(self, *, urgent: bool = True) -> None:  # noqa: ARG002 - no difference here
        """Take one call."""
        self._recorder.sent()

    async def close_for(self, seconds: float | None) -> None:
        """Do nothing: there is no window to close."""

    async def look(self) -> None:
        """Do nothing: there is nothing to see."""

    def report(self) -> QuotaReport:
        """Return a report that knows of no limit."""
        return QuotaReport()


class FixedWindowQuota(Quota):
    """`calls` in each window of `period` seconds, for this process alone.

    A window starts with the first call after the last one ended. The `kept` share
    of the calls (at least one of more than four) is for people: background work
    does not get it.
    """

    def __init__(
        self,
        *,
        calls: int,
        period: float,
        kept: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
        recorder: Recorder | None = None,
    ) -> None:
        self._calls = calls
        self._period = period
        self._kept = max(int(calls * kept), 1) if calls > 4 else 0  # noqa: PLR2004 - fewer are too few to keep one back
        self._clock = Forward(clock)
        super().__init__(recorder=recorder)
        self._granted = 0  # calls given out to all in this window, ours included
        self._held = 0  # of those, the ones we have and have not used
        self._ends = 0.0
        self._closed_until = 0.0
        self._runs = False

    async def take(self, *, urgent: bool = True) -> None:
        """Take one call, or raise `QuotaSpent`; background work is not urgent."""
        self._refuse_while_closed()
        while not self._has(urgent=urgent):
            if not await self._refill():
                raise self._refusal(self._retry_after())
            self._refuse_while_closed()
        self._held -= 1
        self._recorder.sent()
        self._tell()

    async def close_for(self, seconds: float | None) -> None:
        """Take no calls for so long, because Giphy said so; 0 or None is a minute."""
        self._close(self._bounded(seconds))
        self._tell()

    async def look(self) -> None:
        """Tell the recorder where the window stands; costs no call."""
        self._tell()

    def report(self) -> QuotaReport:
        """Return where the window stands, as far as this process knows."""
        now = self._clock()
        closed = max(0.0, self._closed_until - now)
        if not self._window_runs():
            left = 0 if closed else self._calls
            return QuotaReport(self._calls, used=0, left=left, resets_in=closed)
        return QuotaReport(
            self._calls,
            used=self._granted - self._held,
            left=0 if closed else self._left(),
            resets_in=max(self._ends - now, closed),
        )

    def _tell(self) -> None:
        report = self.report()
        self._recorder.quota(report.left or 0, resets_in=report.resets_in or 0.0)

    async def _refill(self) -> bool:
        """Open the next window if this one is over; say whether calls came of it."""
        if self._window_runs():
            return False
        self._open(granted=self._calls, held=self._calls, ends_in=self._period)
        return True

    def _open(self, *, granted: int, held: int, ends_in: float) -> None:
        self._granted, self._held = granted, held
        self._ends = self._clock() + ends_in
        self._runs = True

    def _window_runs(self) -> bool:
        return self._runs and self._clock() < self._ends

    def _left(self) -> int:
        return max(0, self._calls - self._granted) + self._held

    def _has(self, *, urgent: bool) -> bool:
        if self._held < 1 or not self._window_runs():
            return False
        if urgent or self._left() > self._kept:
            return True
        raise self._refusal(self._retry_after())

    def _retry_after(self) -> float:
        return max(0.0, self._ends - self._clock())

    def _refuse_while_closed(self) -> None:
        left = self._closed_until - self._clock()
        if left > 0:
            raise self._refusal(min(left, self._period))

    def _refusal(self, retry_after: float) -> QuotaSpent:
        self._recorder.refused("quota")
        return QuotaSpent(retry_after)

    def _bounded(self, seconds: float | None) -> float:
        """Believe what Giphy says, up to a whole window."""
        named = seconds if seconds is not None and seconds > 0 else CLOSED
        return min(named, self._period)

    def _close(self, seconds: float) -> None:
        self._closed_until = self._clock() + seconds
