"""What all commands have in common: their settings, and failing in one line."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from giphynavigator.errors import InvalidParameter, NavigatorError
from giphynavigator.parameters import Query, convert
from giphynavigator.settings import Settings
from giphynavigator.settings_sources import read_settings

config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="The settings file to read."
)


class Failed(click.ClickException):
    """One line on standard error, exit 1."""


@contextmanager
def failing() -> Iterator[None]:
    """Make one line and exit 1 of what this program raises."""
    try:
        yield
    except NavigatorError as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(error.strerror or str(error)) from error


def run(task: Coroutine[Any, Any, None]) -> None:
    """Run a command's task; it may fail in one line."""
    with failing():
        asyncio.run(task)


def read(config: Path | None, *, sandbox: bool = False) -> Settings:
    """Give the settings, or end with the one line that says what is wrong."""
    with failing():
        return read_settings(config, sandbox=sandbox)


def checked(
    _: click.Context, __: click.Parameter, queries: tuple[str, ...]
) -> list[str]:
    """Give the queries trimmed, or refuse one as misuse."""
    try:
        return [convert("query", query.strip(), Query) for query in queries]
    except InvalidParameter as error:
        raise click.BadParameter(str(error)) from error
