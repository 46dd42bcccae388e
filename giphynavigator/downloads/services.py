"""DownloadService: everything that was asked for, found and brought, many at once."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from giphynavigator.downloads.errors import FolderError, NoOriginal
from giphynavigator.downloads.finding import Finder, Found, are_words
from giphynavigator.downloads.folder import Folder
from giphynavigator.downloads.manifest import Entry
from giphynavigator.downloads.names import Names, stem
from giphynavigator.downloads.parts import sync
from giphynavigator.downloads.transfer import Backoff, Target, Told, Transfer
from giphynavigator.downloads.wire import MediaClient
from giphynavigator.downloads.writing import blocking
from giphynavigator.errors import NavigatorError
from giphynavigator.gifs import Gif


class Result(Struct, frozen=True):
    """What came of one file, or of one thing asked for that led to none.

    It has an entry or an error; `is_new` tells a file that was fetched from one that
    had been there. `asked` is what people know it by, where that is not its name.
    """

    name: str
    asked: str = ""
    entry: Entry | None = None
    error: NavigatorError | None = None
    is_new: bool = False


class Watcher(Protocol):
    """Is told how it goes."""

    def expect(self, files: int) -> None:
        """Learn how many files there will be."""

    def begin(self, name: str) -> Told:
        """Learn that a file will be fetched, and say who is told how far it is."""

    def end(self, result: Result) -> None:
        """Learn what came of something."""


class DownloadService:
    """Brings what people ask for into a folder; what is there is left alone."""

    def __init__(  # noqa: PLR0913 - each by name
        self,
        finder: Finder,
        media: MediaClient,
        *,
        folder: Folder,
        concurrency: int,
        watcher: Watcher,
        backoff: Backoff,
    ) -> None:
        self._finder = finder
        self._media = media
        self._folder = folder
        self._slots = asyncio.Semaphore(concurrency)
        # As many again may wait for the disk, or for their next try.
        self._room = asyncio.Semaphore(2 * concurrency)
        self._watcher = watcher
        self._backoff = backoff

    async def run(self, asked: Sequence[str], *, limit: int) -> None:
        """Bring all of it, for words at most `limit` files, and tell the watcher.

        Raises FolderError as soon as no file can be written.
        """
        await blocking(self._folder.prepare)
        known = await self._finder.known(asked)
        lists = await asyncio.gather(
            *(self._find(each, limit, known) for each in asked)
        )
        names = Names(self._folder.manifest.owners())
        targets = self._targets(names, chain.from_iterable(lists))
        self._watcher.expect(sum(1 + len(target.also) for target in targets))
        tasks = [asyncio.create_task(self._bring(target)) for target in targets]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await blocking(sync, self._folder.path)

    async def _find(
        self, asked: str, limit: int, known: Mapping[str, Gif]
    ) -> list[Found]:
        """Give what one thing leads to; tell the watcher if that is nothing."""
        try:
            async with self._slots:
                return await self._finder.find(asked, limit, known)
        except NavigatorError as error:
            name = f'"{asked}"' if are_words(asked) else asked
            self._watcher.end(Result(name, error=error))
            return []

    def _targets(self, names: Names, found: Iterable[Found]) -> list[Target]:
        """Give the files that are wanted, each once."""
        targets: dict[str, Target] = {}
        for each in found:
            name = stem(each.id, each.title)
            if each.url is None:
                self._watcher.end(Result(name, each.asked, error=NoOriginal()))
                continue
            name = names.give(each.id, name, each.ending)
            target = Target(each.id, each.url, name, each.ending, each.asked)
            known = targets.setdefault(target.file, target)
            if each.asked not in {"", known.asked, *known.also}:
                also = (*known.also, each.asked)
                targets[target.file] = replace(known, also=also)
        return list(targets.values())

    async def _bring(self, target: Target) -> None:
        """Bring one file, unless it is there, and tell the watcher what came of it.

        Of each other address that leads to it the same is told, or that it is there.
        """
        async with self._room:
            try:
                result = await self._result(target)
            except FolderError:
                raise
            except NavigatorError as error:
                result = Result(target.file, target.asked, error=error)
        self._watcher.end(result)
        for asked in target.also:
            self._watcher.end(replace(result, asked=asked, is_new=False))

    async def _result(self, target: Target) -> Result:
        folder = self._folder
        if there := folder.find(target.name, target.ending):
            url = str(target.url)
            entry = await blocking(folder.known, there, target.id, url)
            return Result(target.file, entry=entry)
        transfer = Transfer(
            target, folder, self._media, slots=self._slots, backoff=self._backoff
        )
        entry = await transfer.run(self._watcher.begin(target.file))
        return Result(target.file, entry=entry, is_new=True)
