"""Entries: the routes that the document has, and those alone.

Left out is what only browsers ask for: pages, files, and what the forms of pages send.
A route of the last is named after the operation that does the same for programs:
`change_note_by_form`.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from aiohttp import hdrs, web
from msgspec import Struct

from giphynavigator.web.operations import Operation, operation_of

UNSAFE: Final = {hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_PATCH, hdrs.METH_DELETE}
METHODS: Final = {hdrs.METH_GET, *UNSAFE}
"""What is documented; HEAD and OPTIONS go without saying."""


class Entry(Struct, frozen=True):
    """A route, and what its handler says that it takes and gives."""

    method: str
    path: str
    name: str
    package: str
    has_page: bool
    operation: Operation

    @property
    def is_unsafe(self) -> bool:
        """Whether it may change something."""
        return self.method in UNSAFE

    @property
    def is_conditional(self) -> bool:
        """Whether who has the answer already gets a 304 for it."""
        return not self.is_unsafe and "ETag" in self.operation.headers


def entries_of(routes: Iterable[web.AbstractRoute]) -> Iterator[Entry]:
    """Give the entries for those of the routes that say what they take."""
    for route in routes:
        operation = operation_of(route.handler)
        if operation is None or route.resource is None or route.method not in METHODS:
            continue
        yield Entry(
            method=route.method,
            path=route.resource.canonical,
            name=route.name or "",
            package=route.handler.__module__.rpartition(".")[0],
            has_page=hasattr(route.handler, "page"),
            operation=operation,
        )
