"""Giphy's fields on demand: `fields=id,url,images.original` answers just those."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Wanted: TypeAlias = Mapping[str, "Wanted"]
"""What is wanted of an object, by name; nothing named means all of it."""


def read_fields(text: str) -> Wanted:
    """Return the comma list as a tree; a name alone outranks what is below it."""
    tree: dict[str, Any] = {}
    for path in sorted(
        filter(None, text.replace(" ", "").split(",")), key=len, reverse=True
    ):
        branch = tree
        for name in path.split("."):
            branch = branch.setdefault(name, {})
        branch.clear()
    return tree


def pruned(value: Any, wanted: Wanted) -> Any:
    """Return the wanted part of a value."""
    if not wanted or not isinstance(value, dict):
        return value
    return {
        name: pruned(value[name], below)
        for name, below in wanted.items()
        if name in value
    }
