"""The tutorial's application, as one writes it after reading: what we compare to.

`python -m benchmarks.contenders.tutorial API_URL`. It runs as its readers run it, on
asyncio's own loop, and wired with three markers.
"""

import asyncio
import sys
from typing import Any

import aiohttp
from aiohttp import web
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide, inject

from benchmarks.contenders.serving import serve


class GiphyClient:
    """Make a session for each call and parse all that comes."""

    def __init__(self, api_url: str, api_key: str, timeout: int) -> None:
        self._api_url = api_url
        self._api_key = api_key
        self._timeout = aiohttp.ClientTimeout(timeout)

    async def search(self, query: str, limit: int) -> dict[str, Any]:
        """Return Giphy's whole answer."""
        params: dict[str, str | int] = {
            "q": query,
            "api_key": self._api_key,
            "limit": limit,
        }
        url = f"{self._api_url}/gifs/search"
        async with (
            aiohttp.ClientSession(timeout=self._timeout) as session,
            session.get(url, params=params) as response,
        ):
            if response.status != web.HTTPOk.status_code:
                response.raise_for_status()
            answer: dict[str, Any] = await response.json()
            return answer


class SearchService:
    """Pick the addresses out of the answer."""

    def __init__(self, giphy_client: GiphyClient) -> None:
        self._giphy_client = giphy_client

    async def search(self, query: str, limit: int) -> list[dict[str, str]]:
        """Return one address for each GIF; none for no words."""
        if not query:
            return []
        result = await self._giphy_client.search(query, limit)
        return [{"url": gif["url"]} for gif in result["data"]]


class Container(containers.DeclarativeContainer):
    """What the application is made of."""

    config = providers.Configuration()
    giphy_client = providers.Factory(
        GiphyClient,
        api_url=config.giphy.api_url,
        api_key=config.giphy.api_key,
        timeout=config.giphy.request_timeout,
    )
    search_service = providers.Factory(SearchService, giphy_client=giphy_client)


@inject
async def index(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
    default_query: str = Provide[Container.config.default.query],
    default_limit: int = Provide[Container.config.default.limit.as_int()],
) -> web.Response:
    """Answer a search."""
    query = request.query.get("query", default_query)
    limit = int(request.query.get("limit", default_limit))
    gifs = await search_service.search(query, limit)
    return web.json_response({"query": query, "limit": limit, "gifs": gifs})


def create_app(api_url: str) -> web.Application:
    """Put it together; any key will do for the sandbox."""
    container = Container()
    giphy = {"api_url": api_url, "api_key": "any", "request_timeout": 10}
    default = {"query": "Dependency Injector", "limit": 10}
    container.config.from_dict({"giphy": giphy, "default": default})
    container.wire(modules=[__name__])
    app = web.Application()
    app.add_routes([web.get("/", index)])
    return app


if __name__ == "__main__":
    asyncio.run(serve(create_app(sys.argv[1])))
