"""Bad answers that are always the same bytes."""

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from .envelopes import SYNTHETIC, refusal_body, unknown_body
from .faults import FaultName
from .stable import stable_bytes

_JSON = "application/json"
_HTML = "text/html"
_RESPONSE_ID = stable_bytes("canned", size=20).hex()
_META = f'"meta":{{"status":200,"msg":"OK","response_id":"{_RESPONSE_ID}"}}'.encode()
_ONE = b'"pagination":{"total_count":1,"count":1,"offset":0}'
_MEGABYTE = 2**20
_BOMB_MEGABYTES = 1024


class Canned(NamedTuple):
    """A whole answer."""

    status: int
    body: bytes
    content_type: str = _JSON
    headers: Mapping[str, str] = {}


CANNED: Final[Mapping[FaultName, Canned]] = {
    FaultName.SYNTHETIC_200: Canned(
        200,
        SYNTHETIC,
        headers={"Retry-After": "0", "Age": "90", "Cache-Control": "max-age=30"},
    ),
    FaultName.HTTP_400: Canned(400, refusal_body(400, "Bad Request")),
    FaultName.HTTP_401: Canned(401, refusal_body(401, "Unauthorized")),
    FaultName.HTTP_403: Canned(
        403, refusal_body(403, "BANNED"), headers={"Retry-After": "0"}
    ),
    FaultName.HTTP_403_KONG: Canned(
        403, b'{"message":"Invalid authentication credentials"}'
    ),
    FaultName.HTTP_404: Canned(404, unknown_body(_RESPONSE_ID)),
    FaultName.HTTP_429: Canned(429, refusal_body(429, "API rate limit exceeded")),
    FaultName.HTTP_429_KONG: Canned(429, b'{"message":"API rate limit exceeded"}'),
    FaultName.HTTP_500: Canned(500, refusal_body(500, "Internal Server Error")),
    FaultName.HTTP_503: Canned(503, refusal_body(503, "Service Unavailable")),
    FaultName.HTML: Canned(
        200, b"<!doctype html><title>GIPHY</title><h1>Hello</h1>\n", _HTML
    ),
    FaultName.HTML_502: Canned(502, b"<html><h1>502 Bad Gateway</h1></html>\n", _HTML),
    FaultName.GARBAGE: Canned(200, b'{"data": [{"id": "abc", }}} this is not JSON'),
    FaultName.NOT_UTF8: Canned(
        200, b'{"data":[{"id":"\xff\xfe\xc3("}],' + _ONE + b"," + _META + b"}"
    ),
    FaultName.WRONG_TYPES: Canned(
        200,
        b'{"data":"cats","pagination":{"total_count":"many","count":null,"offset":[]},'
        + _META
        + b"}",
    ),
    FaultName.WRONG_GIFS: Canned(
        200,
        b'{"data":[{"id":1,"url":2,"title":3,"images":[4]}],'
        + _ONE
        + b","
        + _META
        + b"}",
    ),
    FaultName.NESTED: Canned(200, b"[" * 1_000_000),
    FaultName.REDIRECT: Canned(302, b"", headers={"Location": "http://127.0.0.1:9/"}),
    FaultName.HUGE_HEADER: Canned(200, SYNTHETIC, headers={"X-Padding": "x" * 100_000}),
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
