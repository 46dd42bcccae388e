"""A transfer: one file from the wire to the folder, whole or not at all."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Final, TypeAlias

from msgspec import Struct
from yarl import URL

from giphynavigator.downloads.errors import (
    MediaBrokeOff,
    MediaChanged,
    MediaCut,
    NoMedia,
    OtherFormat,
    Passing,
    Spoiled,
)
from giphynavigator.downloads.folder import Folder
from giphynavigator.downloads.formats import HEAD, Format, format_named, format_of
from giphynavigator.downloads.manifest import Entry
from giphynavigator.downloads.parts import Part
from giphynavigator.downloads.wire import Body, MediaClient
from giphynavigator.downloads.writing import Writing, blocking

TRIES: Final = 5
"""Times in a row that a file is asked for and brings next to nothing."""

PROGRESS: Final = 1024 * 1024
"""Bytes that make a try worth while, so that the count begins anew."""

FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 30.0
"""Seconds between two tries at most, the first time and however often."""

Told: TypeAlias = Callable[[int, int | None], None]
"""Is told how many bytes of a file are there, of how many if that is known."""


class Target(Struct, frozen=True):
    """A file that is wanted; one without an ending gets that of what comes.

    `asked` is the address that people know it by, if they know any, and `also` are
    others that lead to the same file.
    """

    id: str
    url: URL
    name: str
    ending: str
    asked: str = ""
    also: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Its name, as far as it is known beforehand."""
        return self.name + self.ending


class Backoff:
    """How long to wait before the next try: ever longer, and never all at once."""

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._sleep = sleep
        self._chance = chance

    async def wait(self, tries: int, *, at_least: float) -> None:
        """Wait after so many tries that brought nothing."""
        longest = min(LONGEST_DELAY, FIRST_DELAY * 2**tries)
        await self._sleep(max(at_least, longest * self._chance()))


class Transfer:
    """Brings one file, in as many tries as are worth while.

    It takes a slot while it is on the wire, and none while it waits for its next try
    or for the disk.
    """

    def __init__(
        self,
        target: Target,
        folder: Folder,
        media: MediaClient,
        *,
        slots: asyncio.Semaphore,
        backoff: Backoff,
    ) -> None:
        self._target = target
        self._folder = folder
        self._media = media
        self._slots = slots
        self._backoff = backoff
        self._part: Part | None = None

    async def run(self, told: Told) -> Entry:
        """Give the entry of the file once it is there under its name.

        Raises a MediaError, a FileError, a FolderError or OriginRefused; then what
        can be gone on with later is left.
        """
        try:
            self._part = self._folder.old_part(self._target.file)
            if self._part:
                await blocking(self._part.resume)
            part = await self._fetch(told)
            entry = await blocking(self._keep, part)
        except Spoiled:
            await self._drop()
            raise
        except BaseException:
            if self._part:
                await blocking(self._part.close)
            raise
        return entry

    async def _fetch(self, told: Told) -> Part:
        """Give the part that is all of the file."""
        tries = 0
        while True:
            before = self._size
            try:
                async with self._slots:
                    return await self._try(told)
            except Passing as error:
                if isinstance(error, MediaChanged):
                    await self._drop()
                tries = 0 if self._size - before >= PROGRESS else tries + 1
                if tries == TRIES:
                    raise
                await self._backoff.wait(tries, at_least=error.retry_after)

    async def _try(self, told: Told) -> Part:
        """Ask for what is missing, and write what comes."""
        version = self._part.version if self._part else ""
        start = self._size if version else 0
        async with self._media.get(
            self._target.url, start=start, version=version
        ) as body:
            part = self._part
            if part is None or not body.place.start:
                version, file = body.place.version, self._target.file
                self._part = part = self._folder.new_part(file, version, old=part)
            await self._write(part, body, told)
        if body.place.total not in {None, part.size}:
            raise MediaBrokeOff(part.size, body.place.total)
        return part

    async def _write(self, part: Part, body: Body, told: Told) -> None:
        """Write each piece while the next one comes."""
        size = body.place.start
        async with Writing(part.write) as writing, aclosing(body.pieces()) as pieces:
            async for piece in pieces:
                await writing.put(piece)
                size += len(piece)
                told(size, body.place.total)
                if part.size >= HEAD:
                    self._judge(part)

    def _keep(self, part: Part) -> Entry:
        """Give the whole file its name, if it is what it should be. It blocks."""
        found = self._judge(part)
        if found.breaks_off(part.path):
            raise MediaCut(part.size)
        target = self._target
        file = f"{target.name}{target.ending or found.ending}"
        sha256 = part.keep(self._folder.path / file)
        entry = Entry(target.id, str(target.url), file, part.size, sha256)
        return self._folder.list(entry)

    def _judge(self, part: Part) -> Format:
        """Give the format of what comes, or raise what is wrong with it."""
        found, wanted = format_of(part.head), format_named(self._target.ending)
        if found is None:
            raise NoMedia(part.head)
        if wanted and found != wanted:
            raise OtherFormat(found.name, wanted.name)
        return found

    async def _drop(self) -> None:
        if self._part:
            await blocking(self._part.discard)
        self._part = None

    @property
    def _size(self) -> int:
        return self._part.size if self._part else 0
