"""SearchService: what people may ask, answered in slices of Giphy's pages."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from msgspec import Struct

from giphynavigator.errors import InvalidParameter, NotFound
from giphynavigator.gifs import Gif, GifList, read_gif
from giphynavigator.giphy import GiphyGif
from giphynavigator.pages import PAGE, GifLink, Page, PageSource, Question
from giphynavigator.parameters import GifParameters, TrendingParameters

LAST: Final = 5000
LAST_TRENDING: Final = 500
"""Where Giphy's lists end: from that offset on there is nothing."""

SUGGESTIONS: Final = 10
RATINGS: Final = ("g", "pg", "pg-13", "r")


class Defaults(Struct, frozen=True):
    """What a parameter means that is not given; `rating` is a ceiling too."""

    query: str
    limit: int
    rating: str
    lang: str


class NothingFound(NotFound):
    """Giphy finds no GIF for these words."""

    def __init__(self, query: str) -> None:
        super().__init__(f"there is no GIF for {query!r}")


class SearchService:
    """Answers what people ask, in slices of the pages that Giphy gives."""

    def __init__(
        self,
        pages: PageSource,
        defaults: Defaults,
        choose: Callable[[Sequence[GiphyGif]], GiphyGif] = random.choice,
    ) -> None:
        self.defaults = defaults
        self._pages = pages
        self._choose = choose

    async def search(self, query: str, limit: int) -> list[GifLink]:
        """Give the first `limit` GIFs for the words, at most 50; none for no words."""
        if not query:
            return []
        page = await self._pages.page(self._question(query))
        return page.links(limit)

    async def search_on(self, query: str, limit: int) -> AsyncIterator[list[Gif]]:
        """Give page after page, until there are `limit` GIFs or Giphy has no more."""
        question = self._question(query)
        for start in range(0, min(limit, LAST) if query else 0, PAGE):
            page = await self._pages.page(_numbered(question, start // PAGE))
            yield [read_gif(gif) for gif in page.gifs()[: limit - start]]
            if page.count < PAGE:
                return

    async def gifs(self, asked: GifParameters) -> GifList:
        """Give a slice of what Giphy finds, each GIF with its renditions."""
        query = self.defaults.query if asked.query is None else asked.query
        limit = asked.limit or self.defaults.limit
        rating = self._rating(asked.rating)
        if not query:
            return GifList(query, limit, asked.offset, 0, [])
        question = self._question(query, rating=rating, lang=asked.lang)
        gifs, total = await self._slice(question, asked.offset, limit, LAST)
        return GifList(query, limit, asked.offset, total, gifs)

    async def trending(self, asked: TrendingParameters) -> GifList:
        """Give a slice of what is popular now."""
        limit = asked.limit or self.defaults.limit
        gifs, total = await self._slice(
            self._trending(), asked.offset, limit, LAST_TRENDING
        )
        return GifList(None, limit, asked.offset, total, gifs)

    async def random(self, query: str | None) -> Gif:
        """Give one of the first GIFs for the words; without words, of the popular."""
        question = self._question(query) if query else self._trending()
        gifs = (await self._pages.page(question)).gifs()
        if not gifs:
            raise NothingFound(query or "")
        return read_gif(self._choose(gifs))

    async def gif(self, gif_id: str) -> Gif:
        """Give the GIF of that id, or raise GifNotFound."""
        question = Question("gif", gif_id, rating=self.defaults.rating)
        page = await self._pages.page(question)
        return read_gif(page.gifs()[0])

    async def suggestions(self, query: str | None) -> list[str]:
        """Give searches that complete the words; without words, popular ones."""
        question = Question("suggestions", query) if query else Question("popular")
        return (await self._pages.page(question)).words()[:SUGGESTIONS]

    async def _slice(
        self, question: Question, offset: int, limit: int, last: int
    ) -> tuple[list[Gif], int | None]:
        """Give GIFs from `offset` on, out of one page or two, and the total."""
        stop = min(offset + limit, last)
        first, final = offset // PAGE, (stop - 1) // PAGE
        page: Page = await self._pages.page(_numbered(question, first))
        found = page.gifs()
        if final > first and page.count == PAGE:
            found += (await self._pages.page(_numbered(question, final))).gifs()
        start = first * PAGE
        gifs = [read_gif(gif) for gif in found[offset - start : stop - start]]
        return gifs, page.total

    def _question(
        self, query: str, *, rating: str | None = None, lang: str | None = None
    ) -> Question:
        defaults = self.defaults
        return Question(
            "search",
            query,
            rating=rating or defaults.rating,
            lang=lang or defaults.lang,
        )

    def _trending(self) -> Question:
        return Question("trending", rating=self.defaults.rating)

    def _rating(self, asked: str | None) -> str:
        """Give the rating to ask for: never above the ceiling."""
        allowed = RATINGS[: RATINGS.index(self.defaults.rating) + 1]
        if asked is not None and asked not in allowed:
            raise InvalidParameter("rating", asked, f"one of {', '.join(allowed)}")
        return asked or self.defaults.rating


def _numbered(question: Question, number: int) -> Question:
    """Give the same question for another page."""
    return Question(
        question.kind, question.text, number, question.rating, question.lang
    )
