"""VoteRepository: many votes counted in one transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Insert, Update, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from giphynavigator.errors import Conflict, NavigatorError, NotFound
from giphynavigator.polls.models import Choice, Question, Vote
from giphynavigator.polls.repository import PollNotFound, notify, poll_of
from giphynavigator.polls.shapes import Option, Poll
from giphynavigator.storage.database import Database

Voting: TypeAlias = tuple[int, str]
"""A poll and one of its voters."""

ADD: Final = (
    update(Choice)
    .where(Choice.id == bindparam("choice"))
    .values(votes=Choice.votes + bindparam("more"))
)


class ChoiceNotFound(NotFound):
    """The poll has no such choice."""

    def __init__(self, poll_id: int, choice_id: int) -> None:
        super().__init__(f"poll {poll_id} has no choice {choice_id}")


class PollClosed(Conflict):
    """The vote came after closing time."""

    def __init__(self, poll_id: int) -> None:
        super().__init__(f"poll {poll_id} is closed")


class Ballot(Struct, frozen=True):
    """What one voter says."""

    poll: int
    choice: int
    voter: str

    @property
    def voting(self) -> Voting:
        """What a voter has one vote in."""
        return self.poll, self.voter


class VoteRepository:
    """Counts votes: each voter's last one in a poll, and no other."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, ballots: Sequence[Ballot]) -> list[Poll | NavigatorError]:
        """Count ballots in one transaction, and give for each what came of it.

        That is the poll as it then is, or why the vote does not count.
        """
        async with self._database.writing() as session:
            asked = {ballot.poll for ballot in ballots}
            polls = await locked(session, asked)
            closed = await found(session, asked - polls.keys())
            refusals = [refusal(ballot, polls, closed) for ballot in ballots]
            cast = {
                ballot.voting: ballot.choice
                for ballot, refused in zip(ballots, refusals, strict=True)
                if not refused
            }
            polls |= await self._write(session, polls, cast)
        return [
            refused or polls[ballot.poll]
            for ballot, refused in zip(ballots, refusals, strict=True)
        ]

    async def _write(
        self, session: AsyncSession, polls: Mapping[int, Poll], cast: dict[Voting, int]
    ) -> dict[int, Poll]:
        """Write the votes that are new or have moved; give the polls that changed."""
        before = await chosen(session, cast)
        moved = {v: choice for v, choice in cast.items() if before.get(v) != choice}
        if not moved:
            return {}
        more = Counter(moved.values())
        more.subtract(before[voting] for voting in moved if voting in before)
        changed = [moved_on(polls[poll], more) for poll in {p for p, _ in moved}]
        counts = [{"choice": choice, "more": n} for choice, n in more.items()]
        connection = await session.connection()
        await connection.execute(self._upsert(), list(map(row, moved.items())))
        await connection.execute(ADD, counts)
        await connection.execute(next_version(poll.id for poll in changed))
        await notify(session, [poll.tally for poll in changed])
        return {poll.id: poll for poll in changed}

    def _upsert(self) -> Insert:
        """Give what writes a vote over the one that the voter had, if any."""
        insert = self._database.insert(Vote)
        return insert.on_conflict_do_update(
            index_elements=[Vote.question_id, Vote.voter],
            set_={"choice_id": insert.excluded.choice_id},
        )


def next_version(ids: Iterable[int]) -> Update:
    """Give what takes polls to their next version."""
    version = Question.version + 1
    return update(Question).where(Question.id.in_(ids)).values(version=version)


async def locked(session: AsyncSession, ids: Collection[int]) -> dict[int, Poll]:
    """Give those of the polls that are open, as they stay until the commit.

    Whether they are is looked at once nobody else can close them. All take them in
    the same order, so nobody waits for one who waits for him.
    """
    open_now = (
        select(Question)
        .where(Question.id.in_(ids), Question.closed.is_(False))
        .order_by(Question.id)
        .with_for_update()
    )
    questions = {q.id: q for q in await session.scalars(open_now)}
    choices: dict[int, list[Choice]] = {question: [] for question in questions}
    theirs = select(Choice).where(Choice.question_id.in_(questions))
    for choice in await session.scalars(theirs.order_by(Choice.id)):
        choices[choice.question_id].append(choice)
    for question in questions.values():
        set_committed_value(question, "choices", choices[question.id])
    return {question.id: poll_of(question) for question in questions.values()}


async def found(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Give those of the polls that there are."""
    if not ids:
        return set()
    return set(await session.scalars(select(Question.id).where(Question.id.in_(ids))))


async def chosen(session: AsyncSession, cast: Iterable[Voting]) -> dict[Voting, int]:
    """Give what these voters, and perhaps others, had chosen before."""
    polls, voters = {poll for poll, _ in cast}, {voter for _, voter in cast}
    votes = select(Vote.question_id, Vote.voter, Vote.choice_id).where(
        Vote.question_id.in_(polls), Vote.voter.in_(voters)
    )
    rows = await session.execute(votes)
    return {(poll, voter): choice for poll, voter, choice in rows}


def refusal(
    ballot: Ballot, polls: Mapping[int, Poll], closed: Collection[int]
) -> NavigatorError | None:
    """Give the reason why a vote cannot count, None if it can."""
    poll = polls.get(ballot.poll)
    if poll is None:
        if ballot.poll in closed:
            return PollClosed(ballot.poll)
        return PollNotFound(ballot.poll)
    if all(choice.id != ballot.choice for choice in poll.choices):
        return ChoiceNotFound(ballot.poll, ballot.choice)
    return None


def moved_on(poll: Poll, more: Mapping[int, int]) -> Poll:
    """Give the poll at its next version, with so many votes more or less."""

    def counted(choice: Option) -> Option:
        return replace(choice, votes=choice.votes + more.get(choice.id, 0))

    choices = tuple(map(counted, poll.choices))
    return replace(poll, version=poll.version + 1, choices=choices)


def row(vote: tuple[Voting, int]) -> dict[str, int | str]:
    """Give a vote as the table has it."""
    (poll, voter), choice = vote
    return {"question_id": poll, "voter": voter, "choice_id": choice}
