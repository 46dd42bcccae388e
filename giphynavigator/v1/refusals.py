"""Errors as Giphy puts them: what its SDKs can read, with the status they expect."""

from typing import Any, Final

import msgspec
from aiohttp import web
from msgspec import Struct

from giphynavigator.errors import NavigatorError
from giphynavigator.security.origins import ANY_ORIGIN

PLACES: Final = ("/v1/", "/v2/")
"""Where paths are Giphy's begin."""


class RefusalMeta(Struct, frozen=True):
    """What went wrong; an empty `response_id` marks what Giphy did not answer."""

    status: int
    msg: str
    response_id: str = ""


class Refusal(Struct, frozen=True):
    """An error in the shape that Giphy's edge has for them; there are no data."""

    data: list[Any]
    meta: RefusalMeta


def status_of(error: NavigatorError) -> int:
    """Give the status that Giphy gave, or would give; else that of the error's kind."""
    return int(getattr(error, "code", error.status))


def refusal(error: NavigatorError) -> web.Response:
    """Give an error in the shape that Giphy's edge has for them."""
    status, problem = status_of(error), error.problem()
    message = " ".join(
        str(problem[name]) for name in ("detail", "id") if name in problem
    )
    return web.Response(
        status=status,
        body=msgspec.json.encode(Refusal([], RefusalMeta(status, message))),
        content_type="application/json",
        headers={**error.headers, **ANY_ORIGIN},
    )
