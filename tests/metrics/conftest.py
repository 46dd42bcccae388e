from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp.test_utils import TestClient
from prometheus_client import CollectorRegistry

from giphynavigator.application import create_app
from giphynavigator.metrics.exposition import Exposition
from giphynavigator.metrics.recorder import MetricsRecorder
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import QuotaSettings
from tests.conftest import asking
from tests.metrics.reading import Numbers


class Counted:
    """A recorder alone, and what its numbers are."""

    def __init__(self, redis: bool = False) -> None:
        registry = CollectorRegistry()
        self.recorder = MetricsRecorder(registry, redis=redis, clock=lambda: 1000.0)
        self._exposition = Exposition(registry)

    @property
    def numbers(self) -> Numbers:
        return Numbers(self._exposition.text()[0].decode())


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def counted_with_redis() -> Counted:
    return Counted(redis=True)


@pytest.fixture
async def scarce(upstream: Sandbox, aiohttp_client) -> AsyncIterator[TestClient]:
    """The service with a quota of two calls."""
    settings = asking(upstream.api_url)
    file = msgspec.structs.replace(settings.file, quota=QuotaSettings(calls=2))
    app = create_app(msgspec.structs.replace(settings, file=file))
    yield await aiohttp_client(app)
    app.container.unwire()
