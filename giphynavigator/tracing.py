"""Which request this is: an id for its answer and its lines in the log, and its trace.

Nothing is sent anywhere. Whoever runs a tracing system finds its trace ids in the
log and beside the numbers in /metrics.
"""

import itertools
import re
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

from aiohttp import web
from msgspec import Struct

REQUEST_ID: Final = "X-Request-ID"

SANE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/=-]{0,63}")
"""An id that a caller may choose; any other text is not repeated."""

TRACEPARENT: Final = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
"""The header of W3C's Trace Context; later versions may have more at the end."""


class Trace(Struct, frozen=True):
    """The id of a request, and of the trace that it is part of, "" for none."""

    request_id: str
    trace_id: str = ""


NO_REQUEST: Final = Trace("")
CURRENT: Final[ContextVar[Trace]] = ContextVar("trace", default=NO_REQUEST)
"""The request in whose course something happens."""

_mine = f"{secrets.token_hex(6)}-"
_numbers = itertools.count(1)


def trace_of(request: web.BaseRequest) -> Trace:
    """Give the request's trace, from now on the current one."""
    headers = request.headers
    given = headers.get(REQUEST_ID)
    parent = headers.get("traceparent")
    trace = Trace(
        given if given and SANE.fullmatch(given) else f"{_mine}{next(_numbers):x}",
        trace_id(parent) if parent else "",
    )
    CURRENT.set(trace)
    return trace


def trace_id(parent: str) -> str:
    """Give the trace id of a traceparent header, "" if it is not well-formed."""
    found = TRACEPARENT.match(parent)
    if found is None or (parent.startswith("00") and found.end() != len(parent)):
        return ""
    return found[1]


def trace_fields() -> Mapping[str, str]:
    """Give what a log line says of the current request; nothing outside of one."""
    trace = CURRENT.get()
    fields = {"request_id": trace.request_id, "trace_id": trace.trace_id}
    return {name: value for name, value in fields.items() if value}
