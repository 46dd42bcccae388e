"""Forms: what pages send where no scripts run, and where people are led on to.

Where programs send JSON, the form of a page gets a handler of its own by one line
between the route and what reads JSON::

    @routes.post("/notes", name="new_note")
    @or_form(new_note_by_form)
    @operation(NoteShape)
    @inject
    async def new_note(request: web.Request, body: NoteBody, ...) -> web.Response: ...
"""

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict

from giphynavigator.errors import InvalidBody, TooLarge
from giphynavigator.web.bodies import received
from giphynavigator.web.browsers import wants_page

MOST: Final = 100
"""Fields of a form that are read at most."""

LARGEST: Final = 64 * 1024
"""Bytes of a form; a note of 2,000 letters, each of them escaped, is a third of it."""

FORM: Final = "application/x-www-form-urlencoded"
OWN_PATH: Final = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A path of this service, as an address has it: browsers take \\ for another slash."""

Handling: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


def or_form(by_form: Handling) -> Callable[[Handling], Handling]:
    """Let forms of pages have a handler where everybody else's JSON has another.

    A form that a program sends is JSON under the wrong name: `curl -d` calls
    everything a form.
    """

    def choosing(handler: Handling) -> Handling:
        @wraps(handler)
        async def choose(request: web.Request) -> web.StreamResponse:
            is_form = request.content_type == FORM and wants_page(request)
            return await (by_form if is_form else handler)(request)

        choose.page = by_form  # type: ignore[attr-defined]  # for those who list pages
        return choose

    return choosing


async def form_of(request: web.Request) -> MultiDict[str]:
    """Give the fields of a form; raise InvalidBody for too many, TooLarge for too long.

    What ends a line comes as browsers send it, and goes on as scripts do.
    """
    body = await received(request)
    if len(body) > LARGEST:
        raise TooLarge(LARGEST)
    try:
        said = parse_qsl(
            body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST
        )
    except ValueError:
        raise InvalidBody("body", f"must be a form of at most {MOST} fields") from None
    return MultiDict((name, text.replace("\r\n", "\n")) for name, text in said)


def leading_on(path: str) -> web.Response:
    """Answer with where to go on."""
    # Not aiohttp's redirect: it would put the address in another form.
    headers = {"Location": path, "Cache-Control": "no-store"}
    return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)


def own_path(text: str | None, otherwise: str = "/") -> str:
    """Give where to go on: the path, if it is this service's own, else another."""
    return text if text and OWN_PATH.fullmatch(text) else otherwise
