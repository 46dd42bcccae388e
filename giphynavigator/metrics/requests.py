"""Requests: every answer that goes out, by route, method and status."""

from collections.abc import Callable
from http import HTTPMethod
from typing import Final, TypeAlias

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram

from giphynavigator.metrics.instruments import PREFIX
from giphynavigator.tracing import CURRENT

METHODS: Final = frozenset(HTTPMethod)
OTHER: Final = "other"
"""What no route and no known method is called, so that strangers add no series."""

BUCKETS: Final = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1),
    *(0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)

Kind: TypeAlias = tuple[web.AbstractResource | None, str, int]
Count: TypeAlias = Callable[..., None]
Observe: TypeAlias = Callable[[float, dict[str, str] | None], None]


class Requests(dict[Kind, tuple[Count, Observe]]):
    """Counts and times requests; what counts those of one kind is looked up once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._answers = Counter(
            PREFIX + "http_requests",
            "HTTP requests answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            PREFIX + "http_request_duration_seconds",
            "Time until the answer was ready, or a stream was at its end.",
            ("route",),
            buckets=BUCKETS,
            registry=registry,
        )

    def note(self, request: web.Request, status: int, seconds: float) -> None:
        """Count one request that was answered so, after so many seconds."""
        resource = request.match_info.route.resource  # None where no route is
        method = request.method if request.method in METHODS else OTHER
        count, observe = self[resource, method, status]
        trace_id = CURRENT.get().trace_id
        exemplar = {"trace_id": trace_id} if trace_id else None
        count(exemplar=exemplar)
        observe(seconds, exemplar)

    def __missing__(self, kind: Kind) -> tuple[Count, Observe]:
        resource, method, status = kind
        route = OTHER if resource is None else resource.canonical
        counted = self._answers.labels(route, method, status)
        timed = self._seconds.labels(route)
        self[kind] = counted.inc, timed.observe
        return self[kind]
