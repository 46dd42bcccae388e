"""The one table of Giphy's read calls that are passed on; there are no others.

Routes are made from it, and so may be whatever describes them.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from giphynavigator.giphy import ENDPOINTS as CALLS
from giphynavigator.parameters import Parameters
from giphynavigator.v1.parameters import (
    Animate,
    ByIds,
    Channels,
    Complete,
    Emoji,
    Gifs,
    PagedGifs,
    Random,
    Related,
    Search,
    Translate,
)

KINDS: Final = ("gifs", "stickers", "text")
"""What may stand for `{kind}`."""

NO_IDS: Final = "|".join(sorted(CALLS))

PARTS: Final = {
    "kind": "|".join(KINDS),
    "id": f"(?!(?:{NO_IDS})$)[A-Za-z0-9_-]+",
}
"""What the parts of a path look like; where nothing is said, like anything."""


class Endpoint(Struct, frozen=True):
    """One of Giphy's read calls, at the same path here as there.

    `words` names the parameter, or the part of the path, that people wrote: it means
    the same in capitals. `kept` is whether one answer may do for everybody.
    """

    path: str
    summary: str
    parameters: type[Parameters] = Parameters
    words: str = ""
    kept: bool = True

    @property
    def name(self) -> str:
        """The name of the route."""
        return re.sub(r"\W+", "_", self.path).strip("_")

    @property
    def route(self) -> str:
        """The path as a route, which matches nothing but what Giphy may have."""
        route = self.path
        for part, pattern in PARTS.items():
            route = route.replace(f"{{{part}}}", f"{{{part}:{pattern}}}")
        return route

    def address(self, parts: Mapping[str, str]) -> str:
        """Give the path with these parts in it."""
        return self.path.format_map(
            {name: quote(part, safe="") for name, part in parts.items()}
        )


ENDPOINTS: Final = (
    Endpoint("/v1/{kind}/search", "GIFs for a query", Search, "q"),
    Endpoint("/v1/{kind}/trending", "GIFs that are popular now", PagedGifs),
    Endpoint("/v1/{kind}/translate", "The GIF that says it", Translate, "s"),
    Endpoint("/v1/{kind}/random", "A GIF by chance", Random, kept=False),
    Endpoint("/v1/{kind}/related", "GIFs like another one", Related),
    Endpoint("/v1/{kind}", "GIFs by their ids", ByIds),
    Endpoint("/v1/{kind}/{id}", "A GIF by its id", Gifs),
    Endpoint("/v1/text/animate", "A text, drawn in several ways", Animate),
    Endpoint("/v1/gifs/search/tags", "Terms that complete a text", Complete, "q"),
    Endpoint("/v1/tags/related/{term}", "Tags that go with a term", words="term"),
    Endpoint("/v1/gifs/categories", "All categories", PagedGifs),
    Endpoint("/v1/gifs/categories/{category}", "Tags of a category", PagedGifs),
    Endpoint("/v1/gifs/categories/{category}/{tag}", "GIFs of a tag", PagedGifs),
    Endpoint("/v1/trending/searches", "Searches that are popular now"),
    Endpoint("/v1/channels/search", "Channels, by name", Channels, "q"),
    Endpoint("/v1/emoji", "Emoji, paged by offset", PagedGifs),
    Endpoint("/v2/emoji", "Emoji, paged by cursor", Emoji),
    Endpoint("/v2/emoji/{id}/variations", "Other forms of an emoji", Gifs),
)
"""Where two fit, the first is meant; but a path without parts before all others."""
