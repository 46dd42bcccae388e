from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from giphynavigator.downloads.finding import Finder
from giphynavigator.downloads.folder import Folder
from giphynavigator.downloads.progress import Tally
from giphynavigator.downloads.resolver import create_media_session
from giphynavigator.downloads.services import DownloadService, Result
from giphynavigator.downloads.transfer import Backoff
from giphynavigator.downloads.wire import LONGEST, MediaClient
from giphynavigator.media_origins import MediaOrigins
from tests.downloads.media_server import MediaServer, running
from tests.fakes import FakeClock

NOBODY = "127.0.0.1:1"
"""An origin where nobody listens."""

Fetch = Callable[..., Awaitable[list[Result]]]


class Kept(Tally):
    """A tally that keeps every result, and how far each file was seen to be."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[Result] = []
        self.seen: list[tuple[int, int | None]] = []

    def begin(self, name: str):
        return lambda size, total: self.seen.append((size, total))

    def end(self, result: Result) -> None:
        super().end(result)
        self.results.append(result)


@pytest.fixture
async def media() -> AsyncIterator[MediaServer]:
    async with running() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "to"


@pytest.fixture
def config(tmp_path: Path, media: MediaServer) -> Path:
    """Settings that let media come from the server of the tests."""
    path = tmp_path / "config.yml"
    path.write_text(f"media: {{origins: ['{media.host}']}}", encoding="utf-8")
    return path


@pytest.fixture
def clock() -> FakeClock:
    """What is slept between tries; nobody really sleeps."""
    return FakeClock()


@pytest.fixture
async def fetch(
    media: MediaServer, folder: Path, clock: FakeClock
) -> AsyncIterator[Fetch]:
    """Fetches addresses from the server into the folder, and gives what came of it."""
    origins = MediaOrigins([media.host, NOBODY])
    async with create_media_session(origins) as session:

        async def fetch(
            *urls: str,
            concurrency: int = 4,
            patience: float = 2.0,
            longest: int = LONGEST,
            watcher=None,
        ) -> list[Result]:
            kept = watcher or Kept()
            service = DownloadService(
                Finder(None, api_url=""),
                MediaClient(session, origins, patience=patience, longest=longest),
                folder=Folder(folder),
                concurrency=concurrency,
                watcher=kept,
                backoff=Backoff(clock.sleep, chance=lambda: 1.0),
            )
            await service.run(urls, limit=10)
            return kept.results

        yield fetch


def names(folder: Path) -> set[str]:
    """What is in a folder beside the manifest."""
    return {path.name for path in folder.iterdir()} - {"manifest.jsonl"}


def parts(folder: Path) -> list[Path]:
    """What is there of files that are not whole."""
    return list(folder.glob("*.part"))
