"""GIFs as Giphy describes them, with whatever a test wants to be odd about them."""

from typing import Any


def giphy_gif(
    number: int = 1, *, media: str = "", height: str = "100", **odd: Any
) -> dict[str, Any]:
    """Give a GIF whose pictures lie at `media`; without media it has none."""
    picture = {"url": media, "width": "200", "height": height, "size": "9"}
    names = ("fixed_width", "fixed_width_still", "original") if media else ()
    return {
        "id": f"id{number}",
        "url": f"https://giphy.com/gifs/id{number}",
        "title": f"GIF number {number}",
        "rating": "g",
        "username": "",
        "alt_text": "",
        "images": dict.fromkeys(names, picture),
        **odd,
    }


def answer_of(*gifs: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    """Give Giphy's answer that holds the GIFs."""
    return {
        "data": list(gifs),
        "pagination": {"total_count": len(gifs) if total is None else total},
        "meta": {"response_id": "r"},
    }
