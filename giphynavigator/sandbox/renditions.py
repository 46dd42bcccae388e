"""The renditions of a gif: what answers say of them, and the files behind them."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from zlib import crc32

from .ids import Kind
from .made_up_gifs import MadeUpGif

_STILL = ("gif",)
_MOVING = ("gif", "mp4", "webp")
_SAMPLED = ("gif", "webp")
_FILM = ("mp4",)
_DOWNSAMPLED = 6  # frames, whatever the gif has
DRAWN: Final = ("gif", "webp")

# The file each is, and its formats; the first gives `url`, unless it is a film.
RENDITION_FILES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "original": ("giphy", _MOVING),
    "downsized": ("giphy", _STILL),
    "downsized_large": ("giphy", _STILL),
    "downsized_medium": ("giphy", _STILL),
    "downsized_small": ("giphy-downsized-small", _FILM),
    "downsized_still": ("giphy_s", _STILL),
    "fixed_height": ("200", _MOVING),
    "fixed_height_downsampled": ("200_d", _SAMPLED),
    "fixed_height_small": ("100", _MOVING),
    "fixed_height_small_still": ("100_s", _STILL),
    "fixed_height_still": ("200_s", _STILL),
    "fixed_width": ("200w", _MOVING),
    "fixed_width_downsampled": ("200w_d", _SAMPLED),
    "fixed_width_small": ("100w", _MOVING),
    "fixed_width_small_still": ("100w_s", _STILL),
    "fixed_width_still": ("200w_s", _STILL),
    "looping": ("giphy-loop", _FILM),
    "original_still": ("giphy_s", _STILL),
    "original_mp4": ("giphy", _FILM),
    "preview": ("giphy-preview", _FILM),
    "preview_gif": ("giphy-preview", _STILL),
    "preview_webp": ("giphy-preview", ("webp",)),
    "480w_still": ("480w_s", _STILL),
    "hd": ("giphy-hd", _FILM),
    "source": ("source", _STILL),
}

_GRID = (
    "original", "fixed_height", "fixed_height_downsampled", "fixed_height_small",
    "fixed_width", "fixed_width_downsampled", "fixed_width_small",
)  # fmt: skip
BUNDLES: Final[Mapping[str, frozenset[str]]] = {
    "messaging_non_clips": frozenset(_GRID),
    "clips_grid_picker": frozenset({"fixed_width", "original"}),
    "sticker_layering": frozenset({"fixed_width", "original", "source"}),
    "low_bandwidth": frozenset(
        {"fixed_width_downsampled", "fixed_width_small", "preview_gif"}
    ),
}


def has_rendition(gif: MadeUpGif, name: str) -> bool:
    """Tell whether this gif comes in that rendition."""
    if name == "hd":
        return gif.traits[10] % 9 == 0
    if name == "source":
        return gif.kind is not Kind.GIF
    return name != gif.lacks


def rendition(gif: MadeUpGif, name: str, folder: str) -> dict[str, str]:
    """Return one rendition; its files lie in the folder."""
    return dict(_values(gif, name, folder))


def _values(gif: MadeUpGif, name: str, folder: str) -> Iterator[tuple[str, str]]:
    stem, formats = RENDITION_FILES[name]
    shape = shape_of(gif, stem)
    if name != "looping":
        yield "height", str(shape.height)
        yield "width", str(shape.width)
    for place, extension in enumerate(formats):
        first = place == 0 and extension != "mp4"
        yield (
            "size" if first else f"{extension}_size",
            str(byte_size(gif, stem, extension)),
        )
        yield "url" if first else extension, f"{folder}{stem}.{extension}"
    if name == "original":
        yield "frames", str(shape.frames)
        yield "hash", gif.traits[:16].hex()


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


def shape_of(gif: MadeUpGif, stem: str) -> Shape:
    """Return width, height and number of frames of one of the gif's files."""
    fit = FITS[stem]
    width, height = gif.width, gif.height
    if fit.height is not None:
        width, height = round(width * fit.height / height), fit.height
    elif fit.width is not None:
        width, height = fit.width, round(height * fit.width / width)
    return Shape(width, height, fit.frames or gif.frames)


def byte_size(gif: MadeUpGif, stem: str, extension: str) -> int:
    """Return how many bytes the file is long: even, and more than drawing it takes."""
    shape = shape_of(gif, stem)
    pixels = shape.width * shape.height
    spread = crc32(f"{gif.id}/{stem}.{extension}".encode()) % 1000
    return 2 * ((shape.frames * (500 + pixels // 40) + 1000 + spread) // 2)
