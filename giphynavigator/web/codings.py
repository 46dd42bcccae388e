"""Codings: who may be sent an answer packed in gzip."""

from functools import lru_cache

from aiohttp import hdrs, web

from giphynavigator.web.browsers import weighed


def takes_gzip(request: web.BaseRequest) -> bool:
    """Whether Accept-Encoding names gzip, and not to say that it is unwelcome."""
    return welcomes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))


@lru_cache(256)
def welcomes_gzip(codings: str) -> bool:
    """Whether gzip is one of the codings, with a weight above 0."""
    weights = dict(map(weighed, codings.lower().split(",")))
    return weights.get("gzip", 0.0) > 0
