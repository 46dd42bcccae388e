"""What /batch understands, as query parameters or as a body."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from giphynavigator.parameters import Limit, Parameters

MOST: Final = 200

Queries: TypeAlias = Annotated[list[str], Meta(min_length=1, max_length=MOST)]


class LimitParameters(Parameters, frozen=True):
    """What `GET /batch` understands beside its queries."""

    limit: Limit | None = None


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The queries, at most 200, and how many GIFs for each."""

    queries: Queries
    limit: Limit | None = None
