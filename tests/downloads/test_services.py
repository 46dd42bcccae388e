"""Many files at once, and what is there of them already."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from giphynavigator.downloads.errors import FolderError
from giphynavigator.downloads.finding import Finder
from giphynavigator.downloads.folder import Folder
from giphynavigator.downloads.parts import Part
from giphynavigator.downloads.services import DownloadService
from giphynavigator.downloads.transfer import Backoff
from giphynavigator.downloads.wire import MediaClient
from giphynavigator.gifs import Gif
from giphynavigator.media_origins import MediaOrigins
from tests.downloads.conftest import Fetch, Kept, names, parts
from tests.downloads.media_server import Asked, Line, MediaServer, answer, cut, whole
from tests.downloads.pictures import gif
from tests.fakes import until

BODY = gif(50_000)


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def obstruct(folder: Path, kind: str) -> None:
    match kind:
        case "file":
            folder.write_text("mine", encoding="utf-8")
        case "file above":
            folder.symlink_to(__file__ + "/x")
        case "manifest":
            (folder / "manifest.jsonl").mkdir(parents=True)


def urls(media: MediaServer, count: int) -> list[str]:
    paths = [f"/{number}.gif" for number in range(count)]
    media.behaviours |= {path: whole(BODY) for path in paths}
    return [media.url(path) for path in paths]


async def test_no_more_than_so_many_are_fetched_at_once_over_as_many_connections(
    fetch: Fetch, media: MediaServer
) -> None:
    gate, running = asyncio.Event(), []

    async def gated(asked: Asked, line: Line) -> None:
        running.append(asked.path)
        await gate.wait()
        await whole(BODY)(asked, line)

    wanted = urls(media, 20)
    media.behaviours = dict.fromkeys(media.behaviours, gated)
    fetching = asyncio.create_task(fetch(*wanted, concurrency=3))
    await until(lambda: len(running) == 3)
    first = list(running)
    gate.set()
    results = await fetching

    assert len(first) == 3
    assert len(media.open) == 3
    assert all(result.is_new for result in results)


async def test_one_that_fails_costs_the_others_nothing(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    wanted = urls(media, 6)
    media.behaviours["/3.gif"] = answer("404 Not Found")
    media.behaviours["/4.gif"] = cut(BODY, 100)

    results = await fetch(*wanted)

    failed = sorted(str(result.error) for result in results if result.error)
    assert failed == [
        f"the connection broke off after 100 of {len(BODY):,} bytes",
        "the server answered with status 404",
    ]
    whole_ones = {name for name in names(folder) if name.endswith(".gif")}
    assert len(whole_ones) == 4


class Lost:
    """Searches that find a GIF whose original is gone."""

    async def search_on(self, query: str, limit: int):
        yield [Gif("abc", "", "A Title", "g", "", "", None, None, None)]


async def test_a_gif_without_an_original_is_a_failure_of_its_own(
    folder: Path,
) -> None:
    kept = Kept()
    service = DownloadService(
        Finder(Lost(), api_url=""),
        MediaClient(None, MediaOrigins([])),
        folder=Folder(folder),
        concurrency=1,
        watcher=kept,
        backoff=Backoff(),
    )

    await service.run(["cats"], limit=1)

    (result,) = kept.results
    assert result.name == "abc-a-title"
    assert str(result.error) == "Giphy has no original of it"


async def test_a_folder_that_may_not_be_written_to_is_one_sentence(
    fetch: Fetch, media: MediaServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(FolderError, match=f"{folder}: Permission denied"):
        await fetch(*urls(media, 1))


async def test_the_same_asked_twice_is_fetched_once(
    fetch: Fetch, media: MediaServer
) -> None:
    (url,) = urls(media, 1)

    results = await fetch(url, url)

    assert (len(results), len(media.asked)) == (1, 1)


async def test_two_addresses_of_one_file_bring_it_once_and_both_are_told_of(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    paths = ["/media/abc/giphy.gif", "/media/v1.xyz/abc/giphy.gif"]
    media.behaviours = {paths[0]: whole(BODY)}

    first, second = await fetch(*map(media.url, paths))

    assert names(folder) == {"abc.gif"}
    assert [asked.path for asked in media.asked] == paths[:1]
    assert first.is_new
    assert not second.is_new
    assert second.entry == first.entry
    assert second.asked == media.url(paths[1])


async def test_of_a_file_that_fails_every_address_is_told(
    fetch: Fetch, media: MediaServer
) -> None:
    (url,) = urls(media, 1)
    media.behaviours["/0.gif"] = answer("404 Not Found")
    asked = [url, f"{url}#again"]

    results = await fetch(*asked)

    assert [(each.asked, str(each.error)) for each in results] == [
        (each, "the server answered with status 404") for each in asked
    ]
    assert len(media.asked) == 1


async def test_a_file_that_is_there_is_left_alone(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    wanted = urls(media, 3)
    first = await fetch(*wanted)
    before = stamps(folder)
    media.asked.clear()

    second = await fetch(*wanted)

    assert media.asked == []
    assert stamps(folder) == before
    assert {each.entry.file for each in first} == {each.entry.file for each in second}
    assert not any(each.is_new for each in second)


async def test_a_file_that_the_manifest_has_lost_is_listed_again(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    wanted = urls(media, 1)
    (first,) = await fetch(*wanted)
    (folder / "manifest.jsonl").unlink()

    (second,) = await fetch(*wanted)

    line = json.loads((folder / "manifest.jsonl").read_text(encoding="utf-8"))
    assert second.entry == first.entry
    assert line["sha256"] == first.entry.sha256


@pytest.mark.parametrize("kind", ["folder", "text", "link"])
async def test_what_is_in_the_way_is_left_alone_and_named(
    fetch: Fetch, media: MediaServer, folder: Path, kind: str
) -> None:
    wanted = urls(media, 1)
    (first,) = await fetch(*wanted)
    path = folder / first.entry.file
    path.unlink()
    (folder / "manifest.jsonl").unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("mine", encoding="utf-8")
    else:
        path.symlink_to("nowhere")

    (result,) = await fetch(*wanted)

    assert "of that name is there, and it is no" in str(result.error)
    assert kind != "text" or path.read_text(encoding="utf-8") == "mine"
    assert kind != "link" or path.is_symlink()


async def test_a_disk_that_is_full_ends_it_all_and_leaves_what_can_be_gone_on_with(
    fetch: Fetch, media: MediaServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = urls(media, 20)
    kept = Kept()
    writes = iter(range(3))

    def full(part: Part, piece: bytes) -> None:
        if next(writes, None) is None:
            raise FolderError(folder, "No space left on device")
        written(part, piece)

    written = Part.write
    monkeypatch.setattr(Part, "write", full)

    with pytest.raises(FolderError, match="No space left on device"):
        await fetch(*wanted, concurrency=2, watcher=kept)

    assert kept.done < len(wanted)
    assert all(name.endswith((".gif", ".part")) for name in names(folder))
    for name in names(folder):
        assert BODY.startswith((folder / name).read_bytes())
        assert not name.endswith(".gif") or (folder / name).read_bytes() == BODY


@pytest.mark.parametrize("in_the_way", ["file", "file above", "manifest"])
async def test_a_folder_that_cannot_be_one_is_one_sentence(
    fetch: Fetch, media: MediaServer, folder: Path, in_the_way: str
) -> None:
    obstruct(folder, in_the_way)

    with pytest.raises(FolderError, match=str(folder)):
        await fetch(*urls(media, 1))

    assert media.asked == []


async def test_whoever_stops_it_leaves_whole_files_and_parts(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    async def halting(_: Asked, line: Line) -> None:
        await line.head("200 OK", Content_Length=len(BODY), ETag='"1"')
        await line.body(BODY[:30_000])
        await asyncio.Event().wait()

    wanted = urls(media, 3)
    media.behaviours["/1.gif"] = halting
    kept = Kept()
    fetching = asyncio.create_task(fetch(*wanted, watcher=kept))
    await until(lambda: kept.new == 2 and any(size == 30_000 for size, _ in kept.seen))

    fetching.cancel()
    await asyncio.gather(fetching, return_exceptions=True)

    (part,) = parts(folder)
    assert part.read_bytes() == BODY[:30_000]
    assert len(names(folder)) == 3
