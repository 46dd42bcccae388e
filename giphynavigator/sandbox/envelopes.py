"""The bodies Giphy's answers come in, good and bad."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

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

# 136 bytes, as recorded: HTTP says 200 and nothing in it is true.
SYNTHETIC: Final = b"""{
        "data": [], 
        "meta": {
          "status": 200, 
          "msg": "OK", 
          "response_id": ""
        }
      }"""  # noqa: W291 - the spaces at the ends were recorded too


class Refused(Exception):
    """Giphy does not answer this question."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Unknown(Exception):
    """Giphy has no such gif, or none the rating allows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question is answered with; Giphy does not page everything."""

    data: Any
    pagination: dict[str, Any] | None = None


def pagination(total: int, count: int, offset: int) -> dict[str, int]:
    """Return where in the whole a page lies."""
    return {"total_count": total, "count": count, "offset": offset}


def answer_body(answer: Answer, response_id: str) -> bytes:
    """Return a good answer."""
    meta = {"status": 200, "msg": "OK", "response_id": response_id}
    body = {"data": answer.data, "meta": meta}
    if answer.pagination is not None:
        body["pagination"] = answer.pagination
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
