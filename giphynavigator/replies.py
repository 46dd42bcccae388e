"""Replies to HTTP: the headers that say how fresh an answer is, and 304."""

from functools import lru_cache
from http import HTTPStatus

from aiohttp import web
from multidict import CIMultiDict

from giphynavigator.answers import Answer, Reply
from giphynavigator.pages import Kept

COMMON = {
    "Content-Type": "application/json",
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept",
}


def respond(request: web.Request, reply: Reply) -> web.Response:
    """Answer with what was made from a page; 304 to whoever has it already."""
    kept, answer = reply.kept, reply.answer
    ttl = int(kept.ttl)
    age = int(kept.age) if kept.ttl <= 0 else None
    status = cache_status(kept)
    headers = headers_for(answer.etag, status, ttl, age).copy()
    if "If-None-Match" in request.headers and is_known(request, answer.etag):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=answer.body, headers=headers)


@lru_cache(128)
def headers_for(etag: str, status: str, ttl: int, age: int | None) -> CIMultiDict[str]:
    """Give the headers of an answer, made once a second for one that is popular."""
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
