from io import BytesIO

import pytest
from PIL import Image

from giphynavigator.sandbox.ids import Kind
from giphynavigator.sandbox.made_up_gifs import find_gif
from giphynavigator.sandbox.media import render
from giphynavigator.sandbox.pictures import pad_gif, pad_webp
from giphynavigator.sandbox.renditions import FITS, byte_size
from giphynavigator.sandbox.search_results import found


@pytest.fixture
async def gif(ask):
    return (await ask("/gifs/search", q="cats dancing", limit=1)).json["data"][0]


def opened(body):
    image = Image.open(BytesIO(body))
    for frame in range(image.n_frames):
        image.seek(frame)
        image.load()
    return image


async def test_every_url_gives_a_picture_of_the_size_and_length_it_said(gif, session):
    for name, rendition in gif["images"].items():
        if "url" not in rendition:
            continue
        async with session.get(rendition["url"]) as reply:
            body = await reply.read()
            assert reply.status == 200
            assert reply.content_type in ("image/gif", "image/webp")
            assert reply.headers["Access-Control-Allow-Origin"] == "*"

        image = opened(body)
        assert image.size == (int(rendition["width"]), int(rendition["height"])), name
        assert len(body) == int(rendition["size"]) == reply.content_length, name
        assert image.n_frames == 1 if name.endswith("still") else image.n_frames >= 6, (
            name
        )


async def test_the_original_has_as_many_frames_as_it_said(gif, session):
    async with session.get(gif["images"]["original"]["url"]) as reply:
        image = opened(await reply.read())

    assert image.n_frames == int(gif["images"]["original"]["frames"])
    assert 8 <= image.n_frames <= 12
    assert image.info["loop"] == 0


async def test_webp_weighs_what_it_said_and_films_are_not_made(gif, session):
    original = gif["images"]["original"]
    async with session.get(original["webp"]) as reply:
        body = await reply.read()
        assert reply.content_type == "image/webp"
    async with session.get(original["mp4"]) as reply:
        assert reply.status == 404

    assert len(body) == int(original["webp_size"])
    assert opened(body).n_frames == int(original["frames"])


def test_no_picture_outgrows_the_length_it_was_given():
    for word in ("wwwwwwwwww", "programmers", "i", "123"):
        for gif_id in found(Kind.GIF, word).ids(1, 0):
            gif = find_gif(gif_id)
            for stem in (stem for stem, fit in FITS.items() if fit.drawn):
                assert len(render(gif_id, f"{stem}.gif").body) == (
                    size := byte_size(gif, stem, "gif")
                )
                assert size <= 150_000


def test_previews_are_light():
    for gif_id in found(Kind.GIF, "cats").ids(50, 0):
        gif = find_gif(gif_id)
        assert (
            max(
                byte_size(gif, stem, "gif")
                for stem in ("100", "200w_d", "giphy-preview")
            )
            < 30_000
        )


def test_different_gifs_look_different_and_the_same_gif_the_same():
    ids = found(Kind.GIF, "cats").ids(20, 0)
    pictures = [
        opened(render(gif_id, "100.gif").body).convert("RGB").tobytes()
        for gif_id in ids
    ]

    assert len(set(pictures)) == 20
    render.cache_clear()
    assert (
        opened(render(ids[0], "100.gif").body).convert("RGB").tobytes() == pictures[0]
    )


@pytest.mark.parametrize(
    "name",
    ["giphy.mp4", "giphy", "gif", "giphy_s.webp", "../x.gif", "giphy-hd.gif", ""],
)
def test_a_file_the_gif_does_not_have_is_not_rendered(name):
    (gif_id,) = found(Kind.GIF, "cats").ids(1, 0)

    assert render(gif_id, name) is None
    assert render("unknown12", "giphy.gif") is None


@pytest.mark.parametrize(
    "room", [*range(5, 12), 255, 256, 257, 258, 259, 260, 261, 515, 1000]
)
def test_padding_is_exact(room):
    bare = b"GIF89a;"

    padded = pad_gif(bare, len(bare) + room)

    assert len(padded) == len(bare) + room
    assert padded[-1:] == b";"


def test_what_is_too_long_already_is_left_alone():
    assert pad_gif(b"GIF89a;", 5) == b"GIF89a;"
    assert pad_webp(b"RIFF....WEBP", 5) == b"RIFF....WEBP"


async def test_a_picture_that_is_known_is_not_sent_again(gif, session):
    url = gif["images"]["fixed_width"]["url"]
    async with session.get(url) as first:
        etag = first.headers["ETag"]
        assert "max-age" in first.headers["Cache-Control"]
    async with session.get(url, headers={"If-None-Match": etag}) as again:
        assert again.status == 304
        assert await again.read() == b""


async def test_head_tells_the_length_and_sends_nothing(gif, session):
    original = gif["images"]["original"]
    async with session.head(original["url"]) as reply:
        assert reply.status == 200
        assert reply.headers["Content-Length"] == original["size"]
        assert reply.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
        ("bytes=10-999999999", slice(10, None)),
    ],
)
async def test_a_range_gives_that_part(gif, session, asked, part):
    url = gif["images"]["fixed_width"]["url"]
    async with session.get(url) as reply:
        whole = await reply.read()
    async with session.get(url, headers={"Range": asked}) as reply:
        assert reply.status == 206
        assert await reply.read() == whole[part]
        start, stop, _ = part.indices(len(whole))
        assert (
            reply.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"
        )


async def test_a_range_behind_the_end_is_refused(gif, session):
    rendition = gif["images"]["fixed_width"]
    headers = {"Range": "bytes=999999999-"}
    async with session.get(rendition["url"], headers=headers) as reply:
        assert reply.status == 416
        assert reply.headers["Content-Range"] == f"bytes */{rendition['size']}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-9", "If-Range": '"another"'},
        {"Range": "bytes=0-9,20-29"},
        {"Range": "bytes=9-2"},
        {"Range": "lines=1-2"},
    ],
)
async def test_a_range_that_does_not_hold_gives_the_whole(gif, session, headers):
    rendition = gif["images"]["fixed_width"]
    async with session.get(rendition["url"], headers=headers) as reply:
        assert reply.status == 200
        assert len(await reply.read()) == int(rendition["size"])


async def test_a_download_goes_on_with_if_range(gif, session):
    url = gif["images"]["fixed_width"]["url"]
    async with session.head(url) as reply:
        etag = reply.headers["ETag"]
    async with session.get(
        url, headers={"Range": "bytes=5-", "If-Range": etag}
    ) as reply:
        assert reply.status == 206
