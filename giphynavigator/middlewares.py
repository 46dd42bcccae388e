"""Errors to answers: one shape, RFC 9457, and nothing in it that is not meant."""

import logging
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from giphynavigator.clients import Clients
from giphynavigator.errors import NavigatorError, TooManyRequests
from giphynavigator.resilience.clients import ClientLimits

log = logging.getLogger(__name__)

KEPT_HEADERS: Final = ("Allow", "Location", "WWW-Authenticate", "Retry-After")
"""What is worth keeping of the headers of aiohttp's own errors."""

UNLIMITED: Final = frozenset({"/livez", "/readyz", "/metrics", "/favicon.ico"})
"""What those who watch over the service ask for, as often as they like."""


def guarded(
    clients: Callable[[], Clients], limits: Callable[[], ClientLimits]
) -> Middleware:
    """Give the one middleware that stands around every handler.

    It refuses a client who asks too often, answers whatever is raised with
    problem+json, and logs what nobody foresaw. One, because each costs time.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            client = clients().client_of(request)
            if client is not None and request.path not in UNLIMITED:
                await admit(client, limits())
            return await handler(request)
        except NavigatorError as error:
            return from_error(error)
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            return from_http(error)
        except Exception as error:  # noqa: BLE001 - the last one to see it
            return from_fault(error)

    return guard


async def admit(client: str, limits: ClientLimits) -> None:
    """Count a request of the client, or raise TooManyRequests."""
    wait = await limits.check(client)
    if wait > 0:
        raise TooManyRequests("you ask too often", wait)


def from_error(error: NavigatorError) -> web.Response:
    """Give the answer for one of our errors."""
    return answer(error.problem(), error.headers)


def from_http(error: web.HTTPException) -> web.Response:
    """Give the answer for an error of aiohttp's: 404, 405, 413 and their like."""
    status = HTTPStatus(error.status)
    headers = {k: v for k, v in error.headers.items() if k in KEPT_HEADERS}
    return answer(plain_problem(status, status.description or status.phrase), headers)


def from_fault(error: Exception) -> web.Response:
    """Give a bare 500, with an id that is in the log beside the traceback."""
    fault = secrets.token_hex(8)
    log.error("unexpected fault %s", fault, exc_info=error)
    detail = "something went wrong here; the log knows more by this id"
    problem = plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)
    return answer({**problem, "id": fault}, {})


def plain_problem(status: HTTPStatus, detail: str) -> dict[str, object]:
    """Give problem details that say no more than the status does."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
    }


def answer(problem: Mapping[str, object], headers: Mapping[str, str]) -> web.Response:
    """Give a problem+json answer that pages of any origin may read."""
    return web.Response(
        body=msgspec.json.encode(problem),
        status=int(str(problem["status"])),
        content_type="application/problem+json",
        headers={"Access-Control-Allow-Origin": "*", **headers},
    )
