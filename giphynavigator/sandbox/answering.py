"""Turns a function from question to answer into an HTTP handler."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeAlias

from aiohttp import web

from .envelopes import Answer, Refused, Unknown, answer_body, refusal_body, unknown_body
from .memo import Given, Memo
from .questions import Question

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

MEMO: Final = web.AppKey("memo", Memo)


def answered(answer: Callable[[Question], Answer]) -> Handler:
    """Serve an endpoint; every answer depends on the question alone, so it is kept."""

    async def handler(request: web.Request) -> web.Response:
        memo, asked = request.app[MEMO], (_origin(request), request.path_qs)
        given = memo.get(asked)
        if given is None:
            given = _give(answer, _question(request))
            memo.put(asked, given)
        return web.Response(
            status=given.status, body=given.body, content_type="application/json"
        )

    return handler


def _give(answer: Callable[[Question], Answer], question: Question) -> Given:
    try:
        question.require_key()
        return Given(HTTPStatus.OK, answer_body(answer(question), question.response_id))
    except Refused as refused:
        return Given(refused.status, refusal_body(refused.status, refused.message))
    except Unknown:
        return Given(HTTPStatus.NOT_FOUND, unknown_body(question.response_id))


def _question(request: web.Request) -> Question:
    return Question(
        path=plain(request.path),
        query={plain(name): plain(value) for name, value in request.query.items()},
        names={name: plain(value) for name, value in request.match_info.items()},
        origin=_origin(request),
    )


def _origin(request: web.Request) -> str:
    return f"{request.scheme}://{plain(request.host)}"


def plain(text: str) -> str:
    """Return the text without what was no UTF-8 on the wire and is none in JSON."""
    return text.encode("utf-8", "replace").decode()
