"""Makes a picture exactly as long as was promised, and no different to look at."""

from collections.abc import Iterator

_FILLER = b"Drawn by the sandbox of Giphy Navigator. " * 7
_BLOCK = 256  # a byte that gives the length, and the 255 it can give at most
_CHUNK = 8  # name and length of a chunk


def pad_gif(gif: bytes, size: int) -> bytes:
    """Return the GIF with a comment before its end that brings it to `size` bytes."""
    room = size - len(gif) - 3
    if room <= 1:
        return gif
    return b"".join((gif[:-1], b"\x21\xfe", *_blocks(room), b"\x00", gif[-1:]))


def pad_webp(webp: bytes, size: int) -> bytes:
    """Return the animated WebP with a chunk at its end that brings it to `size` bytes.

    Chunks of unknown name are skipped by every reader; lengths are even.
    """
    room = size - len(webp) - _CHUNK
    if room < 0:
        return webp
    filler = (_FILLER * (room // len(_FILLER) + 1))[:room]
    body = webp[8:] + b"JUNK" + room.to_bytes(4, "little") + filler
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _blocks(room: int) -> Iterator[bytes]:
    # Of even length, because a last block of one byte alone cannot be written.
    count = -(-room // _BLOCK)
    short, longer = divmod(room, count)
    for place in range(count):
        length = short + (place < longer) - 1
        yield bytes((length,)) + _FILLER[:length]
