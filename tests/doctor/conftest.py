from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CANARY
from tests.servers import RedisServer

CONFIG = "{redis: {url: ''}, giphy: {request_timeout: 0.3}, quota: {calls: 2}}"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A settings file with short deadlines and few calls."""
    path = tmp_path / "config.yml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis that asks for the canary as password."""
    with RedisServer("--requirepass", CANARY) as server:
        yield server
