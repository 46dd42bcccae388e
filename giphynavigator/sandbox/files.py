"""The media files of a gif: their names, what they measure and how long they are."""

from typing import Final, NamedTuple
from zlib import crc32

from .gifs import Gif

DRAWN: Final = ("gif", "webp")

_DOWNSAMPLED = 6  # frames, whatever the gif has


class Fit(NamedTuple):
    """How a file is cut from the original; None leaves a measure to the gif."""

    width: int | None = None
    height: int | None = None
    frames: int | None = None
    drawn: bool = True


FITS: Final = {
    "giphy": Fit(),
    "giphy_s": Fit(frames=1),
    "200": Fit(height=200),
    "200_d": Fit(height=200, frames=_DOWNSAMPLED),
    "200_s": Fit(height=200, frames=1),
    "100": Fit(height=100),
    "100_s": Fit(height=100, frames=1),
    "200w": Fit(width=200),
    "200w_d": Fit(width=200, frames=_DOWNSAMPLED),
    "200w_s": Fit(width=200, frames=1),
    "100w": Fit(width=100),
    "100w_s": Fit(width=100, frames=1),
    "480w_s": Fit(width=480, frames=1),
    "giphy-preview": Fit(height=90),
    "source": Fit(),
    "giphy-downsized-small": Fit(drawn=False),
    "giphy-loop": Fit(drawn=False),
    "giphy-hd": Fit(width=960, drawn=False),
}


class Shape(NamedTuple):
    """What a file measures."""

    width: int
    height: int
    frames: int


def shape_of(gif: Gif, stem: str) -> Shape:
    """Return width, height and number of frames of one of the gif's files."""
    fit = FITS[stem]
    width, height = gif.width, gif.height
    if fit.height is not None:
        width, height = round(width * fit.height / height), fit.height
    elif fit.width is not None:
        width, height = fit.width, round(height * fit.width / width)
    return Shape(width, height, fit.frames or gif.frames)


def byte_size(gif: Gif, stem: str, extension: str) -> int:
    """Return how many bytes the file is long: even, and more than drawing it takes."""
    shape = shape_of(gif, stem)
    pixels = shape.width * shape.height
    spread = crc32(f"{gif.id}/{stem}.{extension}".encode()) % 1000
    return 2 * ((shape.frames * (500 + pixels // 40) + 1000 + spread) // 2)
