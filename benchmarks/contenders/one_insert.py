"""Notes written the plain way: one INSERT and one commit for each request.

`python -m benchmarks.contenders.one_insert FILE` keeps them in a SQLite file that is
set up as the service sets up its own.
"""

import sys
from typing import Any

import sqlalchemy as sa
import uvloop
from aiohttp import web
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.contenders.serving import serve
from giphynavigator.settings import DatabaseSettings
from giphynavigator.storage.engines import PRAGMAS

metadata = sa.MetaData()
notes = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.String(200)),
    sa.Column("description", sa.String(2000)),
    sa.Column("created_at", sa.String(30), index=True),
    sa.Column("created_by", sa.String(50)),
    sa.Column("priority", sa.Integer),
)


def new_engine(path: str) -> AsyncEngine:
    """Give an engine with the service's pool and pragmas."""
    pool = DatabaseSettings()
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        pool_size=pool.pool_size,
        max_overflow=pool.max_overflow,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        for pragma in PRAGMAS:
            connection.cursor().execute(f"PRAGMA {pragma}")

    return engine


async def main(path: str) -> None:
    """Serve until killed."""
    engine = new_engine(path)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)

    async def keep(request: web.Request) -> web.Response:
        note = await request.json()
        async with engine.begin() as connection:
            kept = await connection.execute(
                sa.insert(notes).values(note).returning(notes)
            )
            shown = dict(kept.one()._mapping)  # noqa: SLF001 - its name for a dict
        return web.json_response(shown, status=201)

    app = web.Application()
    app.router.add_post("/notes", keep)
    await serve(app)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
