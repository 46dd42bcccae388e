"""Again: what was just answered, sent once more in one piece."""

from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import SERVER_SOFTWARE
from msgspec import Struct
from multidict import CIMultiDict

from giphynavigator.tracing import REQUEST_ID

FIRST: Final = "HTTP/1.1 200 OK"
OK: Final = int(HTTPStatus.OK)


class Prepared(Struct, frozen=True):
    """A body, its headers, and all that goes over the wire before the body.

    `wire` ends where the request's id belongs, which alone differs from answer to
    answer. It has what aiohttp would add: length, date and server.
    """

    body: bytes
    headers: CIMultiDict[str]
    wire: bytes
    until: float


def prepared(body: bytes, headers: CIMultiDict[str], until: float) -> Prepared:
    """Write down a reply that is true until a moment on the clock."""
    added = {
        hdrs.CONTENT_LENGTH: len(body),
        hdrs.DATE: formatdate(usegmt=True),
        hdrs.SERVER: SERVER_SOFTWARE,
    }
    whole = [*headers.items(), *added.items(), (REQUEST_ID, "")]
    lines = [FIRST, *(f"{name}: {value}" for name, value in whole)]
    return Prepared(body, headers, "\r\n".join(lines).encode(), until)


def may_go_again(request: web.Request) -> bool:
    """Whether a request is a usual one, whose answer nothing has to be fitted to."""
    return (
        request.method == hdrs.METH_GET
        and request.version == HttpVersion11
        and request.keep_alive
        and not request.app.on_response_prepare
    )


class Again(web.Response):
    """A prepared reply to a request that is a usual one.

    All that aiohttp does to put an answer together is left out, as long as the
    request's id is all that was added to it since. If anything else of it was
    changed, or it is to close the connection, it goes the usual way.
    """

    def __init__(self, reply: Prepared) -> None:
        super().__init__(body=reply.body, headers=reply.headers)
        self.reply = reply

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send all of it, or as much as aiohttp sends at this point."""
        if not self._is_as_it_was():
            return await super().prepare(request)
        reply, request_id = self.reply, self.headers[REQUEST_ID].encode()
        writer = request.writer
        await writer.write_eof(b"%b%b\r\n\r\n%b" % (reply.wire, request_id, reply.body))
        # How aiohttp marks what is sent, so that it does not send it once more.
        self._eof_sent = self._keep_alive = True
        self._body_length = writer.output_size
        return writer

    def _is_as_it_was(self) -> bool:
        # By attributes: properties would cost each warm request a percent more.
        expected = CIMultiDict(self.reply.headers)
        expected[REQUEST_ID] = self._headers.get(REQUEST_ID, "")
        return (
            self._headers == expected
            and self._body is self.reply.body
            and self._status == OK
            and self._keep_alive is None
            and not (self._compression or self._chunked or self._cookies)
        )
