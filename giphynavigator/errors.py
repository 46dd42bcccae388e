"""Everything that can go wrong, and the HTTP status each kind has.

The parent decides the status; a feature adds leaves, never statuses::

    NavigatorError
    ├── PlainError                   what aiohttp refuses, and what nobody foresaw
    ├── BadRequest             400   the caller must ask differently
    │   └── Misused                  names the parameter or field at fault
    │       ├── MissingParameter, InvalidParameter, UnknownParameter
    │       ├── RepeatedParameter
    │       └── InvalidBody, UnknownField
    ├── Unauthorized           401   a token must be shown
    ├── Forbidden              403   no token helps
    ├── NotFound               404   there is no such thing
    ├── Conflict               409   it is not such that this could be done to it
    ├── PreconditionFailed     412   it has changed since the caller saw it
    ├── TooLarge               413   the body has more bytes than any needs
    ├── Misdirected            421   the service has no such name
    ├── ComeAgain                    not now; says in how many seconds
    │   ├── TooManyRequests    429   this client asks too often
    │   └── Unavailable        503   quota spent, Giphy cut off, too much at once
    ├── BadGateway             502   Giphy refused, failed or talked nonsense
    ├── GatewayTimeout         504   Giphy is too slow
    └── Misconfigured          500   stops the program at its start

An error takes facts and writes its own sentence. That sentence is shown to
callers: it holds no key, no path of the machine and no text of a foreign error.
"""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import ClassVar, Final

LONGEST: Final = 80
"""Characters of a caller's text that are shown at most."""


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


class PlainError(NavigatorError):
    """An error of which no more is said than its status says."""

    def problem(self) -> dict[str, object]:
        """Give the problem details, of no type and with the status's own title."""
        plain = {"type": "about:blank", "title": self.status.phrase}
        return {**super().problem(), **plain}


class BadRequest(NavigatorError):
    """The request can never succeed as it was put."""

    status = HTTPStatus.BAD_REQUEST


class Misused(BadRequest):
    """One parameter, or one field of a body, is at fault; says which."""

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = shortened(parameter)

    def problem(self) -> dict[str, object]:
        """Give the problem details, with the parameter that is at fault."""
        return {**super().problem(), "parameter": self.parameter}


class MissingParameter(Misused):
    """A parameter that has to be given is not."""

    def __init__(self, parameter: str) -> None:
        super().__init__(parameter, f"{parameter} is missing")


class InvalidParameter(Misused):
    """The value of a parameter is out of bounds; says what is allowed."""

    def __init__(self, parameter: str, value: object, allowed: str) -> None:
        shown = shortened(repr(value))
        super().__init__(parameter, f"{parameter} must be {allowed}, not {shown}")


class UnknownParameter(Misused):
    """There is no such parameter; says which there are."""

    def __init__(self, parameter: str, known: Iterable[str]) -> None:
        super().__init__(parameter, f"there is no parameter {listed(parameter, known)}")


class RepeatedParameter(Misused):
    """A parameter is given more than once."""

    def __init__(self, parameter: str) -> None:
        super().__init__(parameter, f"{parameter} may be given once only")


class InvalidBody(Misused):
    """A field of the body, "body" for the whole, is not as it must be; says how.

    The complaint follows the field's name in the sentence.
    """

    def __init__(self, field: str, complaint: str) -> None:
        super().__init__(field, f"{shortened(field)} {complaint}")


class UnknownField(Misused):
    """There is no such field in the body; says which there are."""

    def __init__(self, field: str, known: Iterable[str]) -> None:
        super().__init__(field, f"there is no field {listed(field, known)}")


class Unauthorized(NavigatorError):
    """A token must be shown, and none of this service's was."""

    status = HTTPStatus.UNAUTHORIZED

    @property
    def headers(self) -> Mapping[str, str]:
        """WWW-Authenticate, as a 401 must."""
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(NavigatorError):
    """It may not be done, whatever token is shown."""

    status = HTTPStatus.FORBIDDEN


class NotFound(NavigatorError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class Conflict(NavigatorError):
    """The thing is not, or no longer, such that this could be done to it."""

    status = HTTPStatus.CONFLICT


class PreconditionFailed(NavigatorError):
    """The thing is not any more as the caller knew it."""

    status = HTTPStatus.PRECONDITION_FAILED


class TooLarge(NavigatorError):
    """The body is bigger than any has to be."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, most: int) -> None:
        super().__init__(f"a body must have at most {most} bytes")


class Misdirected(NavigatorError):
    """The request is meant for a server of another name."""

    status = HTTPStatus.MISDIRECTED_REQUEST


class ComeAgain(NavigatorError):
    """Not now; `retry_after` says in how many seconds it is worth another try."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """Retry-After in whole seconds, never 0."""
        return {"Retry-After": whole_seconds(self.retry_after)}


class TooManyRequests(ComeAgain):
    """Asked too often by one client."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class BadGateway(NavigatorError):
    """Giphy refused, failed, could not be reached or talked nonsense."""

    status = HTTPStatus.BAD_GATEWAY


class Unavailable(ComeAgain):
    """Giphy is not to be asked now, or more is asked than can be served."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class GatewayTimeout(NavigatorError):
    """Giphy did not answer within the deadline."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class Misconfigured(NavigatorError):
    """The settings cannot be used; one line that names file and key."""


def listed(name: str, known: Iterable[str]) -> str:
    """Put a wrong name beside those that are known."""
    return f"{shortened(repr(name))}; known: {', '.join(known) or 'none'}"


def shortened(text: str) -> str:
    """Cut a text that a caller sent: a sentence is no echo of 8 KB.

    Bytes that were no UTF-8 become question marks, so that it can be said at all.
    """
    text = text.encode(errors="replace").decode()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]}...{text[-1]}"


def whole_seconds(seconds: float) -> str:
    """Render a delay for Retry-After: rounded up, at least 1."""
    return str(max(1, int(-(-seconds // 1))))
