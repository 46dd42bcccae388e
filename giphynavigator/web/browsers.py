"""Browsers: who wants a page, and where both kinds of answer have one address.

A handler that programs ask gets its page by one line, between its route and
`@inject`; how the page itself is made is told in rendering.py::

    @routes.get("/notes", name="notes")
    @or_page(notes_page)
    @inject
    async def notes(request: web.Request, ...) -> web.Response: ...

Both answers say `Vary: Accept`: pages by themselves, JSON by its handler.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from typing import Final, TypeAlias

from aiohttp import web

Page: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

HTML: Final = ("text/html",)
JSON: Final = ("application/json", "application/*", "*/*")
"""What an Accept header may call it, the more telling name first."""


def wants_page(request: web.BaseRequest) -> bool:
    """Whether text/html is named and preferred to JSON: a browser, not a program."""
    accept = request.headers.get("Accept")
    return accept is not None and prefers_page(accept)


@lru_cache(256)
def prefers_page(accept: str) -> bool:
    """Whether an Accept header names text/html and ranks it above JSON.

    Where both weigh the same, html wins over JSON that only a wildcard allows.
    """
    weights = dict(map(weighed, accept.lower().split(",")))
    html = weights.get(HTML[0], 0.0)
    name = next((name for name in JSON if name in weights), None)
    if name is None:
        return html > 0
    return html > weights[name] or (html == weights[name] > 0 and "*" in name)


def weighed(kind: str) -> tuple[str, float]:
    """Give a media type and its weight; one that is no number weighs nothing."""
    name, *parameters = (part.strip() for part in kind.split(";"))
    weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0


def or_page(page: Page) -> Callable[[Page], Page]:
    """Let browsers have a page where everybody else has what the handler gives."""

    def choosing(handler: Page) -> Page:
        @wraps(handler)
        async def choose(request: web.Request) -> web.StreamResponse:
            accept = request.headers.get("Accept")
            if accept is not None and prefers_page(accept):
                return await page(request)
            return await handler(request)

        choose.page = page  # type: ignore[attr-defined]  # for those who list pages
        return choose

    return choosing
