"""Responses: what an operation may be answered with, by status, its errors among it."""

import inspect
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final, TypeAlias

from msgspec import UNSET

from giphynavigator.errors import ComeAgain, NavigatorError, Unauthorized
from giphynavigator.openapi.entries import Entry
from giphynavigator.openapi.schemas import Json, Schemas
from giphynavigator.web.operations import NDJSON, Content, Operation, Status

Errors: TypeAlias = Iterable[type[NavigatorError]]

HEADERS: Final = {
    "Age": ("integer", "How many seconds old it is, where it is stale"),
    "Cache-Control": ("string", "For how many seconds it is fresh"),
    "Cache-Status": ("string", "Where it came from, as RFC 9211 has it"),
    "ETag": ("string", "Names what it is now, for If-None-Match and If-Match"),
    "Location": ("string", "Where it is"),
    "Set-Cookie": ("string", "What the browser keeps, or forgets"),
    "Retry-After": ("integer", "Seconds after which it is worth another try"),
    "WWW-Authenticate": ("string", "How to show a token"),
}
"""Headers of answers: what they hold, and what that says."""

HEADERS_OF: Final = {ComeAgain: "Retry-After", Unauthorized: "WWW-Authenticate"}
"""The headers that errors of a kind have."""

PAGE: Final = {"schema": {"type": "string"}}
"""What browsers get in the place of JSON, where there is a page."""


class Responses:
    """Writes the responses of operations; those to errors are in `components`."""

    def __init__(self, schemas: Schemas) -> None:
        self.components: dict[str, Json] = {}
        self._schemas = schemas

    def of(self, entry: Entry, errors: Errors) -> Json:
        """Give what a request may be answered with; `errors` beside those it names."""
        operation = entry.operation
        found = {
            str(status): self._answer(operation, status, content)
            for status, content in operation.answers.items()
        }
        self._fill(next(iter(found.values())), entry)
        if entry.is_conditional:
            found["304"] = {"description": phrase(304), **headers(operation.headers)}
        by_status: dict[int, list[type[NavigatorError]]] = {}
        for error in (*operation.errors, *errors):
            by_status.setdefault(int(error.status), []).append(error)
        for status, kinds in sorted(by_status.items()):
            found[str(status)] = self._error(operation.problem, kinds)
        return dict(sorted(found.items()))

    def _fill(self, answer: Json, entry: Entry) -> None:
        """Put the example and the page into the answer to which they belong."""
        if entry.operation.example.answer is not UNSET:
            (shown,) = answer["content"].values()
            shown["example"] = entry.operation.example.answer
        if entry.has_page:
            answer.setdefault("content", {})["text/html"] = PAGE

    def _answer(
        self, operation: Operation, status: Status, content: Content | None
    ) -> Json:
        answer = {"description": phrase(status), **headers(operation.headers)}
        if content is not None:
            answer["content"] = self._content(content)
            answer["description"] = content.description or answer["description"]
        return answer

    def _error(self, problem: Content, kinds: list[type[NavigatorError]]) -> Json:
        """Give the response to errors of one status, for all who have the same."""
        names = "Or".join(sorted(kind.__name__ for kind in kinds))
        name = f"{names}{problem.kind.__name__}"
        if name not in self.components:
            self.components[name] = {
                "description": " ".join(sorted(map(summary, kinds))),
                **headers(h for k, h in HEADERS_OF.items() if any_is(k, kinds)),
                "content": self._content(problem),
            }
        return {"$ref": f"#/components/responses/{name}"}

    def _content(self, content: Content) -> Json:
        schema = self._schemas.of(content.kind)
        if content.media == NDJSON:
            schema = {"type": "array", "items": schema}  # as OpenAPI 3.2 has it
        return {content.media: {"schema": schema}}


def any_is(parent: type[NavigatorError], kinds: Errors) -> bool:
    """Whether one of the errors is of a kind."""
    return any(issubclass(kind, parent) for kind in kinds)


def headers(names: Iterable[str]) -> Json:
    """Give what is known of headers; nothing, if there are none."""
    known = {
        name: {"description": words, "schema": {"type": kind}}
        for name, (kind, words) in ((name, HEADERS[name]) for name in names)
    }
    return {"headers": known} if known else {}


def summary(kind: type[NavigatorError]) -> str:
    """Give the first line of what an error says of itself."""
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def phrase(status: Status) -> str:
    """Give the words that belong to a status; none to one that stands for many."""
    return HTTPStatus(status).phrase if isinstance(status, int) else ""
