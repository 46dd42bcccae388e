"""What polls need of the rest of the program."""

from collections.abc import AsyncIterator, Iterable
from typing import Any, Protocol

from aiohttp import web

from giphynavigator.gifs import Gif


class Searches(Protocol):
    """What finds GIFs."""

    def search_on(self, query: str, limit: int) -> AsyncIterator[list[Gif]]:
        """Give GIFs for the words, page after page."""

    async def by_ids(
        self, ids: Iterable[str], *, patience: float | None = None
    ) -> dict[str, Gif]:
        """Give those of the GIFs that can be had within so many seconds."""


class KeptNote(Protocol):
    """A note that was kept."""

    @property
    def id(self) -> int:
        """The number by which it is found."""


class Notes(Protocol):
    """Where a winner is kept."""

    async def add(self, columns: dict[str, Any]) -> KeptNote:
        """Keep a new note and give it."""


class Signatures(Protocol):
    """What signs cookies."""

    async def sign(self, value: str, purpose: str) -> str:
        """Give the text to hand out."""

    async def unsign(self, text: str, purpose: str) -> str | None:
        """Give what was signed, or None for what is forged."""


class Clients(Protocol):
    """Who knows what stands between us and those who ask."""

    def client_of(self, request: web.BaseRequest) -> str | None:
        """Give a name for the client, None for one on this very machine."""

    def scheme_of(self, request: web.BaseRequest) -> str:
        """Give http or https, as the client used it."""


class Sessions(Protocol):
    """Who knows those that have signed in."""

    @property
    def possible(self) -> bool:
        """Whether writing takes a token here."""

    async def is_in(self, request: web.BaseRequest) -> bool:
        """Whether the request comes from somebody who has signed in."""


class Access(Protocol):
    """Who knows which pages are ours, and those that may write."""

    def check_origin(self, request: web.BaseRequest) -> None:
        """Return unless a page of another origin asks; then raise."""

    async def may_write(self, request: web.Request) -> bool:
        """Whether to offer in a page what changes something."""
