"""Query parameters: a Struct says what is allowed, and `read` holds callers to it.

The bounds stand in the fields' types and nowhere else; the sentence that refuses
a value is made from them.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct, inspect

from giphynavigator.errors import (
    InvalidBody,
    InvalidParameter,
    RepeatedParameter,
    UnknownParameter,
)
from giphynavigator.shapes import Lang, Rating, located

LAST_OFFSET: Final = 4999
LAST_TRENDING_OFFSET: Final = 499
"""Where Giphy's lists end: behind these there is nothing."""

Query: TypeAlias = Annotated[str, Meta(max_length=50)]
Limit: TypeAlias = Annotated[int, Meta(ge=1, le=50)]
Offset: TypeAlias = Annotated[int, Meta(ge=0, le=LAST_OFFSET)]
TrendingOffset: TypeAlias = Annotated[int, Meta(ge=0, le=LAST_TRENDING_OFFSET)]
GifId: TypeAlias = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z0-9_-]{1,64}$",
        description="1 to 64 letters, digits, hyphens and underscores",
    ),
]


class Parameters(Struct, frozen=True, kw_only=True):
    """A set of query parameters; what is None was not given."""


class SearchParameters(Parameters, frozen=True):
    """What `GET /` understands."""

    query: Query | None = None
    limit: Limit | None = None


class GifParameters(SearchParameters, frozen=True):
    """What `GET /gifs` understands."""

    offset: Offset = 0
    rating: Rating | None = None
    lang: Lang | None = None


class TrendingParameters(Parameters, frozen=True):
    """What `GET /gifs/trending` understands."""

    limit: Limit | None = None
    offset: TrendingOffset = 0


class QueryParameters(Parameters, frozen=True):
    """What `GET /gifs/random` and `GET /suggestions` understand."""

    query: Query | None = None


P = TypeVar("P", bound=Parameters)
S = TypeVar("S", bound=Struct)


def read(shape: type[P], given: Mapping[str, str]) -> P:
    """Give the parameters as the shape has them, or raise InvalidParameter.

    Texts are trimmed. A parameter that is not of the shape, or given twice, is
    refused.
    """
    types = _types(shape)
    values = {}
    for name, text in given.items():
        if name not in types:
            raise UnknownParameter(name, types)
        if name in values:
            raise RepeatedParameter(name)
        values[name] = convert(name, text, types[name])
    return shape(**values)


def convert(name: str, text: str, kind: Any) -> Any:
    """Give one text as the type has it, or raise InvalidParameter."""
    text = text.strip()
    whole = _member(kind)
    if isinstance(whole, inspect.IntType) and not re.fullmatch(r"-?[0-9]+", text):
        raise InvalidParameter(name, text, describe(kind))
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError:
        raise InvalidParameter(name, text, describe(kind)) from None


def describe(kind: Any) -> str:
    """Say in words what a type allows."""
    if words := _words(kind):
        return words
    whole = _member(kind)
    if isinstance(whole, inspect.IntType):
        return f"a whole number from {whole.ge} to {whole.le}"
    if isinstance(whole, inspect.LiteralType):
        return f"one of {', '.join(map(str, whole.values))}"
    if isinstance(whole, inspect.StrType) and whole.max_length:
        return f"at most {whole.max_length} characters"
    raise TypeError(f"no words for {whole}")


def read_body(shape: type[S], body: bytes) -> S:
    """Give a JSON body as the shape has it, or raise InvalidBody."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidBody("body", "is not JSON") from None
    return shaped(shape, value)


def shaped(shape: type[S], value: Any) -> S:
    """Give a value as the shape has it, or raise InvalidBody that names the field."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        field, problem = located(error)
        raise InvalidBody(field or "body", problem) from None


@cache
def _types(shape: type[Parameters]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(shape)}


def _words(kind: Any) -> str:
    """Give the words that the type itself has for what it allows."""
    whole = inspect.type_info(kind)
    schema = whole.extra_json_schema if isinstance(whole, inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


@cache
def _member(kind: Any) -> inspect.Type:
    """Give what a type is apart from "or None"."""
    whole = inspect.type_info(kind)
    if isinstance(whole, inspect.Metadata):
        whole = whole.type
    if isinstance(whole, inspect.UnionType):
        (whole,) = (t for t in whole.types if not isinstance(t, inspect.NoneType))
    return whole
