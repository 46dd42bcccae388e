"""NotePages: what the pages of notes show."""

from typing import Final

from aiohttp import web
from msgspec import Struct

from giphynavigator.gifs import Gif
from giphynavigator.notes.asked import AT_ONCE
from giphynavigator.notes.models import Note
from giphynavigator.notes.needs import Access, Searches
from giphynavigator.notes.parameters import NoteParameters
from giphynavigator.notes.repository import NoteRepository

PATIENCE: Final = 1.5
"""Seconds that a page waits for its GIFs; what comes later is there the next time."""


class NoteList(Struct, frozen=True):
    """Some notes, how many there are in all, and the GIFs that can be had now."""

    notes: list[Note]
    total: int
    media: dict[str, Gif]
    asked: NoteParameters

    @property
    def before(self) -> int | None:
        """The offset of the notes before these, None where there are none."""
        at = min(self.asked.offset, self.total)
        return max(0, at - self.asked.limit) if at else None

    @property
    def after(self) -> int | None:
        """The offset of the notes after these, None where there are none."""
        following = self.asked.offset + self.asked.limit
        return following if following < self.total else None

    def leading(self, offset: int) -> dict[str, str]:
        """Give the query of the address that shows the same from an offset on."""
        limit = self.asked.limit if self.asked.limit != AT_ONCE else None
        said = {"search": self.asked.search, "limit": limit, "offset": offset}
        return {name: str(value) for name, value in said.items() if value}


class NotePages:
    """Finds what a page shows: notes, and with one call at most all their GIFs."""

    def __init__(
        self, repository: NoteRepository, searches: Searches, access: Access
    ) -> None:
        self._repository = repository
        self._searches = searches
        self._access = access

    async def page(self, asked: NoteParameters) -> NoteList:
        """Give notes that hold a text, newest first."""
        notes, total = await self._repository.page(
            limit=asked.limit, offset=asked.offset, search=asked.search
        )
        return NoteList(notes, total, await self._media(notes), asked)

    async def one(self, note_id: int) -> tuple[Note, dict[str, Gif]]:
        """Give the note and its GIF if that can be had, or raise NoteNotFound."""
        note = await self._repository.get(note_id)
        return note, await self._media([note])

    async def may_write(self, request: web.Request) -> bool:
        """Whether the page is to have forms, or the reason why it has none."""
        return await self._access.may_write(request)

    async def _media(self, notes: list[Note]) -> dict[str, Gif]:
        ids = [note.gif.id for note in notes if note.gif]
        return await self._searches.by_ids(ids, patience=PATIENCE)
