"""What is asked of Giphy, and what of its answer goes up to the service.

A Question is one call. The Page that answers it holds encoded JSON, not objects:
it is what a store keeps, and thousands of kept objects would cost more memory and
then more time in garbage collection than everything else.
"""

import unicodedata
from typing import Any, Final, Literal, Protocol, Required, TypeAlias, TypedDict

import msgspec
from msgspec import Struct
from msgspec.structs import force_setattr

from giphynavigator.giphy import GiphyClient
from giphynavigator.giphy_errors import GiphyNonsense
from giphynavigator.giphy_shapes import GiphyGif, SearchPage, check_whole

PAGE: Final = 50
"""Items that one call fetches: Giphy's most; every smaller answer is a slice."""

Kind: TypeAlias = Literal[
    "search", "trending", "gif", "gifs", "suggestions", "popular", "raw"
]
Outcome: TypeAlias = Literal["hit", "miss", "collapsed", "stale"]


class Question(Struct, frozen=True):
    """One call to Giphy; `text` is what the caller wrote, `number` counts pages.

    `key` is what it means, and is made from the others.
    """

    kind: Kind
    text: str = ""
    number: int = 0
    rating: str = ""
    lang: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        """Set the key: equal for questions that mean the same, however written."""
        text = self.text if self.kind in {"gif", "gifs"} else folded(self.text)
        key = f"{self.kind}/{self.rating}/{self.lang}/{self.number}/{text}"
        force_setattr(self, "key", key)

    def at(self, number: int) -> "Question":
        """Give the same question for another page."""
        return Question(self.kind, self.text, number, self.rating, self.lang)


class Call(Question, frozen=True):
    """A call whose answer is passed on as it comes; a question of the kind "raw".

    `meaning` is equal for calls that Giphy answers alike. Of the client's words only
    what is in these three is ever sent or kept: no key and nobody's id.
    """

    path: str = ""
    params: tuple[tuple[str, str], ...] = ()
    meaning: str = ""

    def __post_init__(self) -> None:
        """Set the key."""
        force_setattr(self, "key", f"{self.kind}{self.meaning}")


def folded(text: str) -> str:
    """Give the words without what does not change their meaning to Giphy."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


class GifLink(TypedDict):
    """The address of a GIF's page on giphy.com, all that `GET /` gives of it."""

    url: str


class Page(Struct, frozen=True):
    """A list as JSON, of GIFs in Giphy's shape or of words, `count` items long.

    `total` is how many there are in all, None where Giphy does not say. Of a Call the
    page is all that Giphy sent.
    """

    items: bytes
    count: int
    total: int | None = None

    def answers(self, question: Question) -> bool:
        """Whether it can be read as an answer to the question.

        What came from Giphy can; what came from elsewhere may be anything.
        """
        if question.kind == "raw":
            return is_whole(self.items)
        try:
            items = _SOUND[question.kind].decode(self.items)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        whole = len(items) == self.count
        return whole and (question.kind != "gif" or self.count == 1)

    def links(self, limit: int) -> list[GifLink]:
        """Give the addresses of the first `limit` GIFs of a page of GIFs."""
        return _LINKS.decode(self.items)[:limit]

    def gifs(self) -> list[GiphyGif]:
        """Give the items of a page of GIFs."""
        return _GIFS.decode(self.items)

    def words(self) -> list[str]:
        """Give the items of a page of words."""
        return _WORDS.decode(self.items)


class Kept(Struct, frozen=True):
    """A page as it comes out of a source that keeps pages.

    `serial` is another for each page that ever came from Giphy. `ttl` is how many
    seconds it stays fresh, negative once it is stale; `age` how old it is.
    """

    page: Page
    serial: int
    outcome: Outcome
    ttl: float
    age: float

    @property
    def is_kept(self) -> bool:
        """Whether it can be had again: what comes in without any lifetime cannot."""
        return self.ttl > 0 or self.outcome == "stale"


class PageSource(Protocol):
    """Whatever answers questions with pages, and says how fresh they are."""

    async def page(self, question: Question) -> Kept:
        """Give the page, or raise a NavigatorError."""

    def is_kept(self, question: Question) -> bool:
        """Whether the page is at hand and no refresh is due: asking costs no call."""


async def ask(giphy: GiphyClient, question: Question) -> Page:  # noqa: PLR0911 - one for each kind
    """Answer a question by one call to Giphy, or raise the error that comes of it."""
    if isinstance(question, Call):
        return Page(await giphy.raw(question.path, dict(question.params)), 1)
    text, rating = question.text, question.rating
    offset = question.number * PAGE
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
        case "gifs":
            return _page(await giphy.gifs(text.split(","), rating=rating))
        case "suggestions":
            return _words(await giphy.suggestions(text, PAGE))
        case _:
            return _words(await giphy.trending_searches())


class _SoundGif(GiphyGif):
    """A GIF that has what every answer needs of it."""

    url: Required[str]  # type: ignore[misc]  # stricter than Giphy's, on purpose


_LINKS = msgspec.json.Decoder(list[GifLink])
_GIFS = msgspec.json.Decoder(list[GiphyGif])
_WORDS = msgspec.json.Decoder(list[str])
_SOUND: Final[dict[Kind, msgspec.json.Decoder[list[Any]]]] = {
    **dict.fromkeys(
        ("search", "trending", "gif", "gifs"), msgspec.json.Decoder(list[_SoundGif])
    ),
    **dict.fromkeys(("suggestions", "popular"), _WORDS),
}


def is_whole(body: bytes) -> bool:
    """Whether a body is an answer of Giphy's that may be passed on as it is."""
    try:
        check_whole(body)
    except GiphyNonsense:
        return False
    return True


def _page(answer: SearchPage) -> Page:
    gifs = answer.get("data", [])
    total = answer.get("pagination", {}).get("total_count")
    return Page(packed(gifs), len(gifs), total)


def _words(words: list[str]) -> Page:
    return Page(packed(words), len(words), len(words))


def packed(value: Any) -> bytes:
    """Give JSON in as many bytes as it takes; msgspec's own has a fifth to spare."""
    return bytes(memoryview(msgspec.json.encode(value)))
