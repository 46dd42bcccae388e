from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple, TypeAlias

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from multidict import CIMultiDictProxy

from giphynavigator.application import create_app
from giphynavigator.containers import Container
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import Settings


class Said(NamedTuple):
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    json: Any


Ask: TypeAlias = Callable[..., Awaitable[Said]]
Serve: TypeAlias = Callable[..., Awaitable[TestClient]]


async def said(answer: aiohttp.ClientResponse) -> Said:
    async with answer:
        body = await answer.read()
        return Said(answer.status, answer.headers, body, await answer.json())


@pytest.fixture
def ask(service: TestClient) -> Ask:
    """Ask the service as one of Giphy's clients would, with a key of its own."""

    async def ask(path: str, **query: object) -> Said:
        params = {"api_key": "the client's", **query}
        return await said(await service.get(path, params=params))

    return ask


@pytest.fixture
def ask_giphy(upstream: Sandbox) -> Ask:
    """Ask Giphy itself, with the key of the service."""

    async def ask(path: str, **query: object) -> Said:
        url = upstream.api_url.removesuffix("/v1") + path
        async with aiohttp.ClientSession() as session:
            return await said(await session.get(url, params=query))

    return ask


@pytest.fixture
async def serve(aiohttp_client) -> AsyncIterator[Serve]:
    """Serve with these settings, after the container was arranged."""
    apps: list[web.Application] = []

    async def serve(
        settings: Settings, arrange: Callable[[Container], None] = lambda _: None
    ) -> TestClient:
        app = create_app(settings)
        apps.append(app)
        arrange(app.container)
        return await aiohttp_client(app)

    yield serve
    for app in apps:
        app.container.unwire()
