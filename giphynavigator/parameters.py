"""Query parameters: a Struct says what is allowed, and `read` holds callers to it.

The bounds stand in the fields' types and nowhere else; the sentence that refuses
a value is made from them.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, Final, TypeAlias, TypeVar, Union, get_args

import msgspec
from msgspec import Meta, Struct, inspect
from msgspec.structs import FieldInfo

from giphynavigator.errors import (
    InvalidParameter,
    MissingParameter,
    RepeatedParameter,
    UnknownParameter,
)
from giphynavigator.shapes import Lang, Rating
from giphynavigator.web.wording import describe, member

LAST_OFFSET: Final = 4999
LAST_TRENDING_OFFSET: Final = 499
"""Where Giphy's lists end: behind these there is nothing."""

LONGEST_QUERY: Final = 50

Query: TypeAlias = Annotated[str, Meta(max_length=LONGEST_QUERY)]
Limit: TypeAlias = Annotated[int, Meta(ge=1, le=50)]
Offset: TypeAlias = Annotated[int, Meta(ge=0, le=LAST_OFFSET)]
TrendingOffset: TypeAlias = Annotated[int, Meta(ge=0, le=LAST_TRENDING_OFFSET)]
GifId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{1,64}$(?!\n)",  # $ alone lets a line end pass
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


WHOLE: Final = re.compile(r"-?[0-9]+")
"""What a whole number is written like; 1.0 and 1_000 are not."""

P = TypeVar("P", bound=Parameters)


def read(shape: type[P], given: Mapping[str, str]) -> P:
    """Give the parameters as the shape has them, or raise InvalidParameter.

    Texts are trimmed. A parameter that is not of the shape is refused, and so is one
    that is given twice, unless it is a list.
    """
    kinds, lists = _kinds(shape), _lists(shape)
    values: dict[str, Any] = {name: [] for name in lists}
    for name, text in given.items():
        if name not in kinds:
            raise UnknownParameter(name, kinds)
        if name in lists:
            values[name].append(text.strip())
        elif name in values:
            raise RepeatedParameter(name)
        else:
            values[name] = text.strip()
    try:
        found = msgspec.convert(values, shape, strict=False)
    except msgspec.ValidationError:
        found = None
    if found is None or not _is_exact(found, values):
        return _read_each(shape, values)
    return found


def _read_each(shape: type[P], values: Mapping[str, Any]) -> P:
    """Read one parameter after the other, and say which is at fault."""
    found = {}
    for field in parameters_of(shape):
        if field.name in values:
            text = values[field.name]
            found[field.name] = convert(field.name, text, field.type)
        elif field.required:
            raise MissingParameter(field.name)
    return shape(**found)


def convert(name: str, text: str | list[str], kind: Any) -> Any:
    """Give a text, or a list of them, as the type has it, or raise InvalidParameter.

    Texts are taken as they are, blanks and all.
    """
    if isinstance(text, list):
        return _convert_all(name, text, kind)
    if _is_whole(kind) and not WHOLE.fullmatch(text):
        raise InvalidParameter(name, text, describe(kind))
    try:
        return msgspec.convert(text, _present(kind), strict=False)
    except msgspec.ValidationError:
        raise InvalidParameter(name, text, describe(kind)) from None


def _convert_all(name: str, texts: list[str], kind: Any) -> list[Any]:
    known: Any = member(kind)
    least, most = known.min_length or 0, known.max_length
    if not least <= len(texts) <= most:
        raise InvalidParameter(name, len(texts), f"given {least} to {most} times")
    return [convert(name, text, kind.__origin__.__args__[0]) for text in texts]


def _is_exact(found: Parameters, values: Mapping[str, Any]) -> bool:
    """Whether msgspec read no more into the texts than they say: null is a word."""
    whole = _whole(type(found))
    for name, text in values.items():  # all() would take twice as long
        if getattr(found, name) is None:
            return False
        if name in whole and not WHOLE.fullmatch(text):
            return False
    return True


def _is_whole(kind: Any) -> bool:
    return isinstance(member(kind), inspect.IntType)


@cache
def _present(kind: Any) -> Any:
    """Give an annotation apart from "or None"."""
    kinds = tuple(each for each in get_args(kind) if each is not NoneType)
    return Union[kinds] if NoneType in get_args(kind) else kind  # noqa: UP007 - made here


@cache
def parameters_of(shape: type[Parameters]) -> tuple[FieldInfo, ...]:
    """Give what is known of each parameter of a shape."""
    return msgspec.structs.fields(shape)


@cache
def _kinds(shape: type[Parameters]) -> dict[str, Any]:
    return {field.name: field.type for field in parameters_of(shape)}


@cache
def _lists(shape: type[Parameters]) -> tuple[str, ...]:
    kinds = _kinds(shape).items()
    return tuple(name for name, k in kinds if isinstance(member(k), inspect.ListType))


@cache
def _whole(shape: type[Parameters]) -> tuple[str, ...]:
    return tuple(name for name, kind in _kinds(shape).items() if _is_whole(kind))
