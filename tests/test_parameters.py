"""Parameters are what the shape says, and nothing is read into them."""

from typing import Annotated

import pytest
from msgspec import Meta
from multidict import MultiDict

from giphynavigator.errors import InvalidParameter, Misused
from giphynavigator.parameters import GifParameters, Limit, Parameters, Query, read


class Many(Parameters, frozen=True):
    word: Annotated[list[Query], Meta(min_length=1, max_length=3)]
    limit: Limit | None = None


@pytest.mark.parametrize("name", ["limit", "offset", "rating", "lang"])
@pytest.mark.parametrize("text", ["null", "NULL", "none", ""])
def test_a_parameter_that_is_given_is_not_left_out(name: str, text: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        read(GifParameters, {name: text})

    assert refusal.value.parameter == name


@pytest.mark.parametrize("text", ["1.0", "1_000", "0x1", "\uff11"])
def test_a_whole_number_has_digits_and_nothing_else(text: str) -> None:
    with pytest.raises(InvalidParameter):
        read(GifParameters, {"limit": text})


def test_null_is_a_word_to_search_for() -> None:
    assert read(GifParameters, {"query": "null"}) == GifParameters(query="null")


def test_a_list_is_given_as_often_as_it_has_parts() -> None:
    given = MultiDict([("word", "a"), ("limit", "5"), ("word", " b ")])

    assert read(Many, given) == Many(word=["a", "b"], limit=5)


@pytest.mark.parametrize("times", [0, 4])
def test_a_list_has_bounds(times: int) -> None:
    given = MultiDict([("word", "a")] * times)

    with pytest.raises(Misused, match=f"word must be given 1 to 3 times, not {times}"):
        read(Many, given)


def test_each_part_of_a_list_has_bounds() -> None:
    given = MultiDict([("word", "a"), ("word", "x" * 51)])

    with pytest.raises(Misused, match="word must be at most 50 characters"):
        read(Many, given)


class Needed(Parameters, frozen=True):
    word: Query


def test_a_parameter_that_has_to_be_given_is_named_where_it_is_not() -> None:
    with pytest.raises(Misused, match="word is missing"):
        read(Needed, {})

    assert read(Needed, {"word": "a"}) == Needed(word="a")


def test_what_is_no_list_is_given_once() -> None:
    given = MultiDict([("word", "a"), ("limit", "5"), ("limit", "5")])

    with pytest.raises(Misused, match="limit may be given once only"):
        read(Many, given)
