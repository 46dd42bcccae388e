"""One file against a server that does everything there is to do wrong."""

import asyncio
import json
from hashlib import sha256
from pathlib import Path

import pytest

from giphynavigator.downloads.errors import (
    MediaBrokeOff,
    MediaCut,
    MediaTooLong,
    MoreThanSaid,
)
from giphynavigator.downloads.transfer import TRIES
from tests.downloads.conftest import NOBODY, Fetch, Kept, names, parts
from tests.downloads.media_server import (
    VERSION,
    Asked,
    Hangup,
    Line,
    MediaServer,
    answer,
    cut,
    one_after_the_other,
    whole,
)
from tests.downloads.pictures import gif
from tests.fakes import FakeClock

BODY = gif(1_000_000)
PAGE = b"<!doctype html><title>Sign in to this network</title>" + b" " * 5000


async def the_one(fetch: Fetch, media: MediaServer, **more: object):
    """The result for the one file that there is."""
    (result,) = await fetch(media.url("/a.gif"), **more)
    return result


async def test_a_file_comes_whole_under_its_name_and_into_the_manifest(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/a.gif"] = whole(BODY)

    result = await the_one(fetch, media)

    assert names(folder) == {result.entry.file}
    assert (folder / result.entry.file).read_bytes() == BODY
    (line,) = (folder / "manifest.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "id": result.entry.id,
        "url": media.url("/a.gif"),
        "file": result.entry.file,
        "bytes": len(BODY),
        "sha256": sha256(BODY).hexdigest(),
    }


async def test_nothing_is_asked_packed_and_nothing_by_cookie(
    fetch: Fetch, media: MediaServer
) -> None:
    media.behaviours["/a.gif"] = whole(BODY)

    await the_one(fetch, media)

    (asked,) = media.asked
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["user-agent"].startswith("giphy-navigator/")
    assert "cookie" not in asked.headers


async def test_a_file_cut_short_is_gone_on_with_by_the_next_run(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    at = len(BODY) * 6 // 10
    media.behaviours["/a.gif"] = cut(BODY, at)

    first = await the_one(fetch, media)
    (part,) = parts(folder)
    before = part.stat().st_size
    media.sent.clear()
    media.behaviours["/a.gif"] = whole(BODY)
    second = await the_one(fetch, media)

    said = f"the connection broke off after {at:,} of {len(BODY):,} bytes"
    assert (str(first.error), before) == (said, at)
    assert sum(media.sent) == len(BODY) - at
    assert media.asked[-1].headers["if-range"] == VERSION
    assert second.entry.sha256 == sha256(BODY).hexdigest()
    assert names(folder) == {second.entry.file}


@pytest.mark.parametrize("size", [3_000, 30_000, 300_000, 3_000_000])
async def test_every_byte_that_came_is_there_when_the_connection_breaks(
    fetch: Fetch, media: MediaServer, folder: Path, size: int
) -> None:
    body = gif(size)
    at = len(body) * 6 // 10
    media.behaviours["/a.gif"] = cut(body, at)

    await the_one(fetch, media)

    (part,) = parts(folder)
    assert part.read_bytes() == body[:at]


async def test_a_connection_that_breaks_once_costs_a_wait_and_the_rest(
    fetch: Fetch, media: MediaServer, clock: FakeClock
) -> None:
    media.behaviours["/a.gif"] = one_after_the_other(cut(BODY, 700_000), whole(BODY))

    result = await the_one(fetch, media)

    assert result.entry.sha256 == sha256(BODY).hexdigest()
    assert sum(media.sent) == len(BODY)
    assert clock.slept == [1.0]


async def test_a_file_is_asked_for_so_often_and_ever_more_seldom(
    fetch: Fetch, media: MediaServer, clock: FakeClock
) -> None:
    media.behaviours["/a.gif"] = answer("503 Service Unavailable")

    result = await the_one(fetch, media)

    assert str(result.error) == "the server answered with status 503"
    assert len(media.asked) == TRIES
    assert clock.slept == [1.0, 2.0, 4.0, 8.0]


async def test_the_server_may_say_when_to_come_again(
    fetch: Fetch, media: MediaServer, clock: FakeClock
) -> None:
    media.behaviours["/a.gif"] = one_after_the_other(
        answer("429 Too Many Requests", Retry_After=7),
        answer("503 Service Unavailable", Retry_After=86400),
        whole(BODY),
    )

    await the_one(fetch, media)

    assert clock.slept == [7.0, 60.0]


async def test_a_large_file_may_break_off_as_often_as_it_gets_on(
    fetch: Fetch, media: MediaServer
) -> None:
    body = gif(9_000_000)
    steps = range(1_200_000, len(body), 1_200_000)
    media.behaviours["/a.gif"] = one_after_the_other(
        *(cut(body, step) for step in steps), whole(body)
    )

    result = await the_one(fetch, media)

    assert len(steps) > TRIES
    assert result.entry.sha256 == sha256(body).hexdigest()
    assert sum(media.sent) == len(body)


async def test_a_file_that_changed_meanwhile_starts_over(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    other = gif(800_000)
    media.behaviours["/a.gif"] = cut(BODY, 600_000)
    await the_one(fetch, media)
    media.behaviours["/a.gif"] = whole(other, '"version-2"')

    result = await the_one(fetch, media)

    assert media.asked[-1].headers["if-range"] == VERSION
    assert (folder / result.entry.file).read_bytes() == other
    assert parts(folder) == []


async def test_the_rest_of_another_version_is_not_put_behind_the_old_beginning(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    async def heedless(asked: Asked, line: Line) -> None:
        rest = other[asked.start :]
        place = f"bytes {asked.start}-{len(other) - 1}/{len(other)}"
        await line.head(
            "206 Partial Content" if asked.start else "200 OK",
            Content_Length=len(rest),
            ETag='"version-2"',
            **({"Content-Range": place} if asked.start else {}),
        )
        await line.body(rest)

    other = gif(800_000)
    media.behaviours["/a.gif"] = cut(BODY, 600_000)
    await the_one(fetch, media)
    media.behaviours["/a.gif"] = heedless

    result = await the_one(fetch, media)

    assert (folder / result.entry.file).read_bytes() == other


async def test_what_no_version_stands_for_is_started_over_and_not_left_lying(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/a.gif"] = cut(BODY, 600_000, version="")

    result = await the_one(fetch, media)

    assert "broke off after 600,000" in str(result.error)
    assert all(asked.start == 0 for asked in media.asked)
    assert names(folder) == set()


async def test_a_part_that_is_the_whole_is_kept_without_another_byte(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/a.gif"] = cut(BODY, 600_000)
    await the_one(fetch, media)
    (part,) = parts(folder)
    part.write_bytes(BODY)
    unsatisfied = f"bytes */{len(BODY)}"
    media.behaviours["/a.gif"] = answer(
        "416 Range Not Satisfiable", PAGE, Content_Range=unsatisfied
    )

    result = await the_one(fetch, media)

    assert result.entry.sha256 == sha256(BODY).hexdigest()


async def test_a_part_that_is_longer_than_the_file_is_thrown_away(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/a.gif"] = cut(BODY, 600_000)
    await the_one(fetch, media)
    media.behaviours["/a.gif"] = one_after_the_other(
        answer("416 Range Not Satisfiable", Content_Range="bytes */5"), whole(BODY)
    )

    result = await the_one(fetch, media)

    assert result.entry.sha256 == sha256(BODY).hexdigest()
    assert [asked.start for asked in media.asked[-2:]] == [600_000, 0]


LIES = {
    "more than it sends": (len(BODY) * 2, MediaBrokeOff),
    # What comes behind the end is seen if it comes at once; else the file tells.
    "less than it sends": (len(BODY) // 2, MoreThanSaid | MediaCut),
}


@pytest.mark.parametrize(("length", "kind"), LIES.values(), ids=LIES)
async def test_a_server_that_lies_about_the_length_is_found_out(
    fetch: Fetch, media: MediaServer, folder: Path, length: int, kind: type
) -> None:
    async def lie(_: Asked, line: Line) -> None:
        await line.head("200 OK", Content_Length=length)
        await line.body(BODY)
        raise Hangup

    media.behaviours["/a.gif"] = lie

    result = await the_one(fetch, media)

    assert isinstance(result.error, kind)
    assert names(folder) == set()


async def test_a_file_that_ends_in_its_middle_is_found_out_by_what_it_says_itself(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/a.gif"] = whole(BODY[:500_000])

    result = await the_one(fetch, media)

    assert str(result.error) == "the file breaks off: it is longer than 500,000 bytes"
    assert names(folder) == set()


SENT = {
    "a page": (PAGE, "a web page"),
    "nothing": (b"", "nothing"),
    "three bytes": (b"GIF", "something else"),
    "a program": (b"\x7fELF" + bytes(5000), "something else"),
}


@pytest.mark.parametrize(("body", "found"), SENT.values(), ids=SENT)
async def test_what_is_no_media_is_not_kept_whatever_the_status(
    fetch: Fetch, media: MediaServer, folder: Path, body: bytes, found: str
) -> None:
    media.behaviours["/a.gif"] = answer("200 OK", body, Content_Type="image/gif")

    result = await the_one(fetch, media)

    assert str(result.error) == f"no GIF, WebP, MP4, PNG or JPEG came, but {found}"
    assert names(folder) == set()
    assert len(media.asked) == 1


async def test_no_more_of_a_page_is_read_than_it_takes_to_know_it(
    fetch: Fetch, media: MediaServer
) -> None:
    async def endless(_: Asked, line: Line) -> None:
        await line.head("200 OK", ETag=VERSION)
        while True:
            await line.body(PAGE)

    media.behaviours["/a.gif"] = endless

    result = await the_one(fetch, media)

    assert "a web page" in str(result.error)


async def test_a_file_without_an_end_comes_to_one_and_is_not_left_lying(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    async def endless(_: Asked, line: Line) -> None:
        await line.head("200 OK", ETag=VERSION)
        await line.body(BODY[:-1])
        while True:
            await line.body(bytes(65536))

    media.behaviours["/a.gif"] = endless

    result = await the_one(fetch, media, longest=2_000_000)

    sentence = "it is longer than the 2,000,000 bytes that a file may have"
    assert str(result.error) == sentence
    assert names(folder) == set()
    assert len(media.asked) == 1


@pytest.mark.parametrize("longest", [len(BODY), len(BODY) - 1])
async def test_a_file_that_is_said_to_be_too_long_is_not_begun(
    fetch: Fetch, media: MediaServer, folder: Path, longest: int
) -> None:
    media.behaviours["/a.gif"] = whole(BODY)
    kept = Kept()

    result = await the_one(fetch, media, longest=longest, watcher=kept)

    assert isinstance(result.error, MediaTooLong) == (longest < len(BODY))
    assert bool(kept.seen) == bool(names(folder)) == (longest == len(BODY))


async def test_another_format_does_not_come_under_a_wrong_name(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/a.gif"] = answer("200 OK", b"\x89PNG\r\n\x1a\n" + bytes(100))

    result = await the_one(fetch, media)

    assert str(result.error) == "a PNG came where a GIF should be"
    assert names(folder) == set()


async def test_an_address_without_an_ending_gets_that_of_what_comes(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/some/thing"] = whole(BODY)

    (first,) = await fetch(media.url("/some/thing"))
    (second,) = await fetch(media.url("/some/thing"))

    assert first.entry.file.endswith(".gif")
    assert (first.is_new, second.is_new, second.entry) == (True, False, first.entry)


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "204 No Content"])
async def test_a_refusal_is_final(
    fetch: Fetch, media: MediaServer, status: str
) -> None:
    media.behaviours["/a.gif"] = answer(status)

    result = await the_one(fetch, media)

    assert str(result.error) == f"the server answered with status {status[:3]}"
    assert len(media.asked) == 1


REDIRECTS = {
    "http://127.0.0.1:9/x.gif": "http://127.0.0.1:9 is not in media.origins",
    "file:///etc/passwd": "file:// is not fetched: media come by https,"
    " or by http from this very machine",
    "http://10.0.0.1/x.gif": "http://10.0.0.1 is not fetched: media come by https,"
    " or by http from this very machine",
    "https://169.254.169.254/x": "https://169.254.169.254 is not in media.origins",
    "https://media0.giphy.com@evil.example/": "https://evil.example is not in"
    " media.origins",
    "http://[": "the server redirects to nowhere",
}


@pytest.mark.parametrize(("location", "said"), REDIRECTS.items())
async def test_a_redirect_out_of_the_origins_is_not_followed(
    fetch: Fetch, media: MediaServer, folder: Path, location: str, said: str
) -> None:
    media.behaviours["/a.gif"] = answer("302 Found", Location=location)

    result = await the_one(fetch, media)

    assert str(result.error) == said
    assert names(folder) == set()


async def test_a_redirect_within_the_origins_is_followed_and_names_nothing(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    media.behaviours["/a.gif"] = answer("307 Temporary Redirect", Location="/b/c.gif")
    media.behaviours["/b/c.gif"] = whole(BODY)

    result = await the_one(fetch, media)

    assert names(folder) == {result.entry.file}
    assert result.entry.file.startswith("a-")
    assert result.entry.url == media.url("/a.gif")


async def test_redirects_without_end_come_to_an_end(
    fetch: Fetch, media: MediaServer
) -> None:
    media.behaviours["/a.gif"] = answer("302 Found", Location="/a.gif")

    result = await the_one(fetch, media)

    assert str(result.error) == "the server redirects on and on"


@pytest.mark.parametrize(
    "offered", ["../../etc/x", "/etc/x", "..\\..\\x.exe", "con.gif", "x\0y.gif"]
)
async def test_a_name_that_the_server_offers_is_not_looked_at(
    fetch: Fetch, media: MediaServer, folder: Path, offered: str
) -> None:
    media.behaviours["/a.gif"] = answer(
        "200 OK",
        BODY,
        Content_Disposition=f'attachment; filename="{offered!a}"',
        Content_Location=offered.replace("\0", ""),
    )

    result = await the_one(fetch, media)

    assert names(folder) == {result.entry.file}
    assert [path.name for path in folder.parent.iterdir()] == ["to"]


async def test_a_file_that_is_sent_packed_is_refused(
    fetch: Fetch, media: MediaServer
) -> None:
    media.behaviours["/a.gif"] = answer("200 OK", BODY, Content_Encoding="gzip")

    result = await the_one(fetch, media)

    assert str(result.error) == "the server sent the file packed"


async def test_a_server_that_falls_silent_is_left(
    fetch: Fetch, media: MediaServer
) -> None:
    async def silent(_: Asked, line: Line) -> None:
        await line.head("200 OK", ETag=VERSION, Content_Length=len(BODY))
        await line.body(BODY[:500])
        await asyncio.Event().wait()

    media.behaviours["/a.gif"] = silent

    result = await the_one(fetch, media, patience=0.05)

    assert str(result.error) == "next to nothing came for 0.05 seconds"


async def test_a_server_that_never_answers_is_left(
    fetch: Fetch, media: MediaServer
) -> None:
    async def mute(_: Asked, __: Line) -> None:
        await asyncio.Event().wait()

    media.behaviours["/a.gif"] = mute

    result = await the_one(fetch, media, patience=0.05)

    assert str(result.error) == "next to nothing came for 0.05 seconds"


async def test_a_server_that_hangs_up_before_it_answers_is_asked_again(
    fetch: Fetch, media: MediaServer
) -> None:
    async def hanging_up(_: Asked, __: Line) -> None:
        raise Hangup

    media.behaviours["/a.gif"] = hanging_up

    result = await the_one(fetch, media)

    assert str(result.error) == "the connection broke off after 0 bytes"
    assert len(media.asked) >= TRIES


async def test_a_server_that_is_not_there_is_said_to_be_out_of_reach(
    fetch: Fetch,
) -> None:
    (result,) = await fetch(f"http://{NOBODY}/a.gif")

    assert str(result.error) == "the server could not be reached"


async def test_what_speaks_no_http_is_said_to(fetch: Fetch, media: MediaServer) -> None:
    async def babble(_: Asked, line: Line) -> None:
        await line.body(b"220 smtp.example ready\r\n\r\n")

    media.behaviours["/a.gif"] = babble

    result = await the_one(fetch, media)

    assert str(result.error) == "the server does not speak HTTP"


async def test_a_server_that_cannot_prove_who_it_is_is_not_believed(
    fetch: Fetch, media: MediaServer
) -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    media.serve = babble

    (result,) = await fetch(f"https://{media.host}/a.gif")

    assert str(result.error) == "the server could not prove who it is"


async def test_a_rest_that_is_too_short_is_not_taken_for_the_rest(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    short = f"bytes 600000-699999/{len(BODY)}"
    media.behaviours["/a.gif"] = one_after_the_other(
        cut(BODY, 600_000),
        answer("206 Partial Content", BODY[600_000:700_000], Content_Range=short),
        whole(BODY),
    )

    result = await the_one(fetch, media)

    assert [asked.start for asked in media.asked] == [0, 600_000, 700_000]
    assert result.entry.sha256 == sha256(BODY).hexdigest()


async def test_an_old_part_stays_when_nothing_new_comes(
    fetch: Fetch, media: MediaServer, folder: Path
) -> None:
    async def headed(_: Asked, line: Line) -> None:
        await line.head("200 OK", Content_Length=len(BODY), ETag='"version-2"')
        raise Hangup

    media.behaviours["/a.gif"] = cut(BODY, 600_000)
    await the_one(fetch, media)
    media.behaviours["/a.gif"] = headed

    await the_one(fetch, media)

    (part,) = parts(folder)
    assert part.read_bytes() == BODY[:600_000]


async def test_progress_is_told_in_bytes_of_the_whole_file(
    fetch: Fetch, media: MediaServer
) -> None:
    media.behaviours["/a.gif"] = one_after_the_other(cut(BODY, 600_000), whole(BODY))
    kept = Kept()

    await the_one(fetch, media, watcher=kept)

    assert kept.seen == sorted(kept.seen)
    assert kept.seen[-1] == (len(BODY), len(BODY))
