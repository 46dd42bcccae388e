"""Giphy's read calls as operations, made from their table."""

import re
from typing import Annotated, Any, Final

from msgspec import Meta

from giphynavigator.giphy_errors import ASKING_GIPHY, NothingThere
from giphynavigator.giphy_shapes import WholeAnswer
from giphynavigator.parameters import parameters_of
from giphynavigator.v1.endpoints import PARTS, Endpoint
from giphynavigator.v1.refusals import Refusal
from giphynavigator.web.operations import (
    KEPT,
    Content,
    Example,
    Operation,
    Status,
)

SAMPLES: Final = {
    "kind": "gifs",
    "id": "wowMX1em9do",
    "gif_id": "wowMX1em9do",
    "ids": "wowMX1em9do,wow64rG1mQv",
    "q": "wow",
    "s": "wow",
    "m": "wow",
    "tag": "cat",
    "term": "good morning",
    "category": "animals",
}
"""What examples give for what has to be given."""

TOO_LONG: Final[dict[Status, Content | None]] = {
    414: Content(Refusal, description="More words than Giphy takes.")
}
REFUSALS: Final[dict[Status, Content | None]] = {
    "4XX": Content(Refusal, description="Giphy declined, and this is its status."),
    "5XX": Content(Refusal, description="Giphy failed, and this is its status."),
}


def operation_for(endpoint: Endpoint) -> Operation:
    """Give what a call takes and gives."""
    parts = re.findall(r"{(\w+)}", endpoint.path)
    too_long = TOO_LONG if endpoint.words else {}
    needed = [p.encode_name for p in parameters_of(endpoint.parameters) if p.required]
    return Operation(
        summary=endpoint.summary,
        path={name: kind_of(name) for name in parts},
        query=endpoint.parameters,
        answers={200: Content(WholeAnswer), **too_long, **REFUSALS},
        headers=KEPT if endpoint.kept else (),
        errors=(*ASKING_GIPHY, NothingThere),
        problem=Content(Refusal),
        example=Example(
            path={name: SAMPLES[name] for name in parts},
            query={name: SAMPLES[name] for name in needed},
        ),
    )


def kind_of(part: str) -> Any:
    """Give the type of a part of the path: what its route matches."""
    pattern = PARTS.get(part)
    return Annotated[str, Meta(pattern=f"^(?:{pattern})$")] if pattern else str
