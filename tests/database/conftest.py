from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeAlias

import pytest

from giphynavigator.settings import Secret
from giphynavigator.storage.database import Database

Open: TypeAlias = Callable[..., Awaitable[Database]]


def at(url: str, *, folder: Path = Path("/"), patience: float = 5) -> Database:
    """A database that nobody has used yet."""
    return Database(
        Secret(url), folder=folder, pool_size=5, max_overflow=10, patience=patience
    )


@pytest.fixture
async def opening() -> AsyncIterator[Open]:
    """Open databases, as each replica does, and close them at the end."""
    async with AsyncExitStack() as stack:

        async def opening(url: str, **options) -> Database:
            database = at(url, **options)
            stack.push_async_callback(database.close)
            await database.open()
            return database

        yield opening
