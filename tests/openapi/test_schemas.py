"""Types are shown as JSON Schema, each shape once."""

import pytest
from msgspec import defstruct

from giphynavigator.openapi.schemas import Schemas


def test_a_shape_stands_among_the_components_and_is_referred_to() -> None:
    schemas = Schemas()
    shape = defstruct("Shape", [("size", int)])

    assert schemas.of(shape) == {"$ref": "#/components/schemas/Shape"}
    assert schemas.of(list[shape])["items"] == schemas.of(shape)
    assert list(schemas.components) == ["Shape"]


def test_of_several_types_it_is_one() -> None:
    assert Schemas().of((int, str)) == {
        "oneOf": [{"type": "integer"}, {"type": "string"}]
    }


def test_what_is_given_is_not_nothing() -> None:
    schemas = Schemas()

    assert schemas.present(int | None) == {"type": "integer"}
    assert len(schemas.present(int | str | None)["anyOf"]) == 3


def test_two_shapes_of_one_name_are_a_mistake() -> None:
    schemas = Schemas()
    schemas.of(defstruct("Shape", [("size", int)]))

    with pytest.raises(ValueError, match="two shapes of the name Shape"):
        schemas.of(defstruct("Shape", [("colour", str)]))
