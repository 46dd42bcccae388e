"""How long a vote takes when many vote at once, against one commit for each."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeAlias

from msgspec.structs import replace
from sqlalchemy import update

from benchmarks.postgres_server import postgres_server
from benchmarks.rows import MICRO, Row
from giphynavigator.application import create_container
from giphynavigator.containers import Container
from giphynavigator.polls.models import Choice
from giphynavigator.polls.parameters import ChoiceBody, PollBody
from giphynavigator.polls.shapes import Poll
from giphynavigator.settings import DatabaseSettings, FileSettings, Settings

ROUNDS: Final = 8
VOTERS: Final = 200
EACH: Final = 5
"""Votes of each voter in a round; every one moves the vote before."""
HOW: Final = (
    f"{VOTERS} voters at once, each voting {EACH} times as soon as the vote before is"
    f" committed, {ROUNDS} rounds; in between the same number of UPDATE ... SET votes ="
    " votes + 1, each with its commit, through the same engine and its pool of 5 and 10"
    " connections. Our votes know their voters: a round moves every vote, so each is a"
    " row written beside the counters. At the end none may be missing. Every commit is"
    " synced, by SQLite and by PostgreSQL. No HTTP in either."
)

Voting: TypeAlias = Callable[[int, int], Awaitable[object]]


async def votes() -> list[Row]:
    """Measure SQLite, and PostgreSQL where it is installed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "votes.db")
        rows = [row("SQLite", *await rounds(f"sqlite+aiosqlite:///{path}"))]
    with postgres_server() as url:
        if url is None:
            return [*rows, lacking("PostgreSQL")]
        return [*rows, row("PostgreSQL", *await rounds(url))]


async def rounds(url: str) -> tuple[list[float], list[float]]:
    """Give the seconds for a vote of ours, and for a plain one, round by round."""
    container = create_container(Settings(FileSettings(database=DatabaseSettings(url))))
    ours, plain = [], []
    known, unknown = await new_poll(container), await new_poll(container)
    for _ in range(ROUNDS + 1):
        ours.append(await seconds(our_vote(container, known)))
        plain.append(await seconds(plain_vote(container, unknown)))
    polls = container.polls.repository()
    assert (await polls.get(known.id)).voters == VOTERS
    assert (await polls.get(unknown.id)).voters == VOTERS * EACH * (ROUNDS + 1)
    await container.database().close()
    return ours[1:], plain[1:]


async def new_poll(container: Container) -> Poll:
    """Make a poll of three choices."""
    choices = [ChoiceBody(text) for text in ("one", "two", "three")]
    body = PollBody(question="?", choices=choices)
    return await container.polls.poll_service().create(body, owner="")


def our_vote(container: Container, poll: Poll) -> Voting:
    """Give what votes as a voter, each time for the next choice."""
    service, choices = container.polls.poll_service(), poll.choices

    async def vote(voter: int, number: int) -> None:
        choice = choices[number % len(choices)].id
        await service.vote(poll.id, choice, voter=f"voter {voter}")

    return vote


def plain_vote(container: Container, poll: Poll) -> Voting:
    """Give what adds one to the next choice, whoever votes, and commits."""
    database = container.database()

    async def vote(_: int, number: int) -> None:
        choice = poll.choices[number % len(poll.choices)].id
        added = update(Choice).where(Choice.id == choice).values(votes=Choice.votes + 1)
        async with database.writing() as session:
            await session.execute(added)

    return vote


async def seconds(vote: Voting) -> float:
    """Give the seconds for one vote of many."""

    async def voter(name: int) -> None:
        for number in range(EACH):
            await vote(name, number)

    began = time.perf_counter()
    await asyncio.gather(*map(voter, range(VOTERS)))
    return (time.perf_counter() - began) / (VOTERS * EACH)


def row(engine: str, ours: list[float], plain: list[float]) -> Row:
    """Put the rounds side by side."""
    each, theirs = (sorted(took)[len(took) // 2] for took in (ours, plain))
    return Row(
        what=f"Wall per vote, {engine}, {VOTERS} at once ÷ one UPDATE and commit",
        short=f"Vote ÷ UPDATE and commit, {engine}",
        budget=0.50,
        aim=0.10,
        figures=tuple(a / b for a, b in zip(ours, plain, strict=True)),
        unit="{:.3f}",
        baseline=(
            f"{theirs * MICRO:,.0f} µs; ours {each * MICRO:,.0f} µs, that is"
            f" {1 / each:,.0f} votes a second against {1 / theirs:,.0f}"
        ),
        how=HOW,
    )


def lacking(engine: str) -> Row:
    """Give the row of an engine that is not installed."""
    missing = "not measured: its server is not installed"
    return replace(row(engine, [1.0], [1.0]), figures=(), baseline="", missing=missing)
