"""The tables, step by step: each file in versions/ is one, known by its number."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from giphynavigator.storage.outages import TablesAreNewer

VERSIONS: Final = Path(__file__).parent / "versions"


def last_step() -> str:
    """Give the number of the last step there is."""
    return max(path.stem[1:5] for path in VERSIONS.glob("v[0-9]*.py"))


async def needed(engine: AsyncEngine) -> bool:
    """Whether there are steps to be taken; raises TablesAreNewer.

    So that Alembic, which takes long to import, is left alone at most starts.
    """
    async with engine.connect() as connection:
        found, known = await connection.run_sync(step_of), last_step()
    if found > known:
        raise TablesAreNewer(found, known)
    return found < known


def step_of(connection: Connection) -> str:
    """Give the number of the step that the tables are at; nothing before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    number = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(number or "")
