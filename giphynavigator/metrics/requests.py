"""Requests: every answer that goes out, by route, method and status."""

import time
from collections.abc import Callable
from http import HTTPMethod
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Histogram

from giphynavigator.metrics.instruments import PREFIX, Children

METHODS: Final = frozenset(HTTPMethod)
OTHER: Final = "other"
"""What no route and no known method is called, so that strangers add no series."""

BUCKETS: Final = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1),
    *(0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


class Requests:
    """Counts and times requests; `count` is its middleware."""

    def __init__(
        self,
        registry: CollectorRegistry,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._clock = clock
        self._answers = Children(
            Counter(
                PREFIX + "http_requests",
                "HTTP requests answered.",
                ("route", "method", "status"),
                registry=registry,
            )
        )
        self._seconds = Children(
            Histogram(
                PREFIX + "http_request_duration_seconds",
                "Time until the answer was ready, or a stream was at its end.",
                ("route",),
                buckets=BUCKETS,
                registry=registry,
            )
        )

    @web.middleware
    async def count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note the answer that the caller gets, be it raised or returned."""
        began = self._clock()
        try:
            answer = await handler(request)
        except web.HTTPException as raised:
            self._note(request, raised.status, began)
            raise
        self._note(request, answer.status, began)
        return answer

    def _note(self, request: web.Request, status: int, began: float) -> None:
        resource = request.match_info.route.resource
        route = OTHER if resource is None else resource.canonical
        method = request.method if request.method in METHODS else OTHER
        self._answers[route, method, status].inc()
        self._seconds[route].observe(self._clock() - began)
