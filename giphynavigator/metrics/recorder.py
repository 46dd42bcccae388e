"""MetricsRecorder: the listener that counts."""

import time
from collections.abc import Callable
from functools import cached_property
from typing import Final, Literal

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from giphynavigator import __version__
from giphynavigator.metrics.instruments import PREFIX, Children
from giphynavigator.metrics.requests import Requests
from giphynavigator.recorder import Recorder

PAGES: Final = ("hit", "miss", "stale", "collapsed", "negative")
REASONS: Final = ("quota", "breaker", "overload", "client")
STATES: Final = ("closed", "open", "half-open")
BUCKETS: Final = (0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0)

Merged = Literal["livesum", "livemin", "livemax", "max", "livemostrecent"]
"""How the gauges of several workers become one; live: of those that still run."""


class MetricsRecorder(Recorder):
    """Counts what it is told, in the registry that it is given.

    Of a Redis or a quota that there is not, nothing is shown. `redis` says whether
    workers share one; without it each has a quota of its own, and what is left is the
    sum of them.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        redis: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._requests = Requests(registry)
        self._left_merged: Merged = "livemostrecent" if redis else "livesum"
        self._make_counters()
        self._make_gauges()
        if redis:
            self.redis(up=True)

    def _make_counters(self) -> None:
        registry = self._registry
        self._calls = Counter(
            PREFIX + "giphy_calls", "Requests sent to Giphy.", registry=registry
        )
        answers = Histogram(
            PREFIX + "giphy_answer_duration_seconds",
            "Time that a call to Giphy took, by how it ended.",
            ("outcome",),
            buckets=BUCKETS,
            registry=registry,
        )
        self._answers = Children(answers, ("ok",))
        meaning = "Pages asked of the page store, by how it answered."
        pages = Counter(
            PREFIX + "page_lookups", meaning, ("outcome",), registry=registry
        )
        self._pages = Children(pages, PAGES)
        meaning = "Calls and requests that were refused here, by reason."
        refusals = Counter(PREFIX + "refusals", meaning, ("reason",), registry=registry)
        self._refusals = Children(refusals, REASONS)

    def _make_gauges(self) -> None:
        self._flying = self._gauge(
            "searches_in_flight", "Searches that hold a slot on the way to Giphy."
        )
        self._waiting = self._gauge(
            "searches_waiting", "Searches that wait for a slot."
        )
        breakers = self._gauge(
            "breaker_state",
            "1 for the state of the breaker; of several workers, how many are in it.",
            labels=("state",),
        )
        self._breakers = Children(breakers, STATES)
        self.breaker("closed")
        self._database_up = self._gauge(
            "database_up",
            "Whether the database answers; 0 if one worker is without it.",
            merged="livemin",
        )
        self.database(up=True)
        built = self._gauge(
            "build_info", "1, with the version.", labels=("version",), merged="max"
        )
        built.labels(__version__).set(1)

    def _gauge(
        self,
        name: str,
        meaning: str,
        *,
        labels: tuple[str, ...] = (),
        merged: Merged = "livesum",
    ) -> Gauge:
        return Gauge(
            PREFIX + name,
            meaning,
            labels,
            registry=self._registry,
            multiprocess_mode=merged,
        )

    @cached_property
    def _redis_up(self) -> Gauge:
        return self._gauge(
            "redis_up",
            "Whether Redis answers; 0 if one worker is without it.",
            merged="livemin",
        )

    @cached_property
    def _quota_left(self) -> Gauge:
        return self._gauge(
            "quota_left",
            "Calls to Giphy left at the last look; all are, once the window reset.",
            merged=self._left_merged,
        )

    @cached_property
    def _quota_reset(self) -> Gauge:
        return self._gauge(
            "quota_reset_timestamp_seconds",
            "When the window of the quota ends, or has ended.",
            merged="livemax",
        )

    def replied(self, request: web.Request, status: int, seconds: float) -> None:
        """Count and time a request."""
        self._requests.note(request, status, seconds)

    def kept(self, outcome: str) -> None:
        """Count how the page store answered."""
        self._pages[outcome].inc()

    def sent(self) -> None:
        """Count one request to Giphy."""
        self._calls.inc()

    def answered(self, outcome: str, seconds: float) -> None:
        """Count and time how a request to Giphy ended."""
        self._answers[outcome].observe(seconds)

    def refused(self, reason: str) -> None:
        """Count a refusal."""
        self._refusals[reason].inc()

    def breaker(self, state: str) -> None:
        """Show the one state that the breaker is in."""
        for name, gauge in self._breakers.items():
            gauge.set(name == state)

    def quota(self, left: int, *, resets_in: float) -> None:
        """Show how many calls are left and when there will be more."""
        self._quota_left.set(left)
        self._quota_reset.set(self._clock() + resets_in)

    def redis(self, *, up: bool) -> None:
        """Show whether Redis is there."""
        self._redis_up.set(up)

    def database(self, *, up: bool) -> None:
        """Show whether the database is there."""
        self._database_up.set(up)

    def waiting(self, count: int) -> None:
        """Show how many searches wait for a slot."""
        self._waiting.set(count)

    def flying(self, count: int) -> None:
        """Show how many searches hold a slot."""
        self._flying.set(count)
