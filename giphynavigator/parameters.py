"""Query parameters: a Struct says what is allowed, and `read` holds callers to it.

The bounds stand in the fields' types and nowhere else; the sentence that refuses
a value is made from them.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct, inspect

from giphynavigator.errors import InvalidBody, InvalidParameter
from giphynavigator.shapes import Lang, Rating, located

Query: TypeAlias = Annotated[str, Meta(max_length=50)]
Limit: TypeAlias = Annotated[int, Meta(ge=1, le=50)]
Offset: TypeAlias = Annotated[int, Meta(ge=0, le=4999)]
TrendingOffset: TypeAlias = Annotated[int, Meta(ge=0, le=499)]
GifId: TypeAlias = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,64}$")]


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
            known = f"known are {', '.join(types)}" if types else "none is known"
            raise InvalidParameter(name, text, f"left out: {known}")
        if name in values:
            raise InvalidParameter(name, text, "given once")
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
    whole = _member(kind)
    if isinstance(whole, inspect.IntType):
        return f"a whole number from {whole.ge} to {whole.le}"
    if isinstance(whole, inspect.LiteralType):
        return f"one of {', '.join(map(str, whole.values))}"
    if isinstance(whole, inspect.StrType) and whole.pattern:
        return f"a text like {whole.pattern}"
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


@cache
def _member(kind: Any) -> inspect.Type:
    """Give what a type is apart from "or None"."""
    whole = inspect.type_info(kind)
    if isinstance(whole, inspect.UnionType):
        (whole,) = (t for t in whole.types if not isinstance(t, inspect.NoneType))
    return whole
