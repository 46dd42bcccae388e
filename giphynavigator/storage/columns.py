"""Types of columns that mean the same in SQLite and in PostgreSQL."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator

BigId: Final = BigInteger().with_variant(Integer, "sqlite")
"""A whole number of 64 bits that counts itself up, also in SQLite."""


class Moment(TypeDecorator[datetime]):
    """A moment, always in UTC: SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the same for all
    ) -> datetime | None:
        """Give what is written; a moment without a zone is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give what was read."""
        return value and value.replace(tzinfo=UTC)
