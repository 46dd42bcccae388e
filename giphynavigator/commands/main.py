"""The commands: serve, search, sandbox and doctor."""

import asyncio
import logging
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from giphynavigator import __version__
from giphynavigator.application import create_container
from giphynavigator.commands.db import db
from giphynavigator.commands.doctor import examine
from giphynavigator.commands.download import download
from giphynavigator.commands.running import (
    Failed,
    checked,
    config_option,
    failing,
    read,
    run,
)
from giphynavigator.gifs import Gif
from giphynavigator.lifecycle import opened
from giphynavigator.logs import set_up_logs
from giphynavigator.sandbox.application import running_sandbox
from giphynavigator.services import LAST
from giphynavigator.serving.places import Place, taking
from giphynavigator.serving.server import serve_alone, stop_on_signal
from giphynavigator.serving.workers import serve_together
from giphynavigator.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="giphynavigator")
def main() -> None:
    """Find GIFs for a team while sparing its Giphy quota."""


main.add_command(download)
main.add_command(db)


@main.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes on that port.",
)
@click.option("--sandbox", is_flag=True, help="Never ask Giphy, key or not.")
@config_option
def serve(
    host: str | None,
    port: int | None,
    workers: int,
    config: Path | None,
    *,
    sandbox: bool,
) -> None:
    """Run the service."""
    settings = msgspec.structs.replace(read(config, sandbox=sandbox), workers=workers)
    if workers > settings.file.quota.calls and settings.counts_alone:
        raise click.BadParameter(
            "without redis.url each worker needs a call of quota.calls",
            param_hint="--workers",
        )
    set_up_logs(settings.file.log, settings.secrets)
    server = settings.file.server
    place = Place(host or server.host, server.port if port is None else port)

    def announce(address: str) -> None:
        click.echo(banner(settings, address), err=True)

    with failing():
        serve_at = serve_together if workers > 1 else serve_alone
        serve_at(settings, place, announce)


def banner(settings: Settings, address: str) -> str:
    """Say where the service is, and what it stands on."""
    giphy = settings.file.giphy.api_url
    if settings.sandbox:
        giphy = "the sandbox (made-up GIFs; set GIPHY_API_KEY for real ones)"
    return (
        f"Giphy Navigator {__version__} on {address}\n"
        f"  settings  {settings.source}\n"
        f"  answers   {giphy}"
    )


@main.command()
@click.argument(
    "queries", metavar="QUERY...", nargs=-1, required=True, callback=checked
)
@click.option("--limit", type=click.IntRange(1, LAST), help="How many GIFs each.")
@click.option("--json", "as_json", is_flag=True, help="Print what GET / answers.")
@config_option
def search(
    queries: list[str],
    limit: int | None,
    config: Path | None,
    *,
    as_json: bool,
) -> None:
    """Find GIFs; a limit over 50 takes several pages."""
    settings = read(config)
    logging.basicConfig(level=logging.ERROR)
    if settings.sandbox:
        click.echo("no GIPHY_API_KEY: these are the sandbox's GIFs", err=True)
    run(_search(settings, queries, limit, as_json=as_json))


async def _search(
    settings: Settings, queries: list[str], limit: int | None, *, as_json: bool
) -> None:
    async with opened(create_container(settings)) as container:
        service, batch = container.search_service(), container.batch.batch_service()
        wanted = limit or container.defaults().limit
        with progress_bars() as progress:

            async def find(query: str) -> list[Gif]:
                task = progress.add_task(escape(query), total=wanted)
                gifs: list[Gif] = []
                async for page in service.search_on(query, wanted):
                    gifs += page
                    progress.advance(task, len(page))
                return gifs

            results = [result async for result in batch.run(queries, find)]
    for result in sorted(results, key=lambda result: result.index):
        if result.found is not None:
            show(result.query, wanted, result.found, as_json=as_json)
    if failed := [result for result in results if result.error]:
        raise Failed("; ".join(f"{bad.query}: {bad.error}" for bad in failed))


def progress_bars() -> Progress:
    """Give bars on standard error, seen only when somebody is looking."""
    console = Console(stderr=True)
    return Progress(console=console, disable=not console.is_terminal)


def show(query: str, limit: int, gifs: list[Gif], *, as_json: bool) -> None:
    """Print one search: a table for people, the JSON of `GET /` for programs."""
    if as_json:
        links = [{"url": gif.url} for gif in gifs]
        body = {"query": query, "limit": limit, "gifs": links}
        click.echo(msgspec.json.encode(body))
        return
    # Text, because what people and Giphy write is not rich's markup.
    table = Table(title=Text(f"{query}: {len(gifs)} GIFs"))
    table.add_column("title", min_width=16)
    table.add_column("url", no_wrap=True)
    for gif in gifs:
        table.add_row(Text(gif.title), Text(gif.url))
    # An address that is cut is of no use: rather let the terminal wrap the row.
    longest = max((len(gif.url) for gif in gifs), default=0)
    Console(width=max(Console().width, longest + 23)).print(table, soft_wrap=True)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True)
@config_option
def sandbox(port: int, config: Path | None) -> None:
    """Run the stand-in Giphy alone; of the settings only those of the log count."""
    set_up_logs(read(config).file.log)
    run(_sandbox(Place("127.0.0.1", port)))


async def _sandbox(place: Place) -> None:
    stop = stop_on_signal()
    async with AsyncExitStack() as stack:
        with taking(place):
            giphy = await stack.enter_async_context(
                running_sandbox(place.host, place.port)
            )
        click.echo(f"sandbox Giphy on {giphy.api_url}", err=True)
        await stop.wait()


@main.command()
@click.option("--online", is_flag=True, help="Spend one call to ask Giphy itself.")
@config_option
def doctor(config: Path | None, *, online: bool) -> None:
    """Check settings and servers; say what is wrong and what to do."""
    logging.basicConfig(level=logging.CRITICAL)  # it is all among the findings
    findings = asyncio.run(examine(config, online=online))
    for finding in findings:
        click.echo(finding.line())
    sys.exit(0 if all(finding.good for finding in findings) else 1)
