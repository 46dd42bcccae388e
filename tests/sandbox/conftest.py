from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

import aiohttp
import pytest

from giphynavigator.sandbox.application import Sandbox, running_sandbox


class Reply(NamedTuple):
    status: int
    headers: Any
    body: bytes
    json: Any


Ask = Callable[..., Awaitable[Reply]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session


@pytest.fixture
def ask(sandbox: Sandbox, session: aiohttp.ClientSession) -> Ask:
    """Ask the API below /v1 with a key; `api_key=None` leaves it away."""

    async def ask(path: str, **query: object) -> Reply:
        query = {"api_key": "any", **query}
        params = {
            name: str(value) for name, value in query.items() if value is not None
        }
        async with session.get(f"{sandbox.api_url}{path}", params=params) as reply:
            is_json = reply.content_type == "application/json"
            body = await reply.read()
            return Reply(
                reply.status,
                reply.headers,
                body,
                await reply.json() if is_json else None,
            )

    return ask
