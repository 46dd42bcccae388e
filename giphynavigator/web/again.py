"""Again: what was just answered, sent once more in one piece."""

from email.utils import formatdate
from typing import Final

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import SERVER_SOFTWARE
from msgspec import Struct
from multidict import CIMultiDict

from giphynavigator.tracing import REQUEST_ID

FIRST: Final = "HTTP/1.1 200 OK"


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


def may_go_again(request: web.BaseRequest) -> bool:
    """Whether a request is a usual one, whose answer nothing has to be fitted to."""
    return (
        request.method == hdrs.METH_GET
        and request.version == HttpVersion11
        and request.keep_alive
    )


class Again(web.Response):
    """A prepared reply to a request that is a usual one.

    All that aiohttp does to put an answer together is left out, on_response_prepare
    too, as long as the request's id is all that was added to it since. If anything
    else of it was changed, or it is to close the connection, it goes the usual way.
    """

    def __init__(self, reply: Prepared) -> None:
        super().__init__(body=reply.body, headers=reply.headers)
        self.reply = reply
        self._is_sent = False

    def __repr__(self) -> str:
        return f"<Again, {'sent' if self._is_sent else 'not sent yet'}>"

    @property
    def keep_alive(self) -> bool | None:
        """Whether the connection stays open; None until that is known."""
        return self._is_sent or super().keep_alive

    @property
    def prepared(self) -> bool:
        """Whether it is too late to change it."""
        return self._is_sent or super().prepared

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send all of it, or as much as aiohttp sends at this point."""
        if not self._is_as_it_was():
            return await super().prepare(request)
        reply, request_id = self.reply, self.headers[REQUEST_ID].encode()
        self._is_sent = True
        await request.writer.write_eof(
            b"%b%b\r\n\r\n%b" % (reply.wire, request_id, reply.body)
        )
        return request.writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Send what is left of it."""
        if not self._is_sent:
            await super().write_eof(data)

    def _is_as_it_was(self) -> bool:
        return (
            super().keep_alive is None
            and self.body is self.reply.body
            and len(self.headers) == len(self.reply.headers) + 1
            and REQUEST_ID in self.headers
        )
