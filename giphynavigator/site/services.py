"""SearchPages: what the search page shows, found the way programs find it."""

from collections.abc import Callable
from typing import Final, Protocol, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from giphynavigator.errors import NavigatorError
from giphynavigator.gifs import GifList
from giphynavigator.parameters import (
    LAST_OFFSET,
    LAST_TRENDING_OFFSET,
    GifParameters,
    TrendingParameters,
)
from giphynavigator.shapes import Rating

AT_ONCE: Final = 25
"""GIFs that a page shows at first: two such slices are one call to Giphy."""

CHIPS_LIVE: Final = 1200.0
"""Seconds for which popular searches are not asked for again."""


class Body(Protocol):
    """An answer that is ready to be sent."""

    @property
    def body(self) -> bytes:
        """The JSON of it."""


class Reply(Protocol):
    """What programs are answered with."""

    @property
    def answer(self) -> Body:
        """The answer itself."""


class Searches(Protocol):
    """What finds GIFs and words."""

    async def gifs(self, asked: GifParameters) -> Reply | GifList:
        """Give a slice of what Giphy finds."""

    async def trending(self, asked: TrendingParameters) -> Reply:
        """Give a slice of what is popular now."""

    async def suggestions(self, query: str | None) -> Reply:
        """Give searches that complete the words; without words, popular ones."""


class Left(Protocol):
    """How many calls to Giphy there are, None where nobody counts."""

    @property
    def limit(self) -> int | None:
        """Calls in all."""

    @property
    def left(self) -> int | None:
        """Calls that are left."""

    @property
    def resets_in(self) -> float | None:
        """Seconds until there are more."""


class Calls(Protocol):
    """Where the calls to Giphy are counted."""

    async def look(self) -> None:
        """Find out how many are left."""

    def report(self) -> Left:
        """Say how many are left."""


class Words(Struct):
    """Searches that were popular lately, and when to ask again."""

    suggestions: list[str] = []
    until: float = 0.0


class Choices(Struct, frozen=True):
    """What a person may choose among, and what counts where he does not."""

    rating: str
    lang: str
    usual_lang: str
    ratings: tuple[str, ...]


class View(Struct, frozen=True):
    """One search page: the GIFs, what leads on from them, and the calls left."""

    found: GifList
    asked: GifParameters
    choices: Choices
    popular: list[str]
    calls: Left
    is_trending: bool

    @property
    def before(self) -> int | None:
        """The offset of the GIFs before these, None where there are none."""
        at, limit = self.found.offset, self.found.limit
        return max(0, at - limit) if at else None

    @property
    def after(self) -> int | None:
        """The offset of the GIFs after these, None where there are none."""
        shown, total = len(self.found.gifs), self.found.total
        following = self.found.offset + shown
        last = LAST_TRENDING_OFFSET if self.is_trending else LAST_OFFSET
        if following > last or (total is not None and following >= total):
            return None
        return following if shown == self.found.limit else None

    def leading(self, offset: int) -> dict[str, str]:
        """Give the query of the address that shows the same from an offset on."""
        given = {**msgspec.structs.asdict(self.asked), "offset": offset or None}
        return {name: str(value) for name, value in given.items() if value}


class SearchPages:
    """Finds what a search page shows."""

    def __init__(  # noqa: PLR0913 - each by name
        self,
        search_service: Searches,
        quota: Calls,
        words: Words,
        *,
        rating: Rating,
        lang: str,
        clock: Callable[[], float],
    ) -> None:
        self._search_service = search_service
        self._quota = quota
        self._words = words
        self._rating = rating
        self._lang = lang
        self._clock = clock

    async def view(self, asked: GifParameters) -> View:
        """Give the page for a search; without words, for what is popular now."""
        found = await self._found(replace(asked, limit=asked.limit or AT_ONCE))
        popular = await self._popular() if not asked.query else []
        await self._quota.look()
        return View(
            found=found,
            asked=asked,
            choices=self._choices(asked),
            popular=popular,
            calls=self._quota.report(),
            is_trending=not asked.query,
        )

    async def _found(self, asked: GifParameters) -> GifList:
        if asked.query:
            found = await self._search_service.gifs(asked)
        else:
            at = min(asked.offset, LAST_TRENDING_OFFSET)
            popular = TrendingParameters(limit=asked.limit, offset=at)
            found = await self._search_service.trending(popular)
        if isinstance(found, GifList):
            return found
        return msgspec.json.decode(found.answer.body, type=GifList)

    async def _popular(self) -> list[str]:
        """Give popular searches, which are a help and no more: none if it fails."""
        if self._clock() >= self._words.until:
            try:
                reply = await self._search_service.suggestions(None)
            except NavigatorError:
                return self._words.suggestions
            found = msgspec.json.decode(reply.answer.body, type=Words)
            self._words.suggestions = found.suggestions
            self._words.until = self._clock() + CHIPS_LIVE
        return self._words.suggestions

    def _choices(self, asked: GifParameters) -> Choices:
        ratings = get_args(Rating)
        return Choices(
            rating=asked.rating or self._rating,
            lang=asked.lang or self._lang,
            usual_lang=self._lang,
            ratings=ratings[: ratings.index(self._rating) + 1],
        )
