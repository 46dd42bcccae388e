"""Schemas: types as JSON Schema, each Struct once and by its name."""

from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = dict[str, Any]


class Schemas:
    """Gives the schemas of types; `components` are those of Structs, by name."""

    def __init__(self) -> None:
        self.components: dict[str, Json] = {}

    def of(self, kind: Any) -> Json:
        """Give the schema of a type; of several, that one of them holds."""
        if isinstance(kind, tuple):
            return {"oneOf": [self.of(each) for each in kind]}
        template = "#/components/schemas/{name}"
        (schema,), found = msgspec.json.schema_components([kind], ref_template=template)
        for name, component in found.items():
            if self.components.setdefault(name, component) != component:
                raise ValueError(f"there are two shapes of the name {name}")
        return schema

    def present(self, kind: Any) -> Json:
        """Give the schema of a type, apart from that it may be None."""
        schema = self.of(kind)
        kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
        return kinds[0] if len(kinds) == 1 else schema
