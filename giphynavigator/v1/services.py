"""ApiService: Giphy's read calls, answered with Giphy's own bodies."""

from collections.abc import Mapping
from typing import Final, Protocol, get_args
from urllib.parse import urlencode

from msgspec.structs import replace

from giphynavigator.answers import Answer, Reply, tag_of
from giphynavigator.bounded import Bounded
from giphynavigator.errors import NotFound
from giphynavigator.pages import Call, Kept, Page, PageSource, Question, folded
from giphynavigator.shapes import Rating
from giphynavigator.v1.endpoints import Endpoint
from giphynavigator.v1.parameters import Gifs, read_known, written

RATINGS: Final = get_args(Rating)

MOST_TAGS: Final = 4096


class NoSuchCall(NotFound):
    """There is nothing at this address, here or at Giphy."""

    def __init__(self) -> None:
        super().__init__("there is no such call")


class Asking(Protocol):
    """The way to Giphy, below everything that is kept or shared."""

    async def page(self, question: Question, *, urgent: bool) -> Page:
        """Give the page, or raise a NavigatorError."""


class Tags:
    """The tags of bodies that are kept, each made once: it takes longer than the rest.

    Only the tags: the store alone decides how long a body stays in memory.
    """

    def __init__(self) -> None:
        self._made: Bounded[int, str] = Bounded(MOST_TAGS)

    def tag(self, kept: Kept) -> str:
        """Give the tag of the page's body."""
        tag = self._made.get(kept.serial)
        if tag is None:
            tag = tag_of(kept.page.items)
            self._made.put(kept.serial, tag, 1)
        return tag


class ApiService:
    """Passes Giphy's read calls on, and what Giphy answers back, untouched.

    All but one go the way of every search: what is kept is not asked for again, and
    equal calls at the same moment are one. A translation is among them: for a minute
    the same words may well have the same GIF. What is by chance is not: who asks
    for three at once wants three, and who asks again wants another. It is neither
    kept nor shared, and each costs a call.
    """

    def __init__(
        self, pages: PageSource, asking: Asking, tags: Tags, *, rating: str
    ) -> None:
        self._pages = pages
        self._asking = asking
        self._tags = tags
        self._rating = rating

    async def answer(
        self, endpoint: Endpoint, parts: Mapping[str, str], given: Mapping[str, str]
    ) -> Reply | Answer:
        """Give Giphy's answer to a call with these parts of the path and parameters.

        Raise a NavigatorError where there is none.
        """
        call = self._call(endpoint, parts, given)
        if not endpoint.kept:
            page = await self._asking.page(call, urgent=True)
            return Answer(page.items, "")
        kept = await self._pages.page(call)
        return Reply(Answer(kept.page.items, self._tags.tag(kept)), kept)

    def _call(
        self, endpoint: Endpoint, parts: Mapping[str, str], given: Mapping[str, str]
    ) -> Call:
        """Give the call as it is sent, and what it means."""
        if not {".", ".."}.isdisjoint(parts.values()):
            raise NoSuchCall  # these would lead to other calls
        asked = read_known(endpoint.parameters, given)
        if isinstance(asked, Gifs):
            asked = replace(asked, rating=self._allowed(asked.rating))
        params = written(asked)
        meant = urlencode(with_folded(endpoint.words, params))
        return Call(
            "raw",
            path=endpoint.address(parts),
            params=tuple(params.items()),
            meaning=f"{endpoint.address(with_folded(endpoint.words, parts))}?{meant}",
        )

    def _allowed(self, asked: str | None) -> str:
        """Give the rating to ask for: never above that of the settings.

        Giphy itself, when it is not told, answers with all.
        """
        if asked is None:
            return self._rating
        name = "g" if asked in "yY" else asked.lower()  # what was y once is g today
        return min(name, self._rating, key=RATINGS.index)


def with_folded(name: str, texts: Mapping[str, str]) -> Mapping[str, str]:
    """Give the texts, the one of that name without what does not change its meaning."""
    return {**texts, name: folded(texts[name])} if name in texts else texts
