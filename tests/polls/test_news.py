"""What other processes count reaches this one, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import text

from giphynavigator.application import create_app, create_container
from giphynavigator.lifecycle import opened
from giphynavigator.polls.news import News
from giphynavigator.polls.repository import CHANNEL
from giphynavigator.polls.scores import Scores
from giphynavigator.polls.shapes import Tally
from giphynavigator.storage.outages import DatabaseUnavailable
from tests.conftest import keeping
from tests.fakes import settle
from tests.polls.making import made
from tests.polls.test_live import listening
from tests.servers import PostgresServer

LISTENERS = text("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
END_LISTENERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
)


class FakePolls:
    """Polls that are elsewhere, and what was asked of them."""

    def __init__(self) -> None:
        self.there: dict[int, Tally] = {}
        self.failures: list[Exception] = []
        self.asked: list[Collection[int]] = []

    async def versions(self, polls: Collection[int]) -> dict[int, tuple[int, bool]]:
        self.asked.append(polls)
        if self.failures:
            raise self.failures.pop(0)
        return {n: (t.version, t.closed) for n, t in self.there.items() if n in polls}

    async def tallies(self, polls: Collection[int]) -> dict[int, Tally]:
        return {poll: self.there[poll] for poll in polls if poll in self.there}


class Silent:
    """A database that tells nobody anything, as SQLite."""

    tells = False


@pytest.fixture
def polls() -> FakePolls:
    return FakePolls()


@pytest.fixture
async def scores(polls: FakePolls) -> AsyncIterator[Scores]:
    """The scores of a process that looks all the time at what is elsewhere."""
    scores = Scores()
    news = News(scores, lambda: polls, Silent(), every=0, rest=0)
    news.open()
    yield scores
    await news.close()


def tally(version: int, *, closed: bool = False) -> Tally:
    return Tally(1, version, {1: version}, closed)


async def test_nothing_is_asked_as_long_as_nobody_watches(
    scores: Scores, polls: FakePolls
) -> None:
    await settle()

    assert polls.asked == []


async def test_what_has_changed_is_read_and_shown(
    scores: Scores, polls: FakePolls
) -> None:
    with scores.watching(1, None, asyncio.Event()) as board:
        polls.there[1] = tally(1)
        assert await board.news_to(None) == tally(1)
        polls.there[1] = tally(2)
        assert await board.news_to(tally(1)) == tally(2)
        polls.there[1] = tally(2, closed=True)
        assert await board.news_to(tally(2)) == tally(2, closed=True)
        del polls.there[1]
        assert await board.news_to(tally(2, closed=True)) is None


async def test_rounds_go_on_after_an_outage_and_after_a_fault(
    scores: Scores, polls: FakePolls, caplog: pytest.LogCaptureFixture
) -> None:
    polls.there[1] = tally(1)
    polls.failures = [DatabaseUnavailable(), RuntimeError("nobody foresaw this")]

    with scores.watching(1, None, asyncio.Event()) as board:
        assert await board.news_to(None) == tally(1)

    assert polls.failures == []
    assert caplog.text.count("RuntimeError") == 1


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
async def on_postgres(postgres_url: str, aiohttp_client) -> AsyncIterator[TestClient]:
    """The service, which hears what it is told at once, or not for ten minutes."""
    app = create_app(keeping(postgres_url))
    app.container.polls.news.add_kwargs(safety=600.0)
    yield await aiohttp_client(app)
    app.container.unwire()


@asynccontextmanager
async def elsewhere(postgres_url: str) -> AsyncIterator:
    """The polls of another process on the same database, and its database."""
    async with opened(create_container(keeping(postgres_url))) as container:
        yield container.polls.poll_service(), container.database()


async def test_what_was_counted_while_postgresql_was_not_heard_is_caught_up_with(
    on_postgres: TestClient, postgres_url: str
) -> None:
    poll = await made(on_postgres)
    choice = poll["choices"][0]["id"]

    async with (
        elsewhere(postgres_url) as (service, database),
        listening(on_postgres, poll) as socket,
    ):
        await socket.receive_json(timeout=5)
        await service.vote(poll["id"], choice, voter="a")
        assert (await socket.receive_json(timeout=5))["voters"] == 1
        async with database.writing() as session:
            await session.execute(END_LISTENERS)
        await service.vote(poll["id"], choice, voter="b")
        assert (await socket.receive_json(timeout=5))["voters"] == 2


async def test_what_strangers_tell_is_not_believed(
    on_postgres: TestClient, postgres_url: str
) -> None:
    poll = await made(on_postgres)

    async with (
        elsewhere(postgres_url) as (service, database),
        listening(on_postgres, poll) as socket,
    ):
        await socket.receive_json(timeout=5)
        async with database.writing() as session:
            told = {"channel": CHANNEL, "told": '{"poll": "one"}'}
            await session.execute(text("SELECT pg_notify(:channel, :told)"), told)
        await service.vote(poll["id"], poll["choices"][0]["id"], voter="a")
        assert (await socket.receive_json(timeout=5))["voters"] == 1


async def test_no_connection_listens_before_anybody_does(
    on_postgres: TestClient,
) -> None:
    poll = await made(on_postgres)
    database = on_postgres.app.container.database()

    async def listeners() -> int:
        async with database.reading() as session:
            return len((await session.scalars(LISTENERS)).all())

    before = await listeners()
    async with listening(on_postgres, poll) as socket:
        await socket.receive_json(timeout=5)
        seen = [before]
        while seen[-1] == before:
            seen.append(await listeners())

    assert seen[-1] == before + 1
