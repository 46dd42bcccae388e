"""Draws gifs: a shape that goes round, in the gif's own colours, under its word.

Every file is padded to the very length that the answers said.
"""

import math
from collections.abc import Iterator
from colorsys import hls_to_rgb
from io import BytesIO
from typing import TYPE_CHECKING

from .made_up_gifs import MadeUpGif
from .renditions import Shape

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_BACKGROUND, _SHAPE, _SHADOW, _INK = range(4)
_MILLISECONDS = 90
_FILLER = b"Drawn by the sandbox of Giphy Navigator. " * 7
_BLOCK = 256  # a byte that gives the length, and the 255 it can give at most
_CHUNK = 8  # name and length of a chunk


def draw(gif: MadeUpGif, shape: Shape, extension: str) -> bytes:
    """Return the picture as a file of that format, as short as it comes."""
    first, *others = (_frame(gif, shape, number) for number in range(shape.frames))
    file = BytesIO()
    options = {
        "save_all": True,
        "append_images": others,
        "duration": _MILLISECONDS,
        "loop": 0,
    }
    if extension == "webp":
        first.save(file, "WEBP", lossless=True, quality=0, method=0, **options)
    else:
        first.save(file, "GIF", **options)
    return file.getvalue()


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


def _frame(gif: MadeUpGif, shape: Shape, number: int) -> "Image":
    # Loading Pillow takes a tenth of a second: only those who want pictures pay it.
    from PIL import Image, ImageDraw  # noqa: PLC0415 - see above

    image = Image.new("P", (shape.width, shape.height), _BACKGROUND)
    image.putpalette(_palette(gif))
    canvas = ImageDraw.Draw(image)
    _draw_shape(canvas, gif, shape, turn=number / shape.frames)
    _draw_word(canvas, gif, shape)
    return image


def _draw_shape(
    canvas: "ImageDraw", gif: MadeUpGif, shape: Shape, *, turn: float
) -> None:
    direction = 1 if gif.traits[18] % 2 else -1
    angle = math.tau * (direction * turn + gif.traits[19] / 256)
    centre = (
        shape.width * (0.5 + 0.3 * math.cos(angle)),
        shape.height * (0.5 + 0.3 * math.sin(angle)),
    )
    radius = min(shape.width, shape.height) * (0.15 + gif.traits[20] / 2560)
    corners = 3 + gif.traits[21] % 4
    spin = math.degrees(angle)
    for shift, colour in ((radius / 6, _SHADOW), (0.0, _SHAPE)):
        middle = (centre[0] + shift, centre[1] + shift)
        if corners == 6:  # noqa: PLR2004 - what follows the pentagon is round
            canvas.circle(middle, radius, fill=colour)
        else:
            canvas.regular_polygon(
                (middle, radius), corners, rotation=spin, fill=colour
            )


def _draw_word(canvas: "ImageDraw", gif: MadeUpGif, shape: Shape) -> None:
    from PIL import ImageFont  # noqa: PLC0415 - as in _frame

    word = gif.word or gif.act
    font = ImageFont.load_default(
        max(9, min(shape.height // 4, shape.width * 3 // 2 // len(word)))
    )
    canvas.text(
        (shape.width / 2, shape.height / 2), word, fill=_INK, font=font, anchor="mm"
    )


def _palette(gif: MadeUpGif) -> list[int]:
    hue = gif.traits[22] / 256
    shades = (
        (hue, 0.28, 0.5),
        (hue + 0.4, 0.6, 0.8),
        (hue, 0.18, 0.5),
        (hue, 0.97, 0.9),
    )
    return [round(255 * part) for shade in shades for part in hls_to_rgb(*shade)]


def _blocks(room: int) -> Iterator[bytes]:
    # Of even length, because a last block of one byte alone cannot be written.
    count = -(-room // _BLOCK)
    short, longer = divmod(room, count)
    for place in range(count):
        length = short + (place < longer) - 1
        yield bytes((length,)) + _FILLER[:length]
