"""Operations: what a route takes is said in its handler's signature, and only there.

Requests are read by it and the OpenAPI document is made of it, so the two cannot
part::

    @routes.get("/notes/{id}", name="note")
    @operation(NoteShape, errors=(NoteNotFound,))
    @inject
    async def note(
        request: web.Request,
        note_id: NoteId,
        repository: NoteRepository = Provide[NotesContainer.repository],
    ) -> web.Response: ...

`query` is a Struct of parameters; where there is none, no parameter is known. `body`
is a Struct that JSON is read as. What else is neither the request nor provided is a
part of the path, that which the last word of its name says: `note_id` is `{id}`. The
docstring's first line is the summary; the rest of it is told as well.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, TypeAlias, TypeVar, get_type_hints

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from giphynavigator.errors import NavigatorError
from giphynavigator.parameters import Parameters, convert, read
from giphynavigator.web.bodies import read_body, received

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
PROBLEM: Final = "application/problem+json"

KEPT: Final = ("ETag", "Cache-Control", "Cache-Status", "Age")
"""Headers of an answer that is made of pages that are kept."""

R = TypeVar("R")
Function: TypeAlias = Callable[..., Awaitable[R]]
Handler: TypeAlias = Callable[[web.Request], Awaitable[R]]
Errors: TypeAlias = tuple[type[NavigatorError], ...]
Status: TypeAlias = int | str
"""A status, or all those that begin alike: 4XX."""


class Content(Struct, frozen=True):
    """What a body holds: a type that msgspec knows, or several of which it is one."""

    kind: Any
    media: str = JSON
    description: str = ""


class Problem(Struct, frozen=True, forbid_unknown_fields=True):
    """What went wrong (RFC 9457); `parameter` names what of the request is at fault.

    The log tells more of it by `request_id`, and of what nobody foresaw by `id`.
    """

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    parameter: str | UnsetType = UNSET
    id: str | UnsetType = UNSET


class Example(Struct, frozen=True, kw_only=True):
    """A request that can be made, and the answer where it is always the same."""

    path: Mapping[str, Any] = {}
    query: Mapping[str, Any] = {}
    body: Any = UNSET
    answer: Any = UNSET


class Operation(Struct, frozen=True, kw_only=True):
    """What a route takes and gives.

    Without `query` parameters are not looked at. `headers` are those of the answer
    that are worth knowing; `problem` is how errors are written.
    """

    summary: str
    details: str = ""
    path: Mapping[str, Any] = {}
    query: type[Parameters] | None = None
    bodies: tuple[Content, ...] = ()
    needs_body: bool = True
    answers: Mapping[Status, Content | None] = {}
    headers: tuple[str, ...] = ()
    errors: Errors = ()
    problem: Content = Content(Problem, PROBLEM)
    example: Example = Example()


class Taken(Struct, frozen=True):
    """What a handler's signature asks for; `parts` are those of the path."""

    parts: tuple[tuple[str, str, Any], ...]
    query: type[Parameters] | None
    body: Any


def operation(  # noqa: PLR0913 - each by name
    answer: Any = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    also: Mapping[Status, Content | None] | None = None,
    headers: tuple[str, ...] = (),
    errors: Errors = (),
    checks_query: bool = True,
    example: Example | None = None,
) -> Callable[[Function[R]], Handler[R]]:
    """Make a handler of a function that is given what its signature asks for.

    `answer` is what it answers with, a type or Content; `also` what else it may.
    `errors` are those that not every route can answer with. Without `checks_query`
    parameters are not looked at.
    """

    def handling(function: Function[R]) -> Handler[R]:
        taken = taken_by(function)
        content = answer if isinstance(answer, Content) else Content(answer)
        summary, details = told_by(function)
        known = Operation(
            summary=summary,
            details=details,
            path={part: kind for _, part, kind in taken.parts},
            query=(taken.query or Parameters) if checks_query else None,
            bodies=(Content(taken.body),) if taken.body else (),
            answers={int(status): content if answer else None, **(also or {})},
            headers=headers,
            errors=errors,
            example=example or Example(),
        )
        return described(known)(reading(function, taken, known.query))

    return handling


def reading(
    function: Function[R], taken: Taken, query: type[Parameters] | None
) -> Handler[R]:
    """Make a handler that refuses requests which are not as the function needs them."""

    @wraps(function)
    async def handle(request: web.Request) -> R:
        given: dict[str, Any] = {}
        if query is not None:
            asked = read(query, request.query)
            if taken.query is not None:
                given["query"] = asked
        for name, part, kind in taken.parts:
            given[name] = convert(part, request.match_info[part], kind)
        if taken.body is not None:
            given["body"] = read_body(taken.body, await received(request))
        return await function(request, **given)

    return handle


H = TypeVar("H", bound=Callable[..., Any])


def described(known: Operation) -> Callable[[H], H]:
    """Say of a handler what it takes and gives, where it reads requests by itself."""

    def describe(handler: H) -> H:
        handler.operation = known  # type: ignore[attr-defined]
        return handler

    return describe


def operation_of(handler: object) -> Operation | None:
    """Give what was said of a handler; decorators around it do not hide it."""
    return getattr(handler, "operation", None)


def taken_by(function: Callable[..., Any]) -> Taken:
    """Give what a function asks for: what has no default, but for the request."""
    hints = get_type_hints(inspect.unwrap(function), include_extras=True)
    _, *others = inspect.signature(function).parameters.values()
    asked = {a.name: hints[a.name] for a in others if a.default is a.empty}
    query, body = asked.pop("query", None), asked.pop("body", None)
    parts = ((name, name.rpartition("_")[2], kind) for name, kind in asked.items())
    return Taken(tuple(parts), query, body)


def told_by(function: Callable[..., Any]) -> tuple[str, str]:
    """Give the first line of a docstring, and what follows it."""
    summary, _, details = (inspect.getdoc(function) or "").partition("\n")
    return summary.removesuffix("."), details.strip()
