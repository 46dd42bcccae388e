"""Lets whoever runs the sandbox break it, mend it and see what it was asked."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final

import msgspec
from aiohttp import web

from .faults import Fault, FaultName, Faults

control_routes: Final = web.RouteTableDef()

NEWEST = 100_000
_SHOWN = 100


class Call(msgspec.Struct, frozen=True):
    """One request: its path and its query."""

    path: str
    query: dict[str, str]


class CallLog:
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
        return [*islice(reversed(self._newest), number)][::-1]

    def __len__(self) -> int:
        """Return how many calls are remembered."""
        return len(self._newest)

    def __iter__(self) -> Iterator[Call]:
        """Go through the calls, the oldest first."""
        return iter(self._newest)

    def __getitem__(self, place: int) -> Call:
        """Return the call at this place; -1 is the newest."""
        return self._newest[place]


FAULTS: Final = web.AppKey("faults", Faults)
CALLS: Final = web.AppKey("calls", CallLog)


@control_routes.get("/sandbox/fault")
async def show_fault(request: web.Request) -> web.Response:
    """Answer with the fault of the moment and all there are."""
    return _fault(request)


@control_routes.put("/sandbox/fault")
async def put_fault(request: web.Request) -> web.Response:
    """Fail the API calls to come."""
    try:
        fault = msgspec.json.decode(await request.read(), type=Fault)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise web.HTTPBadRequest(reason=" ".join(str(error).split())) from error
    request.app[FAULTS].put(fault)
    return _fault(request)


@control_routes.delete("/sandbox/fault")
async def delete_fault(request: web.Request) -> web.Response:
    """Answer the API calls to come well."""
    request.app[FAULTS].clear()
    return _fault(request)


@control_routes.get("/sandbox/calls")
async def show_calls(request: web.Request) -> web.Response:
    """Answer with the number of API calls and the newest of them."""
    return _calls(request)


@control_routes.delete("/sandbox/calls")
async def delete_calls(request: web.Request) -> web.Response:
    """Count the API calls from 0 again."""
    request.app[CALLS].clear()
    return _calls(request)


def _fault(request: web.Request) -> web.Response:
    return _json({"names": list(FaultName), "current": request.app[FAULTS].current})


def _calls(request: web.Request) -> web.Response:
    calls = request.app[CALLS]
    return _json({"count": calls.count, "last": calls.last(_SHOWN)})


def _json(value: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json"
    )
