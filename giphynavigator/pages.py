"""What is asked of Giphy, and what of its answer goes up to the service.

A Question is one call. The Page that answers it holds encoded JSON, not objects:
it is what a store keeps, and thousands of kept objects would cost more memory and
then more time in garbage collection than everything else.
"""

from typing import Final, Literal, Protocol, TypeAlias, TypedDict

import msgspec
from msgspec import Struct

from giphynavigator.giphy import GiphyClient, GiphyGif, SearchPage

PAGE: Final = 50
"""Items that one call fetches: Giphy's most; every smaller answer is a slice."""

Kind: TypeAlias = Literal["search", "trending", "gif", "suggestions", "popular"]


class Question(Struct, frozen=True):
    """One call to Giphy; `text` is what the caller wrote, `number` counts pages."""

    kind: Kind
    text: str = ""
    number: int = 0
    rating: str = ""
    lang: str = ""


class GifLink(TypedDict):
    """The address of a GIF's page on giphy.com, all that `GET /` gives of it."""

    url: str


class Page(Struct, frozen=True):
    """A list as JSON, of GIFs in Giphy's shape or of words, `count` items long.

    `total` is how many there are in all, None where Giphy does not say.
    """

    items: bytes
    count: int
    total: int | None = None

    def links(self, limit: int) -> list[GifLink]:
        """Give the addresses of the first `limit` GIFs of a page of GIFs."""
        return _LINKS.decode(self.items)[:limit]

    def gifs(self) -> list[GiphyGif]:
        """Give the items of a page of GIFs."""
        return _GIFS.decode(self.items)

    def words(self) -> list[str]:
        """Give the items of a page of words."""
        return _WORDS.decode(self.items)


class PageSource(Protocol):
    """Whatever answers questions: Giphy itself, or what stands before it."""

    async def page(self, question: Question) -> Page:
        """Give the page, or raise a NavigatorError."""


class GiphyPages:
    """Answers each question with one call to Giphy."""

    def __init__(self, giphy_client: GiphyClient) -> None:
        self._giphy = giphy_client

    async def page(self, question: Question) -> Page:
        """Ask Giphy, or raise the GiphyError that comes of it."""
        giphy, text = self._giphy, question.text
        offset, rating = question.number * PAGE, question.rating
        match question.kind:
            case "search":
                return _page(
                    await giphy.search(
                        text, PAGE, offset=offset, rating=rating, lang=question.lang
                    )
                )
            case "trending":
                return _page(await giphy.trending(PAGE, offset=offset, rating=rating))
            case "gif":
                return _page({"data": [await giphy.gif(text, rating=rating)]})
            case "suggestions":
                return _words(await giphy.suggestions(text, PAGE))
            case "popular":
                return _words(await giphy.trending_searches())


_LINKS = msgspec.json.Decoder(list[GifLink])
_GIFS = msgspec.json.Decoder(list[GiphyGif])
_WORDS = msgspec.json.Decoder(list[str])


def _page(answer: SearchPage) -> Page:
    gifs = answer.get("data", [])
    total = answer.get("pagination", {}).get("total_count")
    return Page(msgspec.json.encode(gifs), len(gifs), total)


def _words(words: list[str]) -> Page:
    return Page(msgspec.json.encode(words), len(words), len(words))
