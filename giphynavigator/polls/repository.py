"""PollRepository: polls in the database, but for the counting of votes."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Select, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from giphynavigator.errors import NotFound, shortened
from giphynavigator.gifs import KeptGif
from giphynavigator.polls.models import Choice, Question, Vote, this_moment
from giphynavigator.polls.shapes import Option, Poll, Tally
from giphynavigator.storage.database import Database

CHANNEL: Final = "giphynavigator_polls"
"""Where PostgreSQL tells of every change of a poll once it is committed."""


class PollNotFound(NotFound):
    """There is no poll of that id."""

    def __init__(self, poll_id: object) -> None:
        super().__init__(f"there is no poll {shortened(str(poll_id))}")


class PollRepository:
    """Keeps polls, finds, changes and deletes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, *, limit: int, offset: int = 0) -> tuple[list[Poll], int]:
        """Give polls, newest first, and how many there are in all."""
        newest = whole().order_by(Question.pub_date.desc(), Question.id.desc())
        total = select(func.count(Question.id))
        async with self._database.reading() as session:
            found = await session.scalars(newest.limit(limit).offset(offset))
            polls = [poll_of(question) for question in found.unique()]
            return polls, await session.scalar(total) or 0

    async def get(self, poll_id: int) -> Poll:
        """Give the poll, or raise PollNotFound."""
        async with self._database.reading() as session:
            return await read_one(session, poll_id)

    async def add(
        self, columns: dict[str, Any], choices: Sequence[dict[str, Any]]
    ) -> Poll:
        """Keep a new poll and give it; it is of this moment."""
        question = Question(**columns, pub_date=this_moment())
        question.choices = [Choice(**choice) for choice in choices]
        async with self._database.writing() as session:
            session.add(question)
            await session.flush()
            session.expunge_all()
            return await read_one(session, question.id)

    async def has_question(self, question: str) -> bool:
        """Whether there is a poll of that question."""
        found = select(Question.id).where(Question.question_text == question).limit(1)
        async with self._database.reading() as session:
            return await session.scalar(found) is not None

    async def change(self, poll_id: int, columns: dict[str, Any]) -> Poll:
        """Give the poll with new values, or raise PollNotFound."""
        values = {**columns, "version": Question.version + 1}
        changed = update(Question).where(Question.id == poll_id).values(values)
        async with self._database.writing() as session:
            await session.execute(changed)
            poll = await read_one(session, poll_id)
            await notify(session, [poll.tally])
            return poll

    async def delete(self, poll_id: int) -> None:
        """Delete the poll with its choices and votes, or raise PollNotFound."""
        gone = delete(Question).where(Question.id == poll_id).returning(Question.id)
        async with self._database.writing() as session:
            if await session.scalar(gone) is None:
                raise PollNotFound(poll_id)
            await notify(session, [poll_id])

    async def chosen(self, voter: str, polls: Collection[int]) -> dict[int, int]:
        """Give the choice of a voter in each of the polls in which he has voted."""
        votes = select(Vote.question_id, Vote.choice_id).where(
            Vote.voter == voter, Vote.question_id.in_(polls)
        )
        async with self._database.reading() as session:
            rows = await session.execute(votes)
            return {row.question_id: row.choice_id for row in rows}

    async def versions(self, polls: Collection[int]) -> dict[int, tuple[int, bool]]:
        """Give version and whether it is closed, of those polls that there are."""
        found = select(Question.id, Question.version, Question.closed)
        async with self._database.reading() as session:
            rows = await session.execute(found.where(Question.id.in_(polls)))
            return {poll: (version, closed) for poll, version, closed in rows}

    async def tallies(self, polls: Collection[int]) -> dict[int, Tally]:
        """Give the totals of those of the polls that there are."""
        async with self._database.reading() as session:
            found = await session.scalars(whole().where(Question.id.in_(polls)))
            return {q.id: poll_of(q).tally for q in found.unique()}


def whole() -> Select[Question]:
    """Give what selects polls with their choices, in one statement."""
    return select(Question).options(joinedload(Question.choices))


async def read_one(session: AsyncSession, poll_id: int) -> Poll:
    """Give the poll as a session sees it, or raise PollNotFound."""
    found = await session.scalars(whole().where(Question.id == poll_id))
    question = found.unique().one_or_none()
    if question is None:
        raise PollNotFound(poll_id)
    return poll_of(question)


def poll_of(question: Question) -> Poll:
    """Give a row with its choices as a poll."""
    return Poll(
        id=question.id,
        question=question.question_text,
        choices=tuple(option_of(choice) for choice in question.choices),
        version=question.version,
        closes_at=question.closes_at,
        closed=question.closed,
        results=question.results,  # type: ignore[arg-type]  # nothing else is written
        owner=question.owner,
    )


def option_of(choice: Choice) -> Option:
    """Give a row as what may be chosen."""
    gif = None
    if choice.gif_id is not None and choice.gif_url is not None:
        gif = KeptGif(choice.gif_id, choice.gif_url, choice.gif_title or "")
    return Option(choice.id, choice.choice_text, gif, choice.votes)


async def notify(session: AsyncSession, news: Sequence[Tally | int]) -> None:
    """Let PostgreSQL tell all replicas at the commit: totals, or what is gone."""
    if news and session.get_bind().dialect.name == "postgresql":
        told = [{"c": CHANNEL, "n": msgspec.json.encode(n).decode()} for n in news]
        await session.execute(text("SELECT pg_notify(:c, :n)"), told)
