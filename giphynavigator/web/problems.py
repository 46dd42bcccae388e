"""Errors to answers: a page for people, problem details (RFC 9457) for programs."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, TypeAlias

import msgspec
from aiohttp import web

from giphynavigator.errors import NavigatorError, PlainError
from giphynavigator.security.origins import ANY_ORIGIN, may_be_read_elsewhere
from giphynavigator.tracing import CURRENT
from giphynavigator.web.browsers import wants_page
from giphynavigator.web.rendering import error_page
from giphynavigator.web.unforeseen import noted

KEPT_HEADERS: Final = ("Allow", "WWW-Authenticate", "Retry-After")
"""What is worth keeping of the headers of aiohttp's own errors."""

Refusal: TypeAlias = Callable[[NavigatorError], web.Response]
"""Puts an error as the clients of one part of the service expect it."""


class Refused(PlainError):
    """An error of aiohttp's: 404, 405, 413 and their like."""

    def __init__(self, error: web.HTTPException) -> None:
        status = HTTPStatus(error.status)
        super().__init__(status.description or status.phrase)
        self.status = status  # type: ignore[misc]  # one class for all of them
        self._kept = {k: v for k, v in error.headers.items() if k in KEPT_HEADERS}

    @property
    def headers(self) -> Mapping[str, str]:
        """HTTP headers that belong to the answer."""
        return self._kept


class Problems:
    """Gives the answer for whatever is raised, and logs what nobody foresaw.

    `elsewhere` says for beginnings of paths that errors are put differently there.
    """

    def __init__(self, elsewhere: Mapping[str, Refusal]) -> None:
        self._elsewhere = elsewhere

    def answer(self, request: web.Request, error: Exception) -> web.Response:
        """Give the answer that tells the caller of an error."""
        known = as_ours(error)
        for place, refusal in self._elsewhere.items():
            if f"{request.path}/".startswith(place):
                return refusal(known)
        if wants_page(request):
            return error_page(request, known.problem(), known.headers)
        answer = problem_json(known)
        if may_be_read_elsewhere(request):
            answer.headers.update(ANY_ORIGIN)
        return answer


def as_ours(error: Exception) -> NavigatorError:
    """Give the error as one of ours; one that nobody foresaw goes into the log."""
    if isinstance(error, NavigatorError):
        return error
    return Refused(error) if isinstance(error, web.HTTPException) else noted(error)


def problem_json(error: NavigatorError) -> web.Response:
    """Give the problem details."""
    problem = {**error.problem(), "request_id": CURRENT.get().request_id}
    return web.Response(
        body=msgspec.json.encode(problem),
        status=error.status,
        content_type="application/problem+json",
        headers={"Vary": "Accept", **error.headers},
    )
