import os
from collections.abc import AsyncIterator, Iterator
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator.application import create_app
from giphynavigator.giphy import GiphyClient
from giphynavigator.sandbox.application import Sandbox, running_sandbox
from giphynavigator.settings import (
    REPLACEMENTS,
    FileSettings,
    GiphySettings,
    Secret,
    Settings,
)
from tests.servers import summary_lines

CANARY = "canary" + "Key123"
"""Put together here, so that no traceback's source line shows it whole."""

for name in ("GIPHY_API_KEY", "GIPHYNAVIGATOR_CONFIG", *REPLACEMENTS):
    os.environ.pop(name, None)


@pytest.fixture
def app() -> Iterator[web.Application]:
    app = create_app()
    yield app
    app.container.unwire()


@pytest.fixture
async def client(app: web.Application, aiohttp_client) -> TestClient:
    return await aiohttp_client(app)


@pytest.fixture
def giphy(app: web.Application) -> Iterator[AsyncMock]:
    """The mock that stands where GiphyClient would."""
    mock = AsyncMock(spec=GiphyClient)
    mock.search.return_value = {"data": []}
    with app.container.giphy_client.override(mock):
        yield mock


@pytest.fixture
async def upstream() -> AsyncIterator[Sandbox]:
    """The sandbox Giphy, on its own and over real HTTP."""
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def service(upstream: Sandbox, aiohttp_client) -> AsyncIterator[TestClient]:
    """The service with the canary key, asking `upstream`."""
    app = create_app(asking(upstream.api_url))
    yield await aiohttp_client(app)
    app.container.unwire()


def asking(api_url: str, *, timeout: float = 0.5) -> Settings:
    """Settings of a service that has a key and asks this address."""
    giphy = GiphySettings(api_url=api_url, request_timeout=timeout, rating="r")
    file = FileSettings(giphy=giphy)
    return Settings(file, api_key=Secret(CANARY), sandbox=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested because its server is missing."""
    for line in summary_lines():
        terminalreporter.write_line(line, red=True, bold=True)
