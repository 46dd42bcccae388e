"""OpenApi: the document, made of what the routes' handlers say of themselves."""

import gzip
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from aiohttp import web
from msgspec import Struct

from giphynavigator import __version__
from giphynavigator.answers import Answer, encode
from giphynavigator.errors import (
    BadRequest,
    Forbidden,
    Misdirected,
    NavigatorError,
    TooLarge,
    TooManyRequests,
    Unauthorized,
)
from giphynavigator.openapi.entries import Entry, entries_of
from giphynavigator.openapi.requests import body, parameters
from giphynavigator.openapi.responses import Responses
from giphynavigator.openapi.schemas import Json, Schemas
from giphynavigator.security.sessions import COOKIE
from giphynavigator.web.unforeseen import Unforeseen

CORE: Final = "find"
"""What the routes of the core are called together."""

ABOUT: Final = """\
Finds GIFs, keeps them in notes and lets people pick one, while it spares a team's
Giphy quota. Parameters and fields that are not known are a 400 that names them, but
for /v1 and /v2, which take what Giphy takes. White space around a parameter does not
count. A browser that prefers text/html gets pages, where there are any.
"""

TOKENS: Final = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
}
"""How who writes says that he may."""


class Guards(Struct, frozen=True):
    """Which routes that change something need no token, and which no origin."""

    no_token: frozenset[str]
    any_origin: frozenset[str]
    has_tokens: bool


class OpenApi:
    """Makes the OpenAPI document of an application, when it is first asked for."""

    def __init__(self, guards: Guards) -> None:
        self._guards = guards
        self._answer: Answer | None = None
        self._packed: bytes | None = None

    def answer(self, routes: Iterable[web.AbstractRoute]) -> Answer:
        """Give the document, ready to be sent."""
        if self._answer is None:
            self._answer = encode(self.document(routes))
        return self._answer

    def packed(self, routes: Iterable[web.AbstractRoute]) -> bytes:
        """Give the bytes of the document in gzip, a tenth of them."""
        if self._packed is None:
            self._packed = gzip.compress(self.answer(routes).body, mtime=0)
        return self._packed

    def document(self, routes: Iterable[web.AbstractRoute]) -> Json:
        """Give the document for those of the routes that say what they take."""
        entries = list(entries_of(routes))
        schemas = Schemas()
        responses = Responses(schemas)
        paths: dict[str, Json] = {}
        for entry in entries:
            path = paths.setdefault(entry.path, {})
            path[entry.method.lower()] = self._operation(entry, schemas, responses)
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "Giphy Navigator",
                "version": __version__,
                "description": ABOUT,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "tags": tags(entry.package for entry in entries),
            "paths": paths,
            "components": {
                "schemas": schemas.components,
                "responses": responses.components,
                "securitySchemes": TOKENS,
            },
        }

    def _operation(self, entry: Entry, schemas: Schemas, responses: Responses) -> Json:
        operation = entry.operation
        return {
            "operationId": entry.name,
            "tags": [tag(entry.package)],
            "summary": operation.summary,
            **({"description": operation.details} if operation.details else {}),
            "parameters": parameters(entry, schemas),
            **body(entry, schemas),
            "responses": responses.of(entry, self._errors(entry)),
            **self._security(entry),
        }

    def _errors(self, entry: Entry) -> Iterator[type[NavigatorError]]:
        """Give the errors that an operation has in common with others."""
        yield from (Misdirected, Unforeseen)
        if entry.operation.query is not None:  # else it is for who watches over us
            yield from (BadRequest, TooManyRequests)
        if entry.operation.bodies:
            yield TooLarge
        if self._needs_token(entry):
            yield Unauthorized
        if entry.is_unsafe and entry.name not in self._guards.any_origin:
            yield Forbidden

    def _needs_token(self, entry: Entry) -> bool:
        return entry.is_unsafe and entry.name not in self._guards.no_token

    def _security(self, entry: Entry) -> Json:
        """Say that a token is needed, where there are any to show."""
        if not (self._guards.has_tokens and self._needs_token(entry)):
            return {}
        return {"security": [{name: []} for name in TOKENS]}


def tags(packages: Iterable[str]) -> list[Json]:
    """Give what the routes of each package are together."""
    return [
        {"name": tag(package), "description": sys.modules[package].__doc__}
        for package in dict.fromkeys(packages)
    ]


def tag(package: str) -> str:
    """Give the name that the routes of a package have together."""
    return package.rpartition(".")[2] if "." in package else CORE
