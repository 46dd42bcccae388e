"""Tiles: how the grid shows a GIF before its picture is there."""

from typing import Final

from giphynavigator.gifs import Gif, Rendition

BLANK: Final = Gif("", "", "", "", "", "", *[Rendition("", None, None, None)] * 3)
"""No GIF: what scripts fill in is made from it."""


def caption(gif: Gif) -> str:
    """Say what is to be seen: every picture has words."""
    return gif.alt_text or gif.title or "A GIF without a title"


def tallness(gif: Gif) -> str:
    """Give a tile's height as a part of its width; a square where nobody knows."""
    shown = gif.preview or gif.original or gif.still
    if not shown or not shown.width or not shown.height:
        return "1"
    return f"{shown.height / shown.width:.4g}"
