"""How Giphy fails: what is raised where it gives no answer that can be used.

What was seen of its refusals, and of its outages that look like answers, is in the
docstrings. No error holds an address: with it would go the key.
"""

from http import HTTPStatus
from typing import Final

from giphynavigator.errors import (
    BadGateway,
    BadRequest,
    GatewayTimeout,
    NavigatorError,
    NotFound,
    Unavailable,
)

ASKING_GIPHY: Final = (BadGateway, Unavailable, GatewayTimeout)
"""How it may end to ask for what only Giphy has."""


class GiphyError(NavigatorError):
    """Giphy did not give an answer that can be used."""


class GiphyRefused(GiphyError, BadGateway):
    """Giphy answered 401, 403 or another 4xx: most likely the key is at fault."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Giphy refused the call with status {status}")
        self.code = status


class GiphyDeclined(GiphyError, BadRequest):
    """Giphy answered 4xx to a call that a client put together.

    It says nothing of Giphy's health. Nor does 403 of the key: there are calls that
    are not for every key.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"Giphy declined the call with status {status}")
        self.code = status


class GiphyFailed(GiphyError, BadGateway):
    """Giphy answered 5xx; `retry_after` is in seconds, None if it did not say."""

    def __init__(self, status: int, retry_after: float | None = None) -> None:
        super().__init__(f"Giphy failed with status {status}")
        self.code = status
        self.retry_after = retry_after


class GiphyUnreachable(GiphyError, BadGateway):
    """No connection to Giphy came about."""

    def __init__(self) -> None:
        super().__init__("Giphy could not be reached")


class GiphyBrokeOff(GiphyError, BadGateway):
    """The connection broke before the answer was whole, or spoke no HTTP."""

    def __init__(self) -> None:
        super().__init__("Giphy's answer broke off or was no HTTP")


class GiphyNonsense(GiphyError, BadGateway):
    """A status of success around something that is no answer.

    Not JSON, another shape, too big, a redirect, or the synthetic 200 that
    Giphy's edge gives while its own systems are down.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"Giphy answered with {what}")


class GiphyBusy(GiphyError, Unavailable):
    """Giphy answered 429: its quota for this key is used up."""

    code = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after: float) -> None:
        super().__init__("Giphy's quota for this key is used up", retry_after)


class GiphyTimeout(GiphyError, GatewayTimeout):
    """No whole answer within the deadline; `seconds` is that deadline."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Giphy did not answer within {seconds:g} seconds")


class GifNotFound(NotFound):
    """Giphy has no GIF of that id, or none that the rating allows."""

    def __init__(self, gif_id: str) -> None:
        super().__init__(f"there is no GIF {gif_id!r}")


class NothingThere(NotFound):
    """Giphy has nothing at this address, or nothing that the rating allows."""

    def __init__(self) -> None:
        super().__init__("Giphy has nothing there")
