"""Everything that can go wrong, and the HTTP status each kind has.

The parent decides the status; a feature adds leaves, never statuses::

    NavigatorError
    ├── BadRequest             400   the caller must ask differently
    │   ├── InvalidParameter         names parameter, value and what is allowed
    │   └── InvalidBody              names the field and what is wrong with it
    ├── NotFound               404   there is no such thing
    ├── TooManyRequests        429   this client asks too often
    ├── BadGateway             502   Giphy refused, failed or talked nonsense
    ├── Unavailable            503   not now; says when to come again
    ├── GatewayTimeout         504   Giphy is too slow
    └── Misconfigured          500   stops the program at its start

An error takes facts and writes its own sentence. That sentence is shown to
callers: it holds no key, no path of the machine and no text of a foreign error.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar


class NavigatorError(Exception):
    """Root of everything this program raises by itself."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def headers(self) -> Mapping[str, str]:
        """HTTP headers that belong to the answer."""
        return {}

    def problem(self) -> dict[str, object]:
        """Give the members of RFC 9457's problem details; the class is the type."""
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(self).__name__)
        return {
            "type": f"urn:giphynavigator:{words.lower().replace(' ', '-')}",
            "title": words.capitalize(),
            "status": int(self.status),
            "detail": str(self),
        }


class BadRequest(NavigatorError):
    """The request can never succeed as it was put."""

    status = HTTPStatus.BAD_REQUEST


class InvalidParameter(BadRequest):
    """One parameter is at fault; says which, what it was and what is allowed."""

    def __init__(self, parameter: str, value: object, allowed: str) -> None:
        shown = repr(value)
        if len(shown) > 80:  # noqa: PLR2004 - a sentence, not an echo of 8 KB
            shown = f"{shown[:76]}...{shown[0]}"
        super().__init__(f"{parameter} must be {allowed}, not {shown}")
        self.parameter = parameter

    def problem(self) -> dict[str, object]:
        """Give the problem details, with the parameter that is at fault."""
        return {**super().problem(), "parameter": self.parameter}


class InvalidBody(BadRequest):
    """The body is not what is asked for; names the field, "body" for the whole."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.parameter = field

    def problem(self) -> dict[str, object]:
        """Give the problem details, with the field that is at fault."""
        return {**super().problem(), "parameter": self.parameter}


class NotFound(NavigatorError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class TooManyRequests(NavigatorError):
    """Asked too often by one client; `retry_after` is in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """Retry-After in whole seconds, never 0."""
        return {"Retry-After": whole_seconds(self.retry_after)}


class BadGateway(NavigatorError):
    """Giphy refused, failed, could not be reached or talked nonsense."""

    status = HTTPStatus.BAD_GATEWAY


class Unavailable(NavigatorError):
    """Not now; `retry_after` says in how many seconds it is worth another try."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """Retry-After in whole seconds, never 0."""
        return {"Retry-After": whole_seconds(self.retry_after)}


class GatewayTimeout(NavigatorError):
    """Giphy did not answer within the deadline."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class Misconfigured(NavigatorError):
    """The settings cannot be used; one line that names file and key."""


def whole_seconds(seconds: float) -> str:
    """Render a delay for Retry-After: rounded up, at least 1."""
    return str(max(1, int(-(-seconds // 1))))
