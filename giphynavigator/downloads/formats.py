"""The formats of media: how a file of each begins, and whether one breaks off."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from msgspec import Struct

HEAD: Final = 16
"""Bytes from the beginning of a file that are enough to know its format."""

UNSURE: Final = 1024
"""Bytes of a GIF below which it is not judged: by chance it may look broken off."""

BOX: Final = 8
"""Bytes that begin each part of an MP4: its length and its name."""

Judge: TypeAlias = Callable[[BinaryIO, int], bool]
"""Says of a file, and of how many bytes there are of it, whether it breaks off."""


class Format(Struct, frozen=True):
    """A format: its name, the endings of its files, how they begin and break off."""

    name: str
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool]
    judge: Judge = lambda _file, _size: False

    @property
    def ending(self) -> str:
        """The usual ending."""
        return self.endings[0]

    def breaks_off(self, path: Path) -> bool:
        """Whether a file promises more bytes than there are.

        What is not understood is not judged: browsers show a lot.
        """
        with path.open("rb") as file:
            return self.judge(file, file.seek(0, os.SEEK_END))


def format_of(head: bytes) -> Format | None:
    """Give the format of a file that begins so, None if it is no media."""
    return next((known for known in FORMATS if known.begins(head)), None)


def format_named(ending: str) -> Format | None:
    """Give the format whose files have that ending, which begins with a dot."""
    return next((f for f in FORMATS if ending.lower() in f.endings), None)


def gif_breaks_off(file: BinaryIO, size: int) -> bool:
    """Go from block to block, unless the end is as it should be."""
    file.seek(-2, os.SEEK_END)
    if size < UNSURE or file.read() == b"\x00;":
        return False
    file.seek(10)
    file.seek(2 + _colours(file.read(1)), os.SEEK_CUR)
    while (block := file.read(1)) in {b"!", b","}:
        if block == b"!":
            file.seek(1, os.SEEK_CUR)
        else:
            file.seek(8, os.SEEK_CUR)
            file.seek(1 + _colours(file.read(1)), os.SEEK_CUR)
        if not _found_end(file):
            return True
    return file.tell() > size


def _colours(flags: bytes) -> int:
    """Give the bytes of the table of colours that follows these flags."""
    return 3 << (flags[0] % 8 + 1) if flags and flags[0] & 0x80 else 0


def _found_end(file: BinaryIO) -> bool:
    """Go over the pieces of a block; each begins with its length, the last is 0."""
    while length := file.read(1):
        if length == b"\x00":
            return True
        file.seek(length[0], os.SEEK_CUR)
    return False


def webp_breaks_off(file: BinaryIO, size: int) -> bool:
    """Look at the length that stands in its beginning."""
    file.seek(4)
    return int.from_bytes(file.read(4), "little") + BOX > size


def mp4_breaks_off(file: BinaryIO, size: int) -> bool:
    """Go from box to box."""
    place = 0
    while place < size:
        file.seek(place)
        box = file.read(2 * BOX)
        length = int.from_bytes(box[:4], "big")
        if length == 1:  # the length is too great for its place, and follows the name
            length = int.from_bytes(box[BOX:], "big")
        if length < BOX or not box[4:BOX].isalnum():
            return False
        place += length
    return place > size


FORMATS: Final = (
    Format("GIF", (".gif",), lambda head: head[:6] in {b"GIF87a", b"GIF89a"},
           gif_breaks_off),
    Format("WebP", (".webp",), lambda head: head[:4] + head[8:12] == b"RIFFWEBP",
           webp_breaks_off),
    Format("MP4", (".mp4",), lambda head: head[4:8] == b"ftyp", mp4_breaks_off),
    Format("PNG", (".png",), lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    Format("JPEG", (".jpg", ".jpeg"), lambda head: head.startswith(b"\xff\xd8\xff")),
)  # fmt: skip
