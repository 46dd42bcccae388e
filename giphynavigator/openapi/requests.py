"""Requests: parameters and bodies, as OpenAPI has them."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import NODEFAULT, UNSET
from msgspec.structs import FieldInfo

from giphynavigator.errors import PreconditionFailed
from giphynavigator.openapi.entries import Entry
from giphynavigator.openapi.schemas import Json, Schemas
from giphynavigator.parameters import parameters_of

IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of what is known: if it is that still, there is a 304.",
    "schema": {"type": "string"},
}
IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of what is meant: if it has another now, there is a 412.",
    "schema": {"type": "string"},
}


def parameters(entry: Entry, schemas: Schemas) -> list[Json]:
    """Give the parameters in the path, in the query and in headers."""
    operation, example = entry.operation, entry.operation.example
    found = [
        {**parameter(name, "path", schemas.of(kind), example.path), "required": True}
        for name, kind in operation.path.items()
    ]
    for field in parameters_of(operation.query) if operation.query else ():
        schema = {**schemas.present(field.type), **default_of(field)}
        known = parameter(field.encode_name, "query", schema, example.query)
        found.append({**known, "required": field.required})
    if entry.is_conditional:
        found.append(IF_NONE_MATCH)
    if any(issubclass(error, PreconditionFailed) for error in operation.errors):
        found.append(IF_MATCH)
    return found


def parameter(name: str, place: str, schema: Json, examples: Mapping[str, Any]) -> Json:
    """Give a parameter, with the example of it if there is one among these."""
    example = {"example": examples[name]} if name in examples else {}
    return {"name": name, "in": place, "schema": schema, **example}


def default_of(field: FieldInfo) -> Json:
    """Give what a field is when it is not given; nothing, if it then is nothing."""
    nothing = field.default in (NODEFAULT, UNSET, None)
    return {} if nothing else {"default": field.default}


def body(entry: Entry, schemas: Schemas) -> Json:
    """Give the body, in each way in which it may be written; nothing for no body."""
    example = entry.operation.example.body
    shown = {} if example is UNSET else {"example": example}
    content = {
        each.media: {"schema": schemas.of(each.kind), **shown}
        for each in entry.operation.bodies
    }
    needed = entry.operation.needs_body
    return {"requestBody": {"required": needed, "content": content}} if content else {}
