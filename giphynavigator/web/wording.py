"""What a type allows, in words: the sentences that refuse a value are made of them."""

from functools import cache
from typing import Any, Final

from msgspec import inspect

TEXT: Final = "a text"


@cache
def member(kind: Any) -> inspect.Type:
    """Give what msgspec knows of an annotation, apart from remarks and "or None"."""
    return bare(inspect.type_info(kind))


def bare(known: inspect.Type) -> inspect.Type:
    """Give a type apart from remarks and "or None"."""
    if isinstance(known, inspect.Metadata):
        return bare(known.type)
    if isinstance(known, inspect.UnionType):
        first, *others = _present(known)
        return known if others else bare(first)
    return known


def describe(kind: Any) -> str:
    """Say in words what an annotation allows; that None is allowed goes unsaid."""
    return described(inspect.type_info(kind))


def described(known: inspect.Type) -> str:
    """Say in words what a type allows; a remark on it, its description, comes first."""
    if isinstance(known, inspect.UnionType):
        return " or ".join(map(described, _present(known)))
    if isinstance(known, inspect.Metadata):
        words = (known.extra_json_schema or {}).get("description")
        return str(words) if words else described(known.type)
    return _words(known)


def _present(union: inspect.UnionType) -> list[inspect.Type]:
    """Give the types of a union that are not None."""
    return [t for t in union.types if not isinstance(t, inspect.NoneType)]


def _words(known: inspect.Type) -> str:  # noqa: PLR0911 - a table of types
    match known:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=int(least), le=int(most)):
            return f"a whole number from {least} to {most}"
        case inspect.IntType(ge=least, le=most):
            return _of("a whole number", _between(least, most))
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
        case inspect.StrType(min_length=None, max_length=None):
            return TEXT
        case inspect.StrType(min_length=least, max_length=most):
            return f"{_between(least, most)} characters"
        case inspect.DateTimeType():
            return "a date and time such as 2017-08-23T00:00:00Z"
        case inspect.ListType(min_length=least, max_length=most):
            return _of("a list", _between(least, most))
        case inspect.StructType(fields=fields):
            return f"an object with {', '.join(field.encode_name for field in fields)}"
    raise TypeError(f"no words for {known}")


def _of(noun: str, bounds: str) -> str:
    return f"{noun} of {bounds}" if bounds else noun


def _between(least: int | None, most: int | None) -> str:
    if least is None:
        return "" if most is None else f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"
