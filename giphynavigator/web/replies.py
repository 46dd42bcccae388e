"""Replies to HTTP: the headers that say how fresh an answer is, and 304."""

from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from multidict import CIMultiDict

from giphynavigator.answers import Answer, Reply
from giphynavigator.pages import Kept
from giphynavigator.security.origins import ANY_ORIGIN
from giphynavigator.web.again import Again, Prepared, may_go_again
from giphynavigator.web.ready import READY

COMMON = {
    "Content-Type": "application/json",
    **ANY_ORIGIN,
    "Vary": "Accept",
}


def replying(handler: Callable[..., Awaitable[Reply | Answer]]) -> Handler:
    """Make a handler of what gives a reply, or an answer made for this one request.

    What is asked over and over is answered without calling it.
    """

    @wraps(handler)
    async def reply(request: web.Request) -> web.StreamResponse:
        ready = request.app[READY].reply(request.raw_path)
        if ready is not None:
            return said_again(request, ready)
        found = await handler(request)
        if isinstance(found, Answer):
            return respond_anew(found)
        return respond(request, found)

    return reply


def respond(request: web.Request, reply: Reply, *, again: bool = True) -> web.Response:
    """Answer with what was made from a page.

    With `again` the same target is answered so for the rest of the second; without,
    nothing of the target is remembered.
    """
    kept, answer = reply.kept, reply.answer
    ttl = int(kept.ttl)
    age = int(kept.age) if kept.outcome == "stale" else None
    headers = headers_for(answer.etag, cache_status(kept), ttl, age)
    if again:
        request.app[READY].remember(request.raw_path, answer.body, headers, kept)
    return said(request, answer.body, headers)


def said_again(request: web.Request, ready: Prepared) -> web.StreamResponse:
    """Answer with what is ready, as it is if it can."""
    if hdrs.IF_NONE_MATCH in request.headers or not may_go_again(request):
        return said(request, ready.body, ready.headers)
    return Again(ready)


def said(request: web.Request, body: bytes, headers: CIMultiDict[str]) -> web.Response:
    """Answer with a body, or with 304 to whoever has it already."""
    if hdrs.IF_NONE_MATCH in request.headers and is_known(request, headers["ETag"]):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, headers=headers)


@lru_cache(128)
def headers_for(etag: str, status: str, ttl: int, age: int | None) -> CIMultiDict[str]:
    """Give the headers of an answer, to be copied and not to be changed."""
    headers = CIMultiDict(COMMON)
    headers["ETag"] = etag
    headers["Cache-Control"] = f"public, max-age={max(0, ttl)}"
    headers["Cache-Status"] = status
    if age is not None:
        headers["Age"] = str(age)
    return headers


def respond_anew(answer: Answer) -> web.Response:
    """Answer with what is made for this one request."""
    return web.Response(
        body=answer.body, headers={**COMMON, "Cache-Control": "no-store"}
    )


def cache_status(kept: Kept) -> str:
    """Say in RFC 9211's words where the answer came from, and how fresh it is."""
    ttl = f"ttl={int(kept.ttl)}"
    match kept.outcome:
        case "hit":
            return f"GiphyNavigator; hit; {ttl}"
        case "stale":
            return f"GiphyNavigator; fwd=stale; {ttl}"
        case "collapsed":
            return f"GiphyNavigator; fwd=miss; collapsed; {ttl}"
        case _:
            stored = "stored; " if kept.is_kept else ""
            return f"GiphyNavigator; fwd=miss; {stored}{ttl}"


def is_known(request: web.Request, etag: str) -> bool:
    """Whether If-None-Match names the tag, weakly compared, or any."""
    given = request.if_none_match or ()
    return any(f'"{tag.value}"' == etag or tag.value == "*" for tag in given)
