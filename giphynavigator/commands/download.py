"""The download command: media to files."""

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from giphynavigator.application import create_container
from giphynavigator.commands.running import Failed, config_option, read, run
from giphynavigator.downloads.finding import are_words, needs_giphy
from giphynavigator.downloads.folder import Folder
from giphynavigator.downloads.progress import Bars, Lines, Tally
from giphynavigator.errors import InvalidParameter
from giphynavigator.lifecycle import opened
from giphynavigator.parameters import Query, convert
from giphynavigator.services import LAST
from giphynavigator.settings import Settings

AT_ONCE: Final = 8
THREADS: Final = 40
"""Threads that wait for the disk, and for nothing of a CPU: files that reach it
together are synced together."""

MOST_AT_ONCE: Final = 200
INTERRUPTED: Final = 130
"""The exit status of what Ctrl-C ended."""


def checked(_: click.Context, __: click.Parameter, asked: tuple[str, ...]) -> list[str]:
    """Give what is asked for trimmed, or refuse words that Giphy would as misuse."""
    trimmed = [each.strip() for each in asked]
    try:
        for query in filter(are_words, trimmed):
            convert("query", query, Query)
    except InvalidParameter as error:
        raise click.BadParameter(str(error)) from error
    return trimmed


@click.command()
@click.argument(
    "asked", metavar="QUERY_OR_URL...", nargs=-1, required=True, callback=checked
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default=Path("downloads"),
    show_default=True,
    help="The folder to write to.",
)
@click.option("--limit", type=click.IntRange(1, LAST), help="How many GIFs a query.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, MOST_AT_ONCE),
    default=AT_ONCE,
    show_default=True,
    help="Files at once.",
)
@config_option
def download(
    asked: list[str],
    to: Path,
    limit: int | None,
    concurrency: int,
    config: Path | None,
) -> None:
    """Fetch GIFs: those found for words, that of a page, or a media file.

    A file has its name once it is whole; what is there already is left alone.
    """
    settings = read(config)
    logging.basicConfig(level=logging.ERROR)
    if settings.sandbox and any(map(needs_giphy, asked)):
        click.echo("no GIPHY_API_KEY: these are the sandbox's GIFs", err=True)
    console = Console(stderr=True)
    tally: Tally = Bars(console) if console.is_terminal else Lines(console)
    try:
        run(
            fetch(
                settings,
                asked,
                folder=Folder(to),
                limit=limit,
                concurrency=concurrency,
                tally=tally,
            )
        )
    except KeyboardInterrupt:
        click.echo(f"stopped: {tally.summary()}; the same again goes on", err=True)
        sys.exit(INTERRUPTED)
    finish(tally, to)


async def fetch(  # noqa: PLR0913 - as the command has them
    settings: Settings,
    asked: list[str],
    *,
    folder: Folder,
    limit: int | None,
    concurrency: int,
    tally: Tally,
) -> None:
    """Fetch it all; the tally has what came of it."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    async with opened(create_container(settings)) as container:
        service = container.downloads.download_service(
            folder=folder, concurrency=concurrency, watcher=tally
        )
        with tally:
            await service.run(asked, limit=limit or container.defaults().limit)


def finish(tally: Tally, to: Path) -> None:
    """Say what came of it; exit 1 with a list of what failed, if anything did."""
    click.echo(f"{tally.summary()}, in {to}", err=True)
    if tally.failed:
        lines = sorted(f"{bad.asked or bad.name}: {bad.error}" for bad in tally.failed)
        said = f"{len(lines)} of {tally.files} failed:"
        raise Failed("\n  ".join([said, *lines]))
