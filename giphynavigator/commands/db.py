"""The db command: looking after the database by hand."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from giphynavigator.application import create_container
from giphynavigator.commands.running import Failed, config_option, read, run
from giphynavigator.containers import Container
from giphynavigator.polls.sample import QUESTION, add_sample
from giphynavigator.settings import Settings
from giphynavigator.storage.database import UPGRADE
from giphynavigator.storage.migrations import last_step
from giphynavigator.storage.outages import DatabaseUnavailable


@click.group()
def db() -> None:
    """Look after the database; the service does so by itself when it starts."""


@db.command()
@config_option
def upgrade(config: Path | None) -> None:
    """Bring the tables up to date; safe while the service runs."""
    run(_upgrade(read(config)))


async def _upgrade(settings: Settings) -> None:
    async with kept(settings) as container:
        place = container.database().place
        click.echo(f"{place}: the tables are up to date, at step {last_step()}")


@db.command()
@config_option
def sample(config: Path | None) -> None:
    """Add the question of the polls tutorial, with its choices; once is enough."""
    run(_sample(read(config)))


async def _sample(settings: Settings) -> None:
    async with kept(settings) as container:
        poll_id = await add_sample(container.polls.repository())
    if poll_id is None:
        click.echo(f"{QUESTION!r} is there already")
    else:
        click.echo(f"{QUESTION!r} is poll {poll_id}")


@asynccontextmanager
async def kept(settings: Settings) -> AsyncIterator[Container]:
    """Lend the container with its database open and up to date, and nothing else."""
    logging.basicConfig(level=logging.ERROR)  # what matters ends up in one line
    container = create_container(settings)
    database = container.database()
    try:
        await database.ready(UPGRADE)
        yield container
    except DatabaseUnavailable as error:
        raise Failed(f"{database.place}: {database.trouble or error}") from error
    finally:
        await database.close()
