"""Moments: how bodies write a date and time, and how it is read."""

from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from giphynavigator.errors import InvalidBody

MOMENT: Final = "a date and time such as 2017-08-23 00:00 or 2017-08-23T00:00:00+02:00"

Moment: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?"
        r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$(?!\n)",
        description=MOMENT,
    ),
]
"""ISO 8601; what has no zone is UTC."""


def read_moment(field: str, text: str) -> datetime:
    """Give a moment in UTC, or raise InvalidBody for one that never was."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidBody(field, f"must be {MOMENT}, not {text!r}") from None
