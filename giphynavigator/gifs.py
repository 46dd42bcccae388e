"""Our shapes of a GIF: numbers are numbers, and what Giphy lacks is null."""

from typing import Annotated, Any, TypeAlias

from msgspec import Meta, Struct

from giphynavigator.giphy_shapes import GiphyGif, GiphyRendition, read_images
from giphynavigator.pages import GifLink
from giphynavigator.parameters import GifId
from giphynavigator.shapes import BLANK

ATTRIBUTION = "Powered By GIPHY"

PageUrl: TypeAlias = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=rf"^https?://[^{BLANK}/?#\\][^{BLANK}\\]*$(?!\n)",
        description="the http or https address of a page, at most 500 characters",
    ),
]


class KeptGif(Struct, frozen=True, forbid_unknown_fields=True):
    """A GIF that is kept: what to know of it without asking Giphy again."""

    id: GifId
    url: PageUrl
    title: Annotated[str, Meta(max_length=500)] = ""


class LinkList(Struct, frozen=True, forbid_unknown_fields=True):
    """The first GIFs that Giphy finds: the addresses of their pages, and no more."""

    query: str
    limit: int
    gifs: list[GifLink]


class Suggestions(Struct, frozen=True):
    """Searches that complete a query, or that are popular."""

    suggestions: list[str]


class Rendition(Struct, frozen=True):
    """One size of a GIF: width and height in pixels, bytes of the file."""

    url: str
    width: int | None
    height: int | None
    bytes: int | None


class Gif(Struct, frozen=True):
    """A GIF: its page, and three renditions as Giphy addresses them, untouched."""

    id: str
    url: str
    title: str
    rating: str
    alt_text: str
    username: str
    preview: Rendition | None
    still: Rendition | None
    original: Rendition | None


class GifList(Struct, frozen=True):
    """A slice of what Giphy finds; `total` is null where Giphy does not say."""

    query: str | None
    limit: int
    offset: int
    total: int | None
    gifs: list[Gif]
    attribution: str = ATTRIBUTION


def read_gif(gif: GiphyGif) -> Gif:
    """Give our shape of Giphy's."""
    images = read_images(gif)
    return Gif(
        id=gif.get("id") or "",
        url=gif.get("url") or "",
        title=gif.get("title") or "",
        rating=gif.get("rating") or "",
        alt_text=gif.get("alt_text") or "",
        username=gif.get("username") or "",
        preview=_rendition(images.get("fixed_width")),
        still=_rendition(images.get("fixed_width_still")),
        original=_rendition(images.get("original")),
    )


def _rendition(rendition: GiphyRendition | None) -> Rendition | None:
    url = rendition.get("url") if rendition else None
    if not rendition or not url:
        return None
    return Rendition(
        url=url,
        width=_number(rendition.get("width")),
        height=_number(rendition.get("height")),
        bytes=_number(rendition.get("size")),
    )


def _number(value: Any) -> int | None:
    """Read one of Giphy's numbers, which are strings."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
