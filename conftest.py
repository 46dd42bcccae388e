"""For the tutorial's tests as they were printed, wherever they are dropped in."""

import asyncio

import pytest


@pytest.fixture
async def loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()
