"""The lines that a batch is answered with."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from giphynavigator.batch.services import Plan
from giphynavigator.pages import GifLink
from giphynavigator.web.operations import NDJSON, Content


class FoundLine(Struct, frozen=True):
    """The answer to one query, that of `GET /`; `index` is its place in the batch."""

    index: int
    query: str
    limit: int
    gifs: list[GifLink]


class ProblemLine(Struct, frozen=True):
    """What came instead of the answer to one query: problem details."""

    index: int
    query: str
    problem: Mapping[str, Any]


LINES: Final = Content(
    (Plan, FoundLine, ProblemLine),
    NDJSON,
    "Lines of JSON: the plan, then one for each query, in the order they finish",
)
