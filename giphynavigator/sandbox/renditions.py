"""The renditions of a gif: the `images` object of an answer."""

from collections.abc import Iterator, Mapping
from typing import Final

from .files import byte_size, shape_of
from .gifs import Gif
from .ids import Kind

_STILL = ("gif",)
_MOVING = ("gif", "mp4", "webp")
_SAMPLED = ("gif", "webp")
_FILM = ("mp4",)

# The file each is, and its formats; the first gives `url`, unless it is a film.
RENDITIONS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
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


def has_rendition(gif: Gif, name: str) -> bool:
    """Tell whether this gif comes in that rendition."""
    if name == "hd":
        return gif.traits[10] % 9 == 0
    if name == "source":
        return gif.kind is not Kind.GIF
    return name != gif.lacks


def rendition(gif: Gif, name: str, folder: str) -> dict[str, str]:
    """Return one rendition; its files lie in the folder."""
    return dict(_values(gif, name, folder))


def _values(gif: Gif, name: str, folder: str) -> Iterator[tuple[str, str]]:
    stem, formats = RENDITIONS[name]
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
