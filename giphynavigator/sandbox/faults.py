"""The faults: their names, the one of the moment, and the answers they consist of.

Faults that are no answer but a behaviour are in misbehaviour.py.
"""

import math
import zlib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from .envelopes import refusal_body, unknown_body
from .ids import stable_bytes


class FaultName(StrEnum):
    """Every way the sandbox can fail."""

    SLOW = "slow"
    SYNTHETIC_200 = "synthetic-200"
    HTTP_400 = "http-400"
    HTTP_401 = "http-401"
    HTTP_403 = "http-403"
    HTTP_403_KONG = "http-403-kong"
    HTTP_404 = "http-404"
    HTTP_429 = "http-429"
    HTTP_429_KONG = "http-429-kong"
    HTTP_500 = "http-500"
    HTTP_503 = "http-503"
    HTML = "html"
    HTML_502 = "html-502"
    GARBAGE = "garbage"
    NOT_UTF8 = "not-utf8"
    WRONG_TYPES = "wrong-types"
    WRONG_GIFS = "wrong-gifs"
    NO_URLS = "no-urls"
    CUT_OFF = "cut-off"
    ENDLESS = "endless"
    DRIP = "drip"
    NESTED = "nested"
    BOMB = "bomb"
    REDIRECT = "redirect"
    RESET = "reset"
    HANG = "hang"
    GARBAGE_STATUS = "garbage-status"
    HUGE_HEADER = "huge-header"


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault, for so many calls (None: until cleared), after a delay in seconds."""

    name: FaultName
    times: int | None = None
    delay: float = 0.0
    retry_after: float | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more")
        seconds = (self.delay, self.retry_after or 0.0)
        if not all(math.isfinite(value) and value >= 0 for value in seconds):
            raise ValueError("delay and retry_after must be seconds, 0 or more")


class Faults:
    """The fault of the moment; none at first."""

    def __init__(self) -> None:
        self._current: Fault | None = None

    @property
    def current(self) -> Fault | None:
        """What the next call will meet; None when it will be answered well."""
        return self._current

    def set(
        self,
        name: str,
        *,
        times: int | None = None,
        delay: float = 0.0,
        retry_after: float | None = None,
    ) -> None:
        """Fail the next calls so; a name there is not is a ValueError."""
        self.put(Fault(FaultName(name), times, delay, retry_after))

    def put(self, fault: Fault) -> None:
        """Fail the next calls so."""
        self._current = fault

    def clear(self) -> None:
        """Be good again."""
        self._current = None

    def take(self) -> Fault | None:
        """Return the fault this call meets, and count it."""
        fault = self._current
        if fault is not None and fault.times is not None:
            left = fault.times - 1
            self._current = msgspec.structs.replace(fault, times=left) if left else None
        return fault


_JSON = "application/json"
_HTML = "text/html"
_RESPONSE_ID = stable_bytes("canned", size=20).hex()
_META = f'"meta":{{"status":200,"msg":"OK","response_id":"{_RESPONSE_ID}"}}'.encode()
_ONE = b'"pagination":{"total_count":1,"count":1,"offset":0}'
_MANY = b'"pagination":{"total_count":"many","count":null,"offset":[]}'
_MEGABYTE = 2**20
_BOMB_MEGABYTES = 1024
# 136 bytes, as recorded: HTTP says 200 and nothing in it is true.
_SYNTHETIC = b"""{
        "data": [], 
        "meta": {
          "status": 200, 
          "msg": "OK", 
          "response_id": ""
        }
      }"""  # noqa: W291 - the spaces at the ends were recorded too


class FaultyAnswer(NamedTuple):
    """A whole answer, always the same."""

    status: int
    body: bytes
    content_type: str = _JSON
    headers: Mapping[str, str] = {}


def _refusal(status: int, message: str, **headers: str) -> FaultyAnswer:
    return FaultyAnswer(status, refusal_body(status, message), headers=headers)


FAULTY_ANSWERS: Final[Mapping[FaultName, FaultyAnswer]] = {
    FaultName.SYNTHETIC_200: FaultyAnswer(
        200,
        _SYNTHETIC,
        headers={"Retry-After": "0", "Age": "90", "Cache-Control": "max-age=30"},
    ),
    FaultName.HTTP_400: _refusal(400, "Bad Request"),
    FaultName.HTTP_401: _refusal(401, "Unauthorized"),
    FaultName.HTTP_403: _refusal(403, "BANNED", **{"Retry-After": "0"}),
    FaultName.HTTP_403_KONG: FaultyAnswer(
        403, b'{"message":"Invalid authentication credentials"}'
    ),
    FaultName.HTTP_404: FaultyAnswer(404, unknown_body(_RESPONSE_ID)),
    FaultName.HTTP_429: _refusal(429, "API rate limit exceeded"),
    FaultName.HTTP_429_KONG: FaultyAnswer(
        429, b'{"message":"API rate limit exceeded"}'
    ),
    FaultName.HTTP_500: _refusal(500, "Internal Server Error"),
    FaultName.HTTP_503: _refusal(503, "Service Unavailable"),
    FaultName.HTML: FaultyAnswer(
        200, b"<!doctype html><title>GIPHY</title><h1>Hello</h1>\n", _HTML
    ),
    FaultName.HTML_502: FaultyAnswer(
        502, b"<html><h1>502 Bad Gateway</h1></html>\n", _HTML
    ),
    FaultName.GARBAGE: FaultyAnswer(
        200, b'{"data": [{"id": "abc", }}} this is not JSON'
    ),
    FaultName.NOT_UTF8: FaultyAnswer(
        200, b'{"data":[{"id":"\xff\xfe\xc3("}],%b,%b}' % (_ONE, _META)
    ),
    FaultName.WRONG_TYPES: FaultyAnswer(200, b'{"data":"cats",%b,%b}' % (_MANY, _META)),
    FaultName.WRONG_GIFS: FaultyAnswer(
        200,
        b'{"data":[{"id":1,"url":2,"title":3,"images":[4]}],%b,%b}' % (_ONE, _META),
    ),
    FaultName.NESTED: FaultyAnswer(200, b"[" * 1_000_000),
    FaultName.REDIRECT: FaultyAnswer(
        302, b"", headers={"Location": "http://127.0.0.1:9/"}
    ),
    FaultName.HUGE_HEADER: FaultyAnswer(
        200, _SYNTHETIC, headers={"X-Padding": "x" * 100_000}
    ),
}


@lru_cache(maxsize=1)
def bomb() -> bytes:
    """Return a megabyte of gzip that unpacks to a gigabyte of spaces, in a while."""
    spaces = b" " * _MEGABYTE
    # A full flush makes the packer start afresh: every megabyte packs the same.
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(_BOMB_MEGABYTES):
        checksum = zlib.crc32(spaces, checksum)
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    size = _BOMB_MEGABYTES * _MEGABYTE
    trailer = checksum.to_bytes(4, "little") + size.to_bytes(4, "little")
    return b"".join((header, packed * _BOMB_MEGABYTES, packer.flush(), trailer))
