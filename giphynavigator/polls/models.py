"""The tables of polls: question and choice as the tutorial has them, and vote."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    func,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship
from sqlalchemy.sql.functions import FunctionElement

from giphynavigator.storage.columns import BigId, Moment
from giphynavigator.storage.database import Base


class this_moment(FunctionElement[datetime]):  # noqa: N801 - reads as SQL does
    """The moment by the database's clock, which all replicas share."""

    type = Moment()
    inherit_cache = True


@compiles(this_moment)
def _in_postgresql(*_: Any, **__: Any) -> str:
    return "clock_timestamp()"


@compiles(this_moment, "sqlite")
def _in_sqlite(*_: Any, **__: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"  # as moments are kept there


class Choice(Base):
    """What may be chosen; `votes` is the number of rows in `vote` that say so."""

    __tablename__ = "choice"
    __table_args__ = (
        UniqueConstraint("question_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE")
    )
    choice_text: Mapped[str] = mapped_column(String(200))
    votes: Mapped[int] = mapped_column(default=0, server_default="0")
    gif_id: Mapped[str | None] = mapped_column(String(64))
    gif_url: Mapped[str | None] = mapped_column(String(500))
    gif_title: Mapped[str | None] = mapped_column(String(500))


class Question(Base):
    """A poll; `version` goes up with every change, and no id is ever used again."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_pub_date_id", "pub_date", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_text: Mapped[str] = mapped_column(String(200))
    pub_date: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(BigInteger, default=1, server_default="1")
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    results: Mapped[str] = mapped_column(
        String(20), default="always", server_default="always"
    )
    owner: Mapped[str] = mapped_column(String(50), default="", server_default="")
    closed: Mapped[bool] = column_property(
        func.coalesce(closes_at <= this_moment(), false())
    )
    choices: Mapped[list[Choice]] = relationship(
        order_by=Choice.id, lazy="raise", passive_deletes=True
    )


class Vote(Base):
    """What a voter chose; the key lets nobody choose twice, nor of another poll."""

    __tablename__ = "vote"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question_id", "choice_id"],
            ["choice.question_id", "choice.id"],
            ondelete="CASCADE",
        ),
    )

    question_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    voter: Mapped[str] = mapped_column(String(50), primary_key=True)
    choice_id: Mapped[int] = mapped_column(BigInteger)
