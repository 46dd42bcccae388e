import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator.application import create_app
from giphynavigator.giphy import GiphyClient
from giphynavigator.sandbox.application import Sandbox, running_sandbox
from giphynavigator.settings import (
    DatabaseSettings,
    FileSettings,
    GiphySettings,
    Secret,
    Settings,
)
from giphynavigator.settings_sources import REPLACEMENTS
from tests.processes import IN_MEMORY
from tests.servers import PostgresServer, summary_lines

CANARY = "canary" + "Key123"
"""Put together here, so that no traceback's source line shows it whole."""

for name in ("GIPHY_API_KEY", *REPLACEMENTS):
    os.environ.pop(name, None)
for name in ("CONFIG", "SECRET", "TOKENS"):
    os.environ.pop(f"GIPHYNAVIGATOR_{name}", None)
os.environ["DATABASE_URL"] = IN_MEMORY


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


@pytest.fixture
async def serving(
    aiohttp_client,
) -> AsyncIterator[Callable[..., Awaitable[TestClient]]]:
    """What serves the application with settings; one at a time is wired, the last."""
    apps: list[web.Application] = []

    async def serve(settings: Settings) -> TestClient:
        for app in apps:
            app.container.unwire()
        apps.append(create_app(settings))
        return await aiohttp_client(apps[-1])

    yield serve
    for app in apps:
        app.container.unwire()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One for all tests; each makes a database of its own on it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; what asks for it is tested with SQLite and PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
async def keeper(database_url: str, aiohttp_client) -> AsyncIterator[TestClient]:
    """The service with an empty database, of each kind."""
    app = create_app(keeping(database_url))
    yield await aiohttp_client(app)
    app.container.unwire()


def keeping(database_url: str, *, pool_size: int = 5) -> Settings:
    """Settings of a service that keeps things there, with the sandbox inside."""
    database = DatabaseSettings(database_url, pool_size=pool_size)
    return Settings(FileSettings(database=database))


def asking(api_url: str, *, timeout: float = 0.5) -> Settings:
    """Settings of a service that has a key and asks this address."""
    giphy = GiphySettings(api_url=api_url, request_timeout=timeout, rating="r")
    file = FileSettings(giphy=giphy, database=DatabaseSettings(IN_MEMORY))
    return Settings(file, api_key=Secret(CANARY), sandbox=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested because its server is missing."""
    for line in summary_lines():
        terminalreporter.write_line(line, red=True, bold=True)
