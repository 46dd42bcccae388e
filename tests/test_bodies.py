"""Bodies that are not what is asked for are refused in words for people."""

import asyncio
import gzip
import zlib
from datetime import datetime
from types import SimpleNamespace
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta, Struct

from giphynavigator.errors import InvalidBody, NavigatorError, TooLarge, UnknownField
from giphynavigator.web.bodies import read_body, received, unpacked

Title = Annotated[str, Meta(min_length=1, max_length=9)]
Name = Annotated[str, Meta(pattern="^[a-z]+$", description="letters from a to z")]


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    name: Name | None = None


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    title: Title
    priority: Annotated[int, Meta(ge=0, le=9)] = 0
    count: Annotated[int, Meta(ge=1)] = 1
    size: int = 1
    shown: bool = True
    rating: Literal["g", "pg"] = "g"
    at: datetime | None = None
    choices: Annotated[list[Choice], Meta(max_length=3)] = []
    words: list[str] = []
    either: str | list[int] = ""

    def __post_init__(self) -> None:
        if self.title == "void":
            raise ValueError("must not be void")


def refused(**fields: object) -> NavigatorError:
    """The error for a body with these fields."""
    body = msgspec.json.encode({"title": "a", **fields})
    with pytest.raises(NavigatorError) as refusal:
        read_body(Body, body)
    return refusal.value


def test_a_good_body_is_read() -> None:
    body = read_body(Body, b'{"title": "a", "priority": 9, "choices": [{"text": "x"}]}')

    assert body == Body("a", priority=9, choices=[Choice("x")])


@pytest.mark.parametrize("written", ["8", "8.0", "0.8e1", "80e-1"])
def test_a_whole_number_may_be_written_as_json_writes_it(written: str) -> None:
    body = read_body(Body, f'{{"title": "a", "priority": {written}}}'.encode())

    assert body.priority == 8
    assert type(body.priority) is int


@pytest.mark.parametrize("written", ["8.5", "1e300", "9007199254740992.0"])
def test_a_number_that_is_not_whole_or_not_exact_is_none(written: str) -> None:
    with pytest.raises(InvalidBody, match="size must be a whole number"):
        read_body(Body, f'{{"title": "a", "size": {written}}}'.encode())


@pytest.mark.parametrize(
    ("fields", "parameter", "sentence"),
    [
        ({"title": 1}, "title", "must be a text of 1 to 9 characters, not 1"),
        ({"title": ""}, "title", 'must be 1 to 9 characters, not ""'),
        ({"title": None}, "title", "must be a text of 1 to 9 characters, not null"),
        (
            {"priority": True},
            "priority",
            "must be a whole number from 0 to 9, not true",
        ),
        ({"priority": 10}, "priority", "must be a whole number from 0 to 9, not 10"),
        ({"count": 0}, "count", "must be a whole number of at least 1, not 0"),
        ({"size": 1.5}, "size", "must be a whole number, not 1.5"),
        ({"shown": 1}, "shown", "must be true or false, not 1"),
        ({"rating": "x"}, "rating", 'must be one of g, pg, not "x"'),
        (
            {"at": "today"},
            "at",
            'must be a date and time such as 2017-08-23T00:00:00Z, not "today"',
        ),
        ({"choices": {}}, "choices", "must be a list of at most 3, not {}"),
        ({"words": 1}, "words", "must be a list, not 1"),
        ({"words": ["a", 2]}, "words[1]", "must be a text, not 2"),
        ({"either": 1}, "either", "must be a text or a list, not 1"),
        (
            {"choices": [{"text": "a"}, 5]},
            "choices[1]",
            "must be an object with text, name, not 5",
        ),
        ({"choices": [{"text": 5}]}, "choices[0].text", "must be a text, not 5"),
        (
            {"choices": [{}]},
            "choices[0].text",
            "is missing; it must be a text",
        ),
        (
            {"choices": [{"text": "a", "name": "B"}]},
            "choices[0].name",
            'must be letters from a to z, not "B"',
        ),
        (
            {"choices": [{"text": "a", "name": 1}]},
            "choices[0].name",
            "must be a text of letters from a to z, not 1",
        ),
        ({"title": "void"}, "body", "must not be void"),
    ],
)
def test_a_field_is_named_with_what_is_allowed_and_what_is_there(
    fields: dict[str, object], parameter: str, sentence: str
) -> None:
    error = refused(**fields)

    assert isinstance(error, InvalidBody)
    assert (error.parameter, str(error)) == (parameter, f"{parameter} {sentence}")


@pytest.mark.parametrize(
    ("fields", "name", "known"),
    [
        ({"choices": [{"text": "a", "x": 1}]}, "choices[0].x", "text, name"),
        *(
            ({name: 1}, name, ", ".join(Body.__struct_fields__))
            for name in ("x", "choices[0]", "choices[x]", "title.x", "words[9]")
        ),
    ],
)
def test_an_unknown_field_is_named_with_those_that_are_known(
    fields: dict[str, object], name: str, known: str
) -> None:
    error = refused(**fields)

    assert isinstance(error, UnknownField)
    assert error.parameter == name
    assert str(error) == f"there is no field {name!r}; known: {known}"


@pytest.mark.parametrize("name", ["", ".", "[", "a` - at `$.title", "a` - at `$.x.y"])
def test_a_field_that_is_named_to_deceive_is_an_unknown_field_too(name: str) -> None:
    assert isinstance(refused(**{name: 1}), UnknownField)


def test_a_value_and_a_name_that_are_long_are_cut() -> None:
    long_value = refused(title="x" * 1_000_000)
    long_name = refused(**{"x" * 1_000_000: 1})

    assert len(str(long_value)) < 150
    assert len(str(long_name)) < 250
    assert len(long_name.problem()["parameter"]) == 80


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"NaN"])
def test_what_is_no_json_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(InvalidBody, match="body must be JSON, not ") as refusal:
        read_body(Body, body)

    assert refusal.value.parameter == "body"


def test_json_of_another_kind_is_told_what_kind_it_must_be() -> None:
    with pytest.raises(InvalidBody) as refusal:
        read_body(Choice, b"[1]")

    assert str(refusal.value) == "body must be an object with text, name, not [1]"


async def test_a_body_that_never_ends_is_not_awaited_for_ever() -> None:
    endless = SimpleNamespace(read=asyncio.Event().wait)

    with pytest.raises(InvalidBody, match="body must be whole within 0 seconds"):
        await received(endless, patience=0)


def test_what_gzip_has_packed_is_unpacked_and_all_else_left_as_it_is() -> None:
    assert unpacked(gzip.compress(b"{}"), most=2) == b"{}"
    assert unpacked(b"{}", most=2) == b"{}"


def test_of_what_grows_too_large_no_more_is_unpacked() -> None:
    with pytest.raises(TooLarge):
        unpacked(gzip.compress(bytes(1000)), most=999)


@pytest.mark.parametrize(
    "broken", [gzip.compress(b"{}", mtime=0)[:-1], b"\x1f\x8bnonsense"]
)
def test_what_is_packed_badly_is_an_error(broken: bytes) -> None:
    with pytest.raises(zlib.error):
        unpacked(broken, most=1000)
