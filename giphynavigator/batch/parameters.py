"""What /batch understands, as query parameters or as a body."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from giphynavigator.parameters import LONGEST_QUERY, Limit, Parameters, Query, convert

MOST: Final = 200

Queries: TypeAlias = Annotated[
    list[
        # White space around it does not count, as in a parameter: `trimmed` looks.
        Annotated[str, Meta(extra_json_schema={"maxLength": LONGEST_QUERY})]
    ],
    Meta(min_length=1, max_length=MOST),
]


class BatchParameters(Parameters, frozen=True):
    """What `GET /batch` understands: as `GET /`, but with `query` many times."""

    query: Annotated[list[Query], Meta(min_length=1, max_length=MOST)]
    limit: Limit | None = None


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The queries, at most 200, and how many GIFs for each."""

    queries: Queries
    limit: Limit | None = None


def trimmed(queries: list[str]) -> list[str]:
    """Give the queries of a body trimmed, or raise InvalidParameter for one."""
    texts = enumerate(map(str.strip, queries))
    return [convert(f"queries[{index}]", text, Query) for index, text in texts]
