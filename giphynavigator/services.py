"""SearchService: what people may ask, answered in slices of Giphy's pages."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, get_args

from msgspec import Struct

from giphynavigator.answers import Answer, Answers, Links, Reply, encode
from giphynavigator.errors import InvalidParameter, NavigatorError, NotFound
from giphynavigator.gifs import Gif, GifList, LinkList, Suggestions, read_gif
from giphynavigator.giphy_shapes import GiphyGif
from giphynavigator.pages import PAGE, GifLink, Kept, PageSource, Question
from giphynavigator.parameters import (
    LAST_OFFSET,
    LAST_TRENDING_OFFSET,
    GifParameters,
    TrendingParameters,
)
from giphynavigator.shapes import Rating

LAST: Final = LAST_OFFSET + 1
LAST_TRENDING: Final = LAST_TRENDING_OFFSET + 1
SUGGESTIONS: Final = 10
RATINGS: Final = get_args(Rating)


class Defaults(Struct, frozen=True):
    """What is searched for, and how many GIFs are given, when nobody says."""

    query: str
    limit: int


class NothingFound(NotFound):
    """Giphy finds no GIF for these words."""

    def __init__(self, query: str) -> None:
        super().__init__(f"there is no GIF for {query!r}")


class SearchService:
    """Answers what people ask, in slices of the pages that its source keeps."""

    def __init__(  # noqa: PLR0913 - each by name
        self,
        pages: PageSource,
        answers: Answers,
        *,
        rating: str,
        lang: str,
        defaults: Callable[[], Defaults],
        choose: Callable[[Sequence[GiphyGif]], GiphyGif] = random.choice,
    ) -> None:
        self._pages = pages
        self._answers = answers
        self._rating = rating
        self._lang = lang
        self._defaults = defaults
        self._choose = choose

    async def search(self, query: str, limit: int) -> list[GifLink]:
        """Give the first `limit` GIFs for the words, at most 50; none for no words.

        Where there are words the list is of the kind Links: it has the reply that
        shows it.
        """
        if not query:
            return []
        kept = await self._pages.page(self._question(query))

        def make() -> Answer:
            links = kept.page.links(limit)
            return encode(LinkList(query, limit, links), links)

        return Links(self._answers.reply(kept, ("links", query, limit), make))

    def meaning(self, query: str) -> str:
        """Give a text that is equal for queries that Giphy would answer alike."""
        return self._question(query).key

    def is_kept(self, query: str) -> bool:
        """Whether the query would be answered without a call to Giphy."""
        return not query or self._pages.is_kept(self._question(query))

    async def search_on(self, query: str, limit: int) -> AsyncIterator[list[Gif]]:
        """Give page after page, until there are `limit` GIFs or Giphy has no more."""
        question = self._question(query)
        for start in range(0, min(limit, LAST) if query else 0, PAGE):
            page = (await self._pages.page(question.at(start // PAGE))).page
            yield [read_gif(gif) for gif in page.gifs()[: limit - start]]
            if page.count < PAGE:
                return

    async def gifs(self, asked: GifParameters) -> Reply | GifList:
        """Give a slice of what Giphy finds, each GIF with its renditions.

        No words find nothing: a list that was not made from any page.
        """
        defaults = self._defaults()
        query = defaults.query if asked.query is None else asked.query
        limit = asked.limit or defaults.limit
        rating = self._allowed(asked.rating)
        if not query:
            return GifList(query, limit, asked.offset, 0, [])
        question = search_for(query, rating, asked.lang or self._lang)
        return await self._slice(question, query, asked.offset, limit, LAST)

    async def trending(self, asked: TrendingParameters) -> Reply:
        """Give a slice of what is popular now."""
        limit = asked.limit or self._defaults().limit
        question = self._trending()
        return await self._slice(question, None, asked.offset, limit, LAST_TRENDING)

    async def random(self, query: str | None) -> Gif:
        """Give one of the first GIFs for the words; without words, of the popular."""
        question = self._question(query) if query else self._trending()
        gifs = (await self._pages.page(question)).page.gifs()
        if not gifs:
            raise NothingFound(query or "")
        return read_gif(self._choose(gifs))

    async def gif(self, gif_id: str) -> Reply:
        """Give the GIF of that id, or raise GifNotFound."""
        question = Question("gif", gif_id, rating=self._rating)
        kept = await self._pages.page(question)
        (gif,) = kept.page.gifs()
        return self._answers.reply(kept, ("gif",), lambda: encode(read_gif(gif)))

    async def by_ids(
        self, ids: Iterable[str], *, patience: float | None = None
    ) -> dict[str, Gif]:
        """Give GIFs by their ids, at most 50, those that can be had now.

        They are a page like any other, so to show them again costs no call. There
        are none while Giphy does not give them, in `patience` seconds if need be.
        """
        wanted = sorted(dict.fromkeys(ids))[:PAGE]
        if not wanted:
            return {}
        question = Question("gifs", ",".join(wanted), rating=self._rating)
        try:
            async with asyncio.timeout(patience):
                page = (await self._pages.page(question)).page
        except (NavigatorError, TimeoutError):
            return {}
        return {gif.id: gif for gif in map(read_gif, page.gifs())}

    async def suggestions(self, query: str | None) -> Reply:
        """Give searches that complete the words; without words, popular ones."""
        question = Question("suggestions", query) if query else Question("popular")
        kept = await self._pages.page(question)

        def make() -> Answer:
            return encode(Suggestions(kept.page.words()[:SUGGESTIONS]))

        return self._answers.reply(kept, ("words",), make)

    async def _slice(
        self, question: Question, query: str | None, offset: int, limit: int, last: int
    ) -> Reply:
        """Give GIFs from `offset` on, out of one page or two."""
        stop = min(offset + limit, last)
        number, final = offset // PAGE, (stop - 1) // PAGE
        first = second = await self._pages.page(question.at(number))
        if final > number and first.page.count == PAGE:
            second = await self._pages.page(question.at(final))

        def make() -> Answer:
            found = first.page.gifs()
            if second is not first:
                found += second.page.gifs()
            shown = found[offset - number * PAGE : stop - number * PAGE]
            gifs = [read_gif(gif) for gif in shown]
            return encode(GifList(query, limit, offset, first.page.total, gifs))

        older: Kept = min(first, second, key=lambda kept: kept.ttl)
        key = ("gifs", first.serial, second.serial, query, offset, limit)
        return self._answers.reply(older, key, make)

    def _question(self, query: str) -> Question:
        return search_for(query, self._rating, self._lang)

    def _trending(self) -> Question:
        return Question("trending", rating=self._rating)

    def _allowed(self, asked: str | None) -> str:
        """Give the rating to ask for: never above that of the settings."""
        allowed = RATINGS[: RATINGS.index(self._rating) + 1]
        if asked is not None and asked not in allowed:
            raise InvalidParameter("rating", asked, f"one of {', '.join(allowed)}")
        return asked or self._rating


@lru_cache(256)
def search_for(query: str, rating: str, lang: str) -> Question:
    """Give the question for a search; those of popular ones are made once."""
    return Question("search", query, rating=rating, lang=lang)
