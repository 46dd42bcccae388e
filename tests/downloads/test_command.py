"""The download command, as people run it."""

import asyncio
import json
import re
import shlex
import signal
from asyncio.subprocess import PIPE, Process
from hashlib import sha256
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from giphynavigator.downloads.manifest import Entry
from giphynavigator.downloads.progress import Bars, Lines, Tally
from giphynavigator.downloads.services import Result
from giphynavigator.errors import NotFound
from giphynavigator.sandbox.application import Sandbox
from tests.conftest import CANARY
from tests.downloads.conftest import names
from tests.downloads.media_server import Asked, Line, MediaServer, whole
from tests.downloads.pictures import gif
from tests.fakes import until
from tests.processes import REPOSITORY, command, environment
from tests.test_commands import in_thread, invoke

BODY = gif(1_000_000)
PATIENT = 10_000
"""Tries for what waits for a whole process to start."""


def download(*arguments: object, **environ: str):
    return invoke("download", *map(str, arguments), **environ)


def manifest(folder: Path) -> list[dict]:
    text = (folder / "manifest.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_words_bring_the_originals_named_after_id_and_title(folder: Path) -> None:
    done = download("cats", "--limit", 3, "--to", folder)

    entries = manifest(folder)
    assert done.exit_code == 0
    assert done.stderr.splitlines()[-1] == f"3 fetched, 0 there already, in {folder}"
    assert names(folder) == {entry["file"] for entry in entries}
    for entry in entries:
        body = (folder / entry["file"]).read_bytes()
        assert entry["file"].startswith(entry["id"])
        assert (len(body), sha256(body).hexdigest()) == (
            entry["bytes"],
            entry["sha256"],
        )


def test_what_was_fetched_is_not_fetched_again(folder: Path) -> None:
    download("cats", "--limit", 2, "--to", folder)
    before = manifest(folder)

    done = download("cats", "--limit", 3, "--to", folder)

    assert "1 fetched, 2 there already" in done.stderr
    assert manifest(folder)[:2] == before
    assert len(manifest(folder)) == 3


def test_a_page_that_a_search_gave_brings_its_original(folder: Path) -> None:
    found = json.loads(invoke("search", "cats", "--limit", "2", "--json").stdout)
    pages = [gif["url"] for gif in found["gifs"]]

    done = download(*pages, pages[0], "cats", "--limit", 2, "--to", folder)

    assert done.exit_code == 0
    assert len(manifest(folder)) == 2


async def test_many_pages_cost_one_call(upstream: Sandbox, folder: Path) -> None:
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": CANARY}
    searched = await in_thread("search", "cats", "--limit", "5", "--json", **environ)
    pages = [gif["url"] for gif in json.loads(searched.stdout)["gifs"]]
    before = upstream.calls.count

    done = await in_thread("download", *pages, "--to", str(folder), **environ)

    assert (done.exit_code, len(names(folder))) == (0, 5)
    assert upstream.calls.count == before + 1


def test_what_fails_is_listed_with_its_reason(folder: Path) -> None:
    asked = ("https://evil.example/x.gif", "file:///etc/passwd")

    done = download(*asked, "--to", folder)

    assert done.exit_code == 1
    said, *lines = done.stderr.splitlines()[-3:]
    assert said == "Error: 2 of 2 failed:"
    assert [line.split(": ")[0].strip() for line in lines] == sorted(asked)
    assert lines[1].endswith(": https://evil.example is not in media.origins")
    assert names(folder) == set()


def test_words_that_find_nothing_are_a_failure(folder: Path) -> None:
    done = download(" ", "--to", folder)

    assert done.exit_code == 1
    assert '"": Giphy finds nothing' in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x" * 51,),
        ("cats", "--limit", 0),
        ("cats", "--limit", 5001),
        ("cats", "--concurrency", 0),
    ],
)
def test_misuse_is_exit_2_and_makes_no_folder(
    folder: Path, arguments: tuple[object, ...]
) -> None:
    done = download("--to", folder, *arguments)

    assert done.exit_code == 2
    assert not folder.exists()


def test_a_folder_that_is_none_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()

    done = download("cats", "--to", path)

    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == f"Error: {path}: it is no folder"


def test_an_origin_that_is_none_is_a_mistake_in_the_settings(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("media: {origins: ['https://x']}", encoding="utf-8")

    done = download("cats", "--config", config)

    assert done.exit_code == 1
    assert f"{config}: media: 'https://x' must be host or host:port" in done.stderr


def test_the_example_of_the_readme_does_what_is_said(folder: Path) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"\n    \S+ -m giphynavigator download (.*)\n", readme)
    *arguments, to, _ = shlex.split(line)

    done = download(*arguments, to, folder)

    assert (done.exit_code, to) == (0, "--to")
    assert len(manifest(folder)) == 3


async def test_a_sandbox_alone_has_its_own_media_without_a_word_in_the_settings(
    upstream: Sandbox, folder: Path
) -> None:
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": CANARY}

    done = await in_thread(
        "download", "cats", "--limit", "2", "--to", str(folder), **environ
    )

    assert done.exit_code == 0
    assert len(names(folder)) == 2
    assert CANARY not in done.output + (folder / "manifest.jsonl").read_text()


def test_an_address_that_the_service_shows_leads_to_the_sandbox(folder: Path) -> None:
    download("cats", "--limit", 1, "--to", folder)
    (entry,) = manifest(folder)
    shown = f"http://gifs.lan:8080/sandbox{urlsplit(entry['url']).path}"

    done = download(shown, "--to", folder)

    assert done.exit_code == 0
    assert manifest(folder)[1]["sha256"] == entry["sha256"]


def sizes(folder: Path) -> list[int]:
    """The lengths of all files and parts, the shortest first."""
    if not folder.exists():
        return []
    return sorted((folder / name).stat().st_size for name in names(folder))


async def started(*arguments: object) -> Process:
    words = command(["download", *map(str, arguments)])
    return await asyncio.create_subprocess_exec(
        *words, cwd="/", env=environment({}), stderr=PIPE
    )


async def test_ctrl_c_leaves_whole_files_and_parts_and_the_next_run_goes_on(
    media: MediaServer, config: Path, folder: Path
) -> None:
    at = len(BODY) * 6 // 10

    async def halting(_: Asked, line: Line) -> None:
        await line.head("200 OK", Content_Length=len(BODY), ETag='"1"')
        await line.body(BODY[:at])
        await asyncio.Event().wait()

    media.behaviours = {"/a.gif": whole(BODY), "/b.gif": halting}
    asked = (media.url("/a.gif"), media.url("/b.gif"))
    arguments = (*asked, "--to", folder, "--config", config)
    process = await started(*arguments)
    await until(lambda: sizes(folder) == [at, len(BODY)], tries=PATIENT)
    await until((folder / "manifest.jsonl").exists)
    process.send_signal(signal.SIGINT)
    _, said = await process.communicate()
    left = sizes(folder)
    whole_ones = sum(name.endswith(".gif") for name in names(folder))
    media.sent.clear()
    media.behaviours["/b.gif"] = whole(BODY, '"1"')
    again = await started(*arguments)
    await again.communicate()

    assert process.returncode == 130
    last = "stopped: 1 fetched, 0 there already; the same again goes on"
    assert said.decode().splitlines()[-1] == last
    assert b"Traceback" not in said
    assert (left, whole_ones) == ([at, len(BODY)], 1)
    assert (again.returncode, sum(media.sent)) == (0, len(BODY) - at)
    digests = {entry["sha256"] for entry in manifest(folder)}
    assert digests == {sha256(BODY).hexdigest()}


def entry(name: str, size: int) -> Entry:
    return Entry("a", "https://x/a", name, size, "00")


def told(tally: Tally) -> None:
    """What a tally is told of five files."""
    tally.end(Result('"zzz"', error=NotFound("Giphy finds nothing")))
    tally.expect(4)
    tally.begin("a.gif")(500_000, 1_000_000)
    tally.end(Result("a.gif", entry=entry("a.gif", 1_000_000), is_new=True))
    tally.begin("b")(500_000, None)
    tally.end(Result("b", entry=entry("b.gif", 500_000)))
    tally.end(Result("b", "https://x/b.gif", entry=entry("b.gif", 500_000)))
    tally.end(Result("c.gif", "https://x/c.gif", error=NotFound("it is gone")))


def test_nobody_looks_so_there_is_a_line_for_each_file() -> None:
    file = StringIO()
    lines = Lines(Console(file=file))

    with lines:
        told(lines)

    assert file.getvalue().splitlines() == [
        "2/5 a.gif 1.0 MB",
        "3/5 b.gif is there already",
        "4/5 b.gif is there already, for https://x/b.gif too",
    ]
    assert lines.summary() == "1 fetched, 2 there already"


def test_somebody_looks_so_there_is_a_bar_for_each_file_and_one_for_all() -> None:
    file = StringIO()
    console = Console(file=file, force_terminal=True, width=100)
    bars = Bars(console)

    with bars:
        bars.expect(2)
        bars.begin("a.gif")(500_000, 1_000_000)
        bars._progress.refresh()
        bars.end(Result("a.gif", entry=entry("a.gif", 1_000_000), is_new=True))

    shown = file.getvalue()
    assert "500.0 kB of 1.0 MB" in shown
    assert "1 of 2" in shown
    assert shown.rindex("a.gif") < shown.rindex("1 of 2")
