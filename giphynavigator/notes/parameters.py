"""What /notes understands, as query parameters and as bodies."""

from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from giphynavigator.gifs import KeptGif
from giphynavigator.parameters import Limit, Parameters
from giphynavigator.shapes import Title
from giphynavigator.web.moments import Moment, read_moment

NoteId: TypeAlias = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Description: TypeAlias = Annotated[str, Meta(max_length=2000)]
Author: TypeAlias = Annotated[str, Meta(max_length=50)]
Priority: TypeAlias = Annotated[int, Meta(ge=0, le=9)]
Words: TypeAlias = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=r"^[^\x00]*$",
        description="at most 200 characters, and not NUL",
    ),
]


class NoteParameters(Parameters, frozen=True):
    """What `GET /notes` understands; `search` looks in title and description."""

    limit: Limit = 50
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    search: Words | None = None


class NoteBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole note; unless `created_at` is given, it is now, or stays as it was."""

    title: Title
    description: Description = ""
    created_at: Moment | None = None
    created_by: Author = ""
    priority: Priority = 0
    gif: KeptGif | None = None


class NoteChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different in a note; what is not named stays as it was."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    created_at: Moment | UnsetType = UNSET
    created_by: Author | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    gif: KeptGif | UnsetType | None = UNSET


def columns(body: NoteBody | NoteChanges) -> dict[str, Any]:
    """Give what a body says, by the columns of the table."""
    said = msgspec.structs.asdict(body)
    gif, moment = said.pop("gif"), said.pop("created_at")
    if gif is not UNSET:
        names = KeptGif.__struct_fields__
        said |= {f"gif_{name}": gif and getattr(gif, name) for name in names}
    if isinstance(moment, str):
        said["created_at"] = read_moment("created_at", moment)
    return {name: value for name, value in said.items() if value is not UNSET}
