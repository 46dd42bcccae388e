"""What Giphy's answers are wrapped in, good ones and bad ones."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

# Written by Giphy's edge, not by its API: hence the lines, and no response_id.
_REFUSAL = """{
      "data": [],
      "meta": {
        "status": %d,
        "msg": %s,
        "response_id": ""
      }
    }"""


class Refused(Exception):
    """Giphy does not answer this request."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Unknown(Exception):
    """Giphy has no such gif, or none the rating allows."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes into an answer beside `meta`; Giphy does not page everything."""

    data: Any
    pagination: dict[str, Any] | None = None


def paged(data: list[Any], total: int, offset: int) -> Envelope:
    """Wrap a page, and say where in the whole it lies."""
    place = {"total_count": total, "count": len(data), "offset": offset}
    return Envelope(data, place)


def good_body(envelope: Envelope, response_id: str) -> bytes:
    """Return a good answer."""
    meta = {"status": 200, "msg": "OK", "response_id": response_id}
    body = {"data": envelope.data, "meta": meta}
    if envelope.pagination is not None:
        body["pagination"] = envelope.pagination
    return msgspec.json.encode(body)


def refusal_body(status: int, message: str) -> bytes:
    """Return what a client gets that may not ask, or not so."""
    return (_REFUSAL % (status, msgspec.json.encode(message).decode())).encode()


def unknown_body(response_id: str) -> bytes:
    """Return what a client gets that asks for a gif that is not there."""
    meta = {
        "msg": "Not Found",
        "status": 404,
        "response_id": response_id,
        "error_code": "404",
    }
    return msgspec.json.encode({"data": [], "meta": meta})
