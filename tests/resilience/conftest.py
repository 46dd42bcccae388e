from collections.abc import AsyncIterator, Iterator

import pytest

from giphynavigator.resilience.redis_shared import RedisShared
from tests.fakes import FakeClock, Notes
from tests.servers import RedisServer


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test's own, to be stopped and broken."""
    with RedisServer() as server:
        yield server


@pytest.fixture
async def shared(redis_server: RedisServer, notes: Notes) -> AsyncIterator[RedisShared]:
    """That Redis as one replica sees it; looks again every 50 ms."""
    shared = RedisShared(redis_server.url, rest=0.05, recorder=notes)
    yield shared
    await shared.close()
