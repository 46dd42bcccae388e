import struct
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from giphynavigator.downloads.formats import HEAD, format_named, format_of
from tests.downloads.pictures import gif


def webp() -> bytes:
    file = BytesIO()
    frames = [Image.effect_noise((99, 99), spread) for spread in (20, 90)]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    return file.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(size: int = 5000) -> bytes:
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + size) + bytes(size)
    return box(b"ftyp", b"isom" + bytes(8)) + box(b"moov", bytes(100)) + large


MEDIA = {
    "GIF": gif(5000),
    "WebP": webp(),
    "MP4": mp4(),
    "PNG": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "JPEG": b"\xff\xd8\xff\xe0" + bytes(50),
}


@pytest.mark.parametrize("name", MEDIA)
def test_media_are_known_by_how_they_begin(name: str) -> None:
    found = format_of(MEDIA[name][:HEAD])

    assert found is not None
    assert (found.name, found) == (name, format_named(found.ending.upper()))


@pytest.mark.parametrize(
    "head", [b"", b"GIF", b"GIF90a", b"<html>", b"RIFF1234WAVE", b"MZ", bytes(HEAD)]
)
def test_what_begins_otherwise_is_no_media(head: bytes) -> None:
    assert format_of(head) is None


def breaks_off(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    return format_of(content[:HEAD]).breaks_off(path)


@pytest.mark.parametrize("name", ["GIF", "WebP", "MP4"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_file_that_ends_in_its_middle_breaks_off(
    tmp_path: Path, name: str, share: float
) -> None:
    whole = MEDIA[name]

    assert not breaks_off(tmp_path / "x", whole)
    assert breaks_off(tmp_path / "x", whole[: int(len(whole) * share)])


def test_a_gif_breaks_off_wherever_it_is_cut(tmp_path: Path) -> None:
    frames = [Image.effect_noise((64, 64), spread) for spread in (20, 90)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    whole = file.getvalue()

    cuts = range(1024, len(whole) - 2, 97)

    assert all(breaks_off(tmp_path / "x", whole[:cut]) for cut in cuts)


@pytest.mark.parametrize(
    "content",
    [
        gif(5000) + b"\n",
        gif(5000)[:-1],
        b"GIF89a",
        b"GIF89a" + b"no gif at all" * 500,
        webp() + b"more",
        mp4() + b"more",
        box(b"ftyp", b"isom") + struct.pack(">I4s", 0, b"mdat") + bytes(99),
    ],
    ids=["newline", "no end", "head", "nonsense", "webp", "mp4", "to the end"],
)
def test_what_is_odd_and_is_shown_all_the_same_is_let_pass(
    tmp_path: Path, content: bytes
) -> None:
    assert not breaks_off(tmp_path / "x", content)
