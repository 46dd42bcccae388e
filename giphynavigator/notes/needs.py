"""What notes need of the rest of the program."""

from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from giphynavigator.gifs import Gif


class Searches(Protocol):
    """What finds GIFs."""

    async def by_ids(
        self, ids: Iterable[str], *, patience: float | None = None
    ) -> dict[str, Gif]:
        """Give those of the GIFs that can be had within so many seconds."""


class Access(Protocol):
    """Who knows those that may write."""

    async def may_write(self, request: web.Request) -> bool:
        """Whether to offer in a page what changes something."""
