import pytest

from giphynavigator.sandbox.gif_object import pruned, read_fields
from giphynavigator.sandbox.ids import NUMBERS, IdParts, Kind, id_word, read_id


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("number", [0, 61, 62, NUMBERS - 1])
@pytest.mark.parametrize("word", ["", "a", "tenletters"])
def test_an_id_says_again_what_it_was_made_of(kind, number, word):
    gif_id = IdParts(kind, word, number)

    assert read_id(str(gif_id)) == gif_id


def test_hardly_any_made_up_id_is_known():
    assert sum(read_id(f"cats{number:08}") is not None for number in range(2_000)) <= 2


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("Cats dancing", "cats"),
        ("  don't stop", "dont"),
        ("extraordinarily good", "extraordin"),
        ("猫", ""),
        ("", ""),
    ],
)
def test_the_first_word_of_a_query_goes_into_the_id(query, word):
    assert id_word(query) == word


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ("", {}),
        ("id, url", {"id": {}, "url": {}}),
        ("a.b,a.c", {"a": {"b": {}, "c": {}}}),
        ("a.b,a", {"a": {}}),
        ("a,a.b", {"a": {}}),
    ],
)
def test_fields_are_a_tree(fields, wanted):
    assert read_fields(fields) == wanted


def test_pruning_leaves_what_is_wanted_and_there():
    assert pruned({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": {}, "x": {}}}) == {
        "a": {"b": 1}
    }
