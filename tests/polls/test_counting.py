"""However many vote at once, and whatever ends the program: counts are exact."""

import asyncio
import re
import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from aiohttp import ClientError, ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestClient
from sqlalchemy import select, update

from giphynavigator.application import create_container
from giphynavigator.containers import Container
from giphynavigator.polls.models import Choice, Vote
from giphynavigator.polls.voters import PURPOSE
from tests.conftest import keeping
from tests.polls.making import COOKIE, be_nobody, counts, made, results, vote
from tests.processes import running


async def voters(app: web.Application, number: int) -> list[str]:
    """Cookies of so many voters who have been here before."""
    signer = app.container.signer()
    names = [secrets.token_urlsafe(16) for _ in range(number)]
    return [await signer.sign(name, PURPOSE) for name in names]


async def test_a_thousand_at_once_and_fifty_twice_are_a_thousand(
    keeper: TestClient,
) -> None:
    poll = await made(keeper)
    cookies = await voters(keeper.app, 1000)
    be_nobody(keeper)

    async def once(place: int, cookie: str) -> int:
        async with await vote(keeper, poll, place % 3, voter=cookie) as answer:
            return answer.status

    first = [once(place, cookie) for place, cookie in enumerate(cookies)]
    again = [once(place, cookie) for place, cookie in enumerate(cookies[:50])]
    statuses = await asyncio.gather(*first, *again)

    shown = await results(keeper, poll)
    assert statuses == [200] * 1050
    assert (counts(shown), shown["voters"]) == ([334, 333, 333], 1000)
    assert await rows(keeper.app.container) == Counter(by_id(shown))


async def test_they_cost_few_transactions(keeper: TestClient) -> None:
    poll = await made(keeper)
    service = keeper.app.container.polls.poll_service()
    choice = poll["choices"][0]["id"]

    await asyncio.gather(
        *(service.vote(poll["id"], choice, voter=f"voter {n}") for n in range(1000))
    )

    shown = await results(keeper, poll)
    assert shown["voters"] == 1000
    assert shown["version"] - poll["version"] <= 3


async def test_two_who_read_add_and_write_count_as_one_and_in_one_statement_as_two(
    keeper: TestClient,
) -> None:
    poll = await made(keeper)
    careless, careful = (choice["id"] for choice in poll["choices"][:2])
    database = keeper.app.container.database()
    both = asyncio.Barrier(2)

    async def read_add_write() -> None:
        async with database.reading() as session:
            votes = await session.scalar(
                select(Choice.votes).where(Choice.id == careless)
            )
        await both.wait()
        async with database.writing() as session:
            changed = update(Choice).where(Choice.id == careless)
            await session.execute(changed.values(votes=votes + 1))

    await asyncio.gather(read_add_write(), read_add_write())
    service = keeper.app.container.polls.poll_service()
    await asyncio.gather(
        *(service.vote(poll["id"], careful, voter=name) for name in ("a", "b"))
    )

    assert counts(await results(keeper, poll)) == [1, 2, 0]


async def test_one_who_votes_many_times_at_once_has_one_vote(
    keeper: TestClient,
) -> None:
    poll = await made(keeper)
    (cookie,) = await voters(keeper.app, 1)
    be_nobody(keeper)

    await asyncio.gather(*(vote(keeper, poll, n % 3, voter=cookie) for n in range(60)))

    shown = await results(keeper, poll)
    assert (shown["voters"], sorted(counts(shown))) == (1, [0, 0, 1])
    assert await rows(keeper.app.container) == Counter(by_id(shown))


async def test_who_closes_while_others_vote_shuts_out_exactly_those_who_are_late(
    keeper: TestClient,
) -> None:
    poll = await made(keeper)
    cookies = await voters(keeper.app, 200)
    be_nobody(keeper)

    async def close() -> dict:
        answer = await keeper.patch(f"/poll/{poll['id']}", json={"closed": True})
        return await answer.json()

    votes = [asyncio.create_task(vote(keeper, poll, 0, voter=c)) for c in cookies]
    await asyncio.wait(votes, return_when=asyncio.FIRST_COMPLETED)
    closed = await close()
    statuses = Counter([answer.status for answer in await asyncio.gather(*votes)])

    assert statuses.keys() <= {200, 409}
    assert (await results(keeper, poll))["voters"] == closed["voters"]
    assert closed["voters"] == statuses[200]


@pytest.mark.parametrize("wanted", [50, 300])
async def test_no_acknowledged_vote_is_lost_and_counts_are_right_after_kill_9(
    database_url: str, wanted: int
) -> None:
    arguments = ("serve", "--port", "0", "--sandbox")
    with running(*arguments, DATABASE_URL=database_url) as (address, process):
        async with ClientSession(address, cookie_jar=DummyCookieJar()) as session:
            body = {"question": "?", "choices": [{"text": "a"}, {"text": "b"}]}
            async with session.post("/polls", json=body) as answer:
                poll = await answer.json()
            acknowledged = await vote_until(session, poll, wanted, process.kill)
    container = create_container(keeping(database_url))

    signer, repository = container.signer(), container.polls.repository()
    names = [await signer.unsign(cookie, PURPOSE) for cookie in acknowledged]
    counted = await rows(container)
    kept = await voted(container)
    after = await repository.get(poll["id"])
    await container.database().close()

    assert len(names) >= wanted
    assert set(names) <= kept
    assert {choice.id: choice.votes for choice in after.choices} == counted


async def vote_until(
    session: ClientSession, poll: dict, wanted: int, act: Callable[[], None]
) -> list[str]:
    """Vote as many new voters; act in the middle of it; give the cookies of those
    who were told that their vote counts."""
    acknowledged: list[str] = []
    path = f"/poll/{poll['id']}/vote"

    async def new_voters(choice: int) -> None:
        with suppress(ClientError):
            while True:
                async with session.post(path, json={"choice": choice}) as answer:
                    await answer.read()
                    (cookie,) = re.findall(
                        rf"{COOKIE}=(\S+);", answer.headers["Set-Cookie"]
                    )
                    acknowledged.append(cookie)
                    if len(acknowledged) == wanted:
                        act()

    choices = [choice["id"] for choice in poll["choices"]] * 20
    await asyncio.gather(*map(new_voters, choices))
    return acknowledged


async def rows(container: Container) -> Counter[int]:
    """How many rows say each choice."""
    async with container.database().reading() as session:
        return Counter(await session.scalars(select(Vote.choice_id)))


async def voted(container: Container) -> set[str]:
    async with container.database().reading() as session:
        return set(await session.scalars(select(Vote.voter)))


def by_id(poll: dict) -> dict[int, int]:
    return {c["id"]: c["votes"] for c in poll["choices"] if c["votes"]}
