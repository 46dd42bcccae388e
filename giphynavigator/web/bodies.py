"""JSON bodies: a Struct says what is allowed, and `read_body` holds callers to it."""

import asyncio
import re
import zlib
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final, TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct, inspect

from giphynavigator.errors import InvalidBody, TooLarge, UnknownField, shortened
from giphynavigator.shapes import located
from giphynavigator.web.wording import TEXT, bare, described

S = TypeVar("S", bound=Struct)

UNKNOWN: Final = re.compile(
    r"Object contains unknown field `(.*?)`(?: - at `\$\.?(.*)`)?$", re.DOTALL
)
MISSING: Final = object()
LAST_WHOLE: Final = 2.0**53
"""From here on a number with a point or an exponent does not say which one it is."""
IN_TIME: Final = 30.0
"""Seconds that a body may take to come."""
GZIP: Final = b"\x1f\x8b"
"""How what gzip has packed begins, and no JSON and no form."""


async def received(request: web.BaseRequest, patience: float = IN_TIME) -> bytes:
    """Give the body of a request, or raise InvalidBody for what is no whole one.

    One that is bigger than is allowed, packed or not, raises TooLarge. (It comes as
    it was sent, unless a server unpacks what comes to it, as those of tests do.)
    """
    try:
        async with asyncio.timeout(patience):
            body = await request.read()
        return unpacked(body, request.client_max_size)
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(request.client_max_size) from None
    except TimeoutError:
        problem = f"must be whole within {patience:g} seconds"
        raise InvalidBody("body", problem) from None
    except (web.RequestPayloadError, ConnectionError, zlib.error):
        problem = "must be whole, and packed as its Content-Encoding says"
        raise InvalidBody("body", problem) from None


def unpacked(body: bytes, most: int) -> bytes:
    """Give what gzip has packed, if it has, or raise TooLarge or zlib.error."""
    if not body.startswith(GZIP):
        return body
    unpacking = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    whole = unpacking.decompress(body, most + 1)
    if len(whole) > most:
        raise TooLarge(most)
    if not unpacking.eof:
        raise zlib.error("it ends in its middle")
    return whole


def read_body(shape: type[S], body: bytes) -> S:
    """Give a JSON body as the shape has it, or raise what names the field at fault.

    A shape may refuse what msgspec cannot in `__post_init__`, by a ValueError that
    goes on after "body": "must have choices or a query".
    """
    try:
        value = DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        shown = shortened(repr(body[:200].decode(errors="replace")))
        raise InvalidBody("body", f"must be JSON, not {shown}") from None
    try:
        found = msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise refusal(inspect.type_info(shape), value, error) from None
    for path, text in texts(value):
        if "\0" in text:
            raise InvalidBody(path or "body", "must not hold the character NUL")
    return found


def number(text: str) -> float:
    """Give what a number with a point or an exponent is: to JSON 8.0 is whole."""
    value = float(text)
    if not isfinite(value):
        raise ValueError("no number that can be told")
    return int(value) if value.is_integer() and abs(value) < LAST_WHOLE else value


DECODER: Final = msgspec.json.Decoder(float_hook=number)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every text in a value that has a shape, and the path to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from texts(part, f"{path}[{index}]")


def refusal(
    shape: inspect.Type, value: Any, error: msgspec.ValidationError
) -> InvalidBody | UnknownField:
    """Say in our words what msgspec refuses: it names Python's types."""
    path, complaint = located(error)
    if error.__cause__ is not None:
        return InvalidBody(path or "body", complaint)
    if unknown := UNKNOWN.match(str(error)):
        name, parent = unknown[1], unknown[2] or ""
        known, _ = standing_at(parent, shape, value)
        return UnknownField(f"{parent}.{name}".lstrip("."), fields_of(known))
    known, found = standing_at(path, shape, value)
    if found is MISSING:
        return InvalidBody(path, f"is missing; it must be {described(known)}")
    return InvalidBody(path or "body", f"must be {allowed(known, found)}")


def standing_at(path: str, known: inspect.Type, value: Any) -> tuple[inspect.Type, Any]:
    """Give what is allowed at a path such as `queries[0]`, and what is there."""
    whole, found = known, value
    try:
        for step in re.findall(r"[^.\[\]]+", path):
            if isinstance(whole := bare(whole), inspect.ListType):
                whole, found = whole.item_type, found[int(step)]
            else:
                whole = fields_of(whole)[step]
                found = found.get(step, MISSING)
    except (AttributeError, LookupError, TypeError, ValueError):
        return known, value  # a field that a caller named as if it were a path
    return whole, found


def fields_of(known: inspect.Type) -> dict[str, inspect.Type]:
    """Give the fields of an object, by the names that JSON has for them."""
    whole = bare(known)
    fields = whole.fields if isinstance(whole, inspect.StructType) else ()
    return {field.encode_name: field.type for field in fields}


def allowed(known: inspect.Type, value: Any) -> str:
    """Say what is allowed in the place of a value, and what the value is."""
    words = described(known)
    is_text = isinstance(bare(known), inspect.StrType)
    if is_text and not isinstance(value, str) and words != TEXT:
        words = f"{TEXT} of {words}"
    return f"{words}, not {shortened(msgspec.json.encode(value).decode())}"
