"""What stands where replicas would, to see what nginx makes of requests."""

from aiohttp import web
from multidict import CIMultiDict


class StandIn:
    """Remembers what it was asked, and answers with the headers that it was told.

    A test may put a handler of its own in the place of `answer`.
    """

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.headers: CIMultiDict[str] = CIMultiDict()
        self.answer = self.says
        self.port = 0
        self.app = web.Application()
        self.app.router.add_route("*", "/{path:.*}", self._handle)

    async def says(self, request: web.Request) -> web.Response:
        """Say which request it was, and what was accepted."""
        text = f"{len(self.asked)} {request.headers.get('Accept')}"
        return web.Response(text=text, headers=self.headers)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self.answer(request)
