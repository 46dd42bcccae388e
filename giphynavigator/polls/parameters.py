"""What polls understand, as query parameters and as bodies."""

from typing import Annotated, Any, Final, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from giphynavigator.gifs import KeptGif
from giphynavigator.parameters import Limit, Parameters
from giphynavigator.polls.shapes import Results
from giphynavigator.shapes import BLANK, Title
from giphynavigator.web.moments import Moment

LAST_ID: Final = 2**63 - 1

PollId: TypeAlias = Annotated[
    Any,
    Meta(
        description="the id of a poll",
        extra_json_schema={"type": "integer", "minimum": 1, "maximum": LAST_ID},
    ),
]
"""Whatever stands in its place: what is no id is the id of no poll."""
Words: TypeAlias = Annotated[
    str,
    Meta(
        max_length=50,
        pattern=f"[^{BLANK}]",
        description="1 to 50 characters, not all of them blank",
    ),
]


class PollParameters(Parameters, frozen=True):
    """What `GET /polls` understands."""

    limit: Limit = 20
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class ChoiceParameters(Parameters, frozen=True):
    """A choice, by its id."""

    choice: int | None = None


class VoteBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A choice, by its id."""

    choice: int


class WinnerBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A choice, by its id, or whichever leads."""

    choice: int | UnsetType = UNSET


class ChoiceBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Something to choose, in words and perhaps with a GIF."""

    text: Title
    gif: KeptGif | None = None


Choices: TypeAlias = Annotated[list[ChoiceBody], Meta(min_length=2, max_length=50)]


class PollBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new poll; either `choices`, or `query` and perhaps `limit` for a search."""

    question: Title
    choices: Choices | UnsetType = UNSET
    query: Words | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=2, le=50)] | UnsetType = UNSET
    closes_at: Moment | None = None
    results: Results = "always"

    def __post_init__(self) -> None:
        """Refuse a poll that has its choices from nowhere, or from two places."""
        if (self.choices is UNSET) == (self.query is UNSET):
            raise ValueError("must have either choices or a query")
        if self.limit is not UNSET and self.query is UNSET:
            raise ValueError("must have a query where it has a limit")


NewPoll: TypeAlias = Annotated[
    PollBody,
    Meta(
        extra_json_schema={
            "oneOf": [
                {"required": ["choices"], "properties": {"limit": False}},
                {"required": ["query"]},
            ],
            "not": {"required": ["choices", "query"]},
        }
    ),
]
"""What a PollBody looks at by itself, said in the document as well."""


class PollChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`closed` closes the poll now; `closes_at` names a moment, null means never."""

    closed: Annotated[bool, Meta(extra_json_schema={"const": True})] | UnsetType = UNSET
    closes_at: Moment | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        """Refuse what says nothing, and what says two things."""
        if (self.closed is UNSET) == (self.closes_at is UNSET):
            raise ValueError("must have either closed or closes_at")
        if self.closed is False:
            raise ValueError("must have a closes_at to open a poll again")


PollChange: TypeAlias = Annotated[
    PollChanges, Meta(extra_json_schema={"minProperties": 1, "maxProperties": 1})
]
"""Of the changes that there are, one."""
