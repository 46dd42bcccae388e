"""Errors to answers: one shape, RFC 9457, and nothing in it that is not meant."""

import logging
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from giphynavigator.errors import NavigatorError

log = logging.getLogger(__name__)

KEPT_HEADERS: Final = ("Allow", "Location", "WWW-Authenticate", "Retry-After")
"""What is worth keeping of the headers of aiohttp's own errors."""


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer whatever is raised with problem+json; log what nobody foresaw."""
    try:
        return await handler(request)
    except NavigatorError as error:
        return from_error(error)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return from_http(error)
    except Exception as error:  # noqa: BLE001 - the last one to see it
        return from_fault(error)


def from_error(error: NavigatorError) -> web.Response:
    """Give the answer for one of our errors: its class is the type of problem."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__)
    extra = {"parameter": name} if (name := getattr(error, "parameter", "")) else {}
    return problem(
        error.status,
        str(error),
        kind=f"urn:giphynavigator:{words.lower().replace(' ', '-')}",
        title=words.capitalize(),
        headers=error.headers,
        **extra,
    )


def from_http(error: web.HTTPException) -> web.Response:
    """Give the answer for an error of aiohttp's: 404, 405, 413 and their like."""
    status = HTTPStatus(error.status)
    headers = {k: v for k, v in error.headers.items() if k in KEPT_HEADERS}
    return problem(status, status.description or status.phrase, headers=headers)


def from_fault(error: Exception) -> web.Response:
    """Give a bare 500, with an id that is in the log beside the traceback."""
    fault = secrets.token_hex(8)
    log.error("unexpected fault %s", fault, exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "something went wrong here; the log knows more by this id",
        id=fault,
    )


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    kind: str = "about:blank",
    title: str = "",
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> web.Response:
    """Give a problem+json answer that pages of any origin may read."""
    body = {
        "type": kind,
        "title": title or status.phrase,
        "status": int(status),
        "detail": detail,
        **extra,
    }
    return web.Response(
        body=msgspec.json.encode(body),
        status=status,
        content_type="application/problem+json",
        headers={"Access-Control-Allow-Origin": "*", **(headers or {})},
    )
