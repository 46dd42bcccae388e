"""Votes that queue up are written together, and each voter hears what came of his."""

import asyncio
from collections.abc import Sequence

import pytest

from giphynavigator.polls import ballots
from giphynavigator.polls.ballots import BallotBox, TooManyVotes
from giphynavigator.polls.scores import Scores
from giphynavigator.polls.shapes import Option, Poll
from giphynavigator.polls.votes import Ballot, ChoiceNotFound
from giphynavigator.serving.draining import ServiceEnding
from giphynavigator.storage.outages import DatabaseUnavailable
from giphynavigator.web.unforeseen import Unforeseen
from tests.fakes import settle


class FakeVotes:
    """Remembers the votes of each transaction; with the gate shut none ends."""

    def __init__(self) -> None:
        self.transactions: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    async def count(self, cast: Sequence[Ballot]) -> list:
        self.transactions.append([ballot.voter for ballot in cast])
        await self.gate.wait()
        if self.failure:
            raise self.failure
        return [self.outcome(ballot) for ballot in cast]

    def outcome(self, ballot: Ballot) -> Poll | ChoiceNotFound:
        if ballot.choice == 0:
            return ChoiceNotFound(ballot.poll, ballot.choice)
        votes = sum(map(len, self.transactions))
        option = Option(1, "a", None, votes)
        return Poll(1, "?", (option,), votes, None, False, "always", "")


@pytest.fixture
def votes() -> FakeVotes:
    return FakeVotes()


@pytest.fixture
def box(votes: FakeVotes) -> BallotBox:
    return BallotBox(lambda: votes, Scores())


def voting(box: BallotBox, *voters: str, choice: int = 1) -> list[asyncio.Task[Poll]]:
    return [asyncio.create_task(box.cast(Ballot(1, choice, voter))) for voter in voters]


async def test_votes_that_come_while_one_is_written_are_written_together(
    box: BallotBox, votes: FakeVotes
) -> None:
    votes.gate.clear()
    first = voting(box, "a")
    await settle()
    others = voting(box, "b", "c", "d")
    await settle()

    votes.gate.set()
    await asyncio.gather(*first, *others)

    assert votes.transactions == [["a"], ["b", "c", "d"]]


async def test_nobody_is_answered_before_the_commit(
    box: BallotBox, votes: FakeVotes
) -> None:
    votes.gate.clear()
    (vote,) = voting(box, "a")

    await settle()
    assert not vote.done()

    votes.gate.set()
    assert (await vote).voters == 1


async def test_a_vote_that_does_not_count_fails_alone(
    box: BallotBox, votes: FakeVotes
) -> None:
    good, bad, other = voting(box, "a") + voting(box, "b", choice=0) + voting(box, "c")

    with pytest.raises(ChoiceNotFound):
        await bad
    assert (await good).id == (await other).id == 1
    assert votes.transactions == [["a", "b", "c"]]


async def test_all_hear_of_it_when_the_database_is_away_and_the_next_may_try(
    box: BallotBox, votes: FakeVotes
) -> None:
    votes.failure = DatabaseUnavailable()
    outcomes = await asyncio.gather(*voting(box, "a", "b"), return_exceptions=True)
    votes.failure = None

    (again,) = voting(box, "a")

    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable] * 2
    assert (await again).id == 1


async def test_a_fault_is_noted_once_for_all_and_the_next_votes_go_on(
    box: BallotBox, votes: FakeVotes, caplog: pytest.LogCaptureFixture
) -> None:
    votes.failure = RuntimeError("nobody foresaw this")
    outcomes = await asyncio.gather(*voting(box, "a", "b"), return_exceptions=True)
    votes.failure = None

    (again,) = voting(box, "a")

    assert [type(outcome) for outcome in outcomes] == [Unforeseen] * 2
    assert caplog.text.count("RuntimeError: nobody foresaw this") == 1
    assert (await again).id == 1


async def test_who_does_not_wait_has_voted_all_the_same(
    box: BallotBox, votes: FakeVotes
) -> None:
    votes.gate.clear()
    gone, other = voting(box, "a", "b")
    await settle()

    gone.cancel()
    votes.gate.set()

    assert (await other).voters == 2


async def test_one_transaction_takes_so_many_and_leaves_the_rest_to_the_next(
    box: BallotBox, votes: FakeVotes
) -> None:
    await asyncio.gather(*voting(box, *map(str, range(ballots.AT_ONCE + 1))))

    assert [len(each) for each in votes.transactions] == [ballots.AT_ONCE, 1]


async def test_more_votes_than_can_wait_are_turned_away(
    box: BallotBox, votes: FakeVotes
) -> None:
    votes.gate.clear()
    voters = map(str, range(ballots.MOST + 1))
    cast = voting(box, *voters)
    await settle()

    votes.gate.set()
    outcomes = await asyncio.gather(*cast, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes[-1:]] == [TooManyVotes]
    assert all(isinstance(outcome, Poll) for outcome in outcomes[:-1])


async def test_the_end_waits_for_what_is_being_written(
    box: BallotBox, votes: FakeVotes
) -> None:
    votes.gate.clear()
    (vote,) = voting(box, "a")
    await settle()

    closing = asyncio.create_task(box.close())
    await settle()
    assert not closing.done()
    votes.gate.set()
    await closing

    assert (await vote).voters == 1


async def test_but_not_for_ever(box: BallotBox, votes: FakeVotes) -> None:
    votes.gate.clear()
    written, waiting = voting(box, "a")[0], voting(box, "b")[0]
    await settle()
    written_late = voting(box, "c")[0]
    await settle()

    await box.close(patience=0)
    outcomes = await asyncio.gather(
        written, waiting, written_late, return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [ServiceEnding] * 3
