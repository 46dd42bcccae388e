"""What Giphy's answers look like, and how an outage in disguise is told from one."""

from collections.abc import Mapping
from typing import Any, Final, Generic, Required, TypedDict, TypeVar

import msgspec

from giphynavigator.giphy_errors import GiphyNonsense

RENDITIONS: Final = ("fixed_width", "fixed_width_still", "original")
FIELDS: Final = ",".join(
    (
        *("id", "url", "title", "rating", "alt_text", "username"),
        *(
            f"images.{name}.{value}"
            for name in RENDITIONS
            for value in ("url", "width", "height", "size")
        ),
    )
)

T = TypeVar("T")


class GiphyRendition(TypedDict, total=False):
    """One size of one GIF; Giphy sends its numbers as strings."""

    url: str | None
    width: str | int | None
    height: str | int | None
    size: str | int | None


class GiphyImages(TypedDict, total=False):
    """The renditions that are used here; on rare occasions Giphy lacks one."""

    fixed_width: GiphyRendition
    fixed_width_still: GiphyRendition
    original: GiphyRendition


class GiphyGif(TypedDict, total=False):
    """What is used of a GIF; `url` is its page on giphy.com, not a picture.

    The renditions stay the JSON that Giphy sent: most pages are kept whole, and of
    those few GIFs are ever shown. `read_images` reads them.
    """

    id: str
    url: str
    title: str | None
    rating: str | None
    alt_text: str | None
    username: str | None
    images: msgspec.Raw


class Pagination(TypedDict, total=False):
    """Where a page stands in all that was found; `total_count` has a ceiling of 500."""

    total_count: int | None
    count: int
    offset: int


class Meta(TypedDict, total=False):
    """An empty `response_id` marks an answer that Giphy made up in an outage."""

    status: int
    msg: str | None
    response_id: str | None


class SearchPage(TypedDict, total=False):
    """A list of GIFs as Giphy sends it; a mock may leave all but `data` out."""

    data: list[GiphyGif]
    pagination: Pagination
    meta: Meta


class GifAnswer(TypedDict, total=False):
    """One GIF; an empty list stands where Giphy has none."""

    data: GiphyGif | list[GiphyGif]
    meta: Meta


class Term(TypedDict, total=False):
    """A search that Giphy suggests."""

    name: str


class TermPage(TypedDict, total=False):
    """Searches that complete what was typed."""

    data: list[Term]
    meta: Meta


class TrendingSearches(TypedDict, total=False):
    """Searches that are popular now."""

    data: list[str]
    meta: Meta


class WholeMeta(TypedDict, total=False):
    """What every answer of today has, and an outage of Giphy's has not."""

    response_id: Required[str]


class WholeAnswer(TypedDict):
    """An answer that is passed on as it came: looked at, and not taken apart."""

    data: list[msgspec.Raw] | dict[str, msgspec.Raw]
    meta: WholeMeta


class AnswerDecoder(Generic[T]):
    """Decodes one kind of answer, and refuses one that is an outage in disguise."""

    def __init__(self, shape: type[T]) -> None:
        self._decoder = msgspec.json.Decoder(shape)

    def decode(self, body: bytes) -> T:
        """Give the part of the body that is used, or raise GiphyNonsense."""
        try:
            answer = self._decoder.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            answer = None
        if answer is None:
            raise GiphyNonsense("something that is not its JSON")
        if is_synthetic(answer):  # type: ignore[arg-type]  # every shape is a mapping
            raise GiphyNonsense("an empty answer, as it does in an outage")
        return answer


def is_synthetic(answer: Mapping[str, Any]) -> bool:
    """Whether Giphy's edge made the answer up: status 200, and nothing behind it.

    Its mark is a `response_id` of "". In the outage of 2016 the key was missing
    altogether, together with everything else; recordings of good answers that
    lack the key have GIFs or a pagination.
    """
    response_id: str | None = answer.get("meta", {}).get("response_id")
    if response_id is None:
        return not answer.get("data") and "pagination" not in answer
    return response_id == ""


_WHOLE = AnswerDecoder(WholeAnswer)


def check_whole(body: bytes) -> None:
    """Do nothing if a body may be passed on as it is, else raise GiphyNonsense."""
    _WHOLE.decode(body)
    try:
        str(body, "utf-8")  # what is passed over by the decoder may be anything
    except UnicodeDecodeError:
        raise GiphyNonsense("something that is not its JSON") from None


_IMAGES = msgspec.json.Decoder(GiphyImages)


def read_images(gif: GiphyGif) -> GiphyImages:
    """Give the renditions of a GIF; none where they are not of Giphy's shape."""
    try:
        return _IMAGES.decode(gif.get("images", b"{}"))
    except msgspec.MsgspecError:
        return {}


def trim(page: SearchPage) -> SearchPage:
    """Drop the renditions that are not used, where Giphy sent them unasked."""
    for gif in page.get("data", []):
        gif["images"] = msgspec.Raw(msgspec.json.encode(read_images(gif)))
    return page
