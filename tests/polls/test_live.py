"""Live results as listeners hear them: totals and versions that only grow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from aiohttp import (
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
    WSServerHandshakeError,
    web,
)
from aiohttp.test_utils import TestClient

from giphynavigator.application import create_container
from giphynavigator.lifecycle import opened
from giphynavigator.polls.live import SLOW, abort, bound
from giphynavigator.polls.shapes import Tally
from giphynavigator.serving.draining import DRAINING
from giphynavigator.serving.places import Place
from giphynavigator.serving.server import address, create_runner, listen
from tests.conftest import keeping
from tests.fakes import until
from tests.polls.making import counts, forget, made, results, vote
from tests.problems import assert_problem


@asynccontextmanager
async def listening(
    client: TestClient, poll: dict, **options
) -> AsyncIterator[ClientWebSocketResponse]:
    path = f"/poll/{poll['id']}/live"
    async with client.ws_connect(path, **options) as socket:
        yield socket


def votes_of(poll: dict) -> dict[str, int]:
    return {str(choice["id"]): choice["votes"] for choice in poll["choices"]}


def message(poll: dict) -> dict:
    return {
        "version": poll["version"],
        "votes": votes_of(poll),
        "voters": poll["voters"],
    }


async def test_a_snapshot_comes_first_and_then_every_change(keeper: TestClient) -> None:
    poll = await made(keeper)

    async with listening(keeper, poll) as socket:
        snapshot = await socket.receive_json(timeout=5)
        voted = await (await vote(keeper, poll, 1)).json()
        news = await socket.receive_json(timeout=5)

    assert snapshot == message(poll)
    assert news == message(voted)


async def test_another_process_is_heard_too(
    keeper: TestClient, database_url: str
) -> None:
    poll = await made(keeper)
    choice = poll["choices"][2]["id"]

    async with (
        opened(create_container(keeping(database_url))) as elsewhere,
        listening(keeper, poll) as socket,
    ):
        await socket.receive_json(timeout=5)
        await elsewhere.polls.poll_service().vote(poll["id"], choice, voter="a")
        news = await socket.receive_json(timeout=5)

    assert (news["voters"], news["votes"][str(choice)]) == (1, 1)


async def test_a_poll_that_closes_says_the_last_word_and_ends(
    keeper: TestClient,
) -> None:
    poll = await made(keeper, results="after_close")
    await vote(keeper, poll, 0)

    async with listening(keeper, poll) as socket:
        hidden = await socket.receive_json(timeout=5)
        await keeper.patch(f"/poll/{poll['id']}", json={"closed": True})
        shown = await socket.receive_json(timeout=5)
        end = await socket.receive(timeout=5)

    assert (hidden["votes"], hidden["voters"]) == (None, 1)
    assert shown == message(await results(keeper, poll))
    assert (end.type, end.data) == (WSMsgType.CLOSE, 1000)


async def test_time_alone_closes_it_too(keeper: TestClient) -> None:
    poll = await made(keeper, results="after_close")
    soon = datetime.now(UTC) + timedelta(seconds=0.3)

    async with listening(keeper, poll) as socket:
        hidden = shown = await socket.receive_json(timeout=5)
        closing = {"closes_at": soon.isoformat()}
        await keeper.patch(f"/poll/{poll['id']}", json=closing)
        while shown["votes"] is None:
            shown = await socket.receive_json(timeout=5)
        end = await socket.receive(timeout=5)

    assert (hidden["votes"], shown["votes"]) == (
        None,
        votes_of(await results(keeper, poll)),
    )
    assert end.data == 1000


async def test_a_poll_that_is_deleted_ends(keeper: TestClient) -> None:
    poll = await made(keeper)

    async with listening(keeper, poll) as socket:
        await socket.receive_json(timeout=5)
        await keeper.delete(f"/poll/{poll['id']}")
        end = await socket.receive(timeout=5)

    assert (end.type, end.data) == (WSMsgType.CLOSE, 1000)


async def test_one_deleted_elsewhere_ends_too(
    keeper: TestClient, database_url: str
) -> None:
    poll = await made(keeper)

    async with (
        opened(create_container(keeping(database_url))) as elsewhere,
        listening(keeper, poll) as socket,
    ):
        await socket.receive_json(timeout=5)
        await elsewhere.polls.poll_service().delete(poll["id"])
        end = await socket.receive(timeout=5)

    assert end.type == WSMsgType.CLOSE


async def test_who_has_voted_hears_what_others_do_not(client: TestClient) -> None:
    poll = await made(client, results="after_vote")
    await vote(client, poll, 0)

    async with listening(client, poll) as socket:
        voter = await socket.receive_json(timeout=5)
    forget(client)
    async with listening(client, poll) as socket:
        stranger = await socket.receive_json(timeout=5)

    assert (sum(voter["votes"].values()), stranger["votes"]) == (1, None)


async def test_the_end_of_the_service_ends_it_within_a_second(
    client: TestClient,
) -> None:
    poll = await made(client)

    async with listening(client, poll) as socket:
        await socket.receive_json(timeout=5)
        client.app[DRAINING].set()
        async with asyncio.timeout(1):
            end = await socket.receive()
        with pytest.raises(WSServerHandshakeError, match="503"):
            await client.ws_connect(f"/poll/{poll['id']}/live")

    assert (end.type, end.data) == (WSMsgType.CLOSE, 1001)


async def test_an_application_that_is_shut_down_ends_it_too(client: TestClient) -> None:
    poll = await made(client)

    async with listening(client, poll) as socket:
        await socket.receive_json(timeout=5)
        await client.app.shutdown()
        end = await socket.receive(timeout=5)

    assert end.data == 1001


async def test_who_leaves_is_forgotten(client: TestClient) -> None:
    poll = await made(client)
    scores = client.app.container.polls.scores()

    async with listening(client, poll) as socket:
        await socket.receive_json(timeout=5)
        assert scores.polls == (poll["id"],)

    await until(lambda: scores.polls == ())


async def test_a_handler_that_nobody_cancels_ends_by_itself(
    app: web.Application,
) -> None:
    runner = create_runner(app, log_access=False)
    await runner.setup()
    listener = await listen(runner, Place("127.0.0.1", 0))
    async with ClientSession(address(listener)) as session:
        body = {"question": "?", "choices": [{"text": "a"}, {"text": "b"}]}
        await session.post("/polls", json=body)
        socket = await session.ws_connect("/poll/1/live")
        await socket.receive_json(timeout=5)
        await socket.close()
        await until(lambda: app.container.polls.scores().polls == ())
        again = await session.ws_connect("/poll/1/live")
        await again.receive_json(timeout=5)
        await session.patch("/poll/1", json={"closed": True})
        await again.receive_json(timeout=5)
        assert (await again.receive(timeout=5)).data == 1000
    listener.close()
    await runner.cleanup()


async def test_a_fault_in_the_telling_is_noted_and_cuts_it_off(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Tally, frozen=True, dict=True):
        @property
        def shown(self) -> str:
            raise RuntimeError("nobody foresaw this")

    poll = await made(client)

    async with listening(client, poll) as socket:
        await socket.receive_json(timeout=5)
        broken = Broken(poll["id"], 99, {}, closed=False)
        client.app.container.polls.scores().publish(broken)
        end = await socket.receive(timeout=5)

    assert end.type in {WSMsgType.CLOSED, WSMsgType.CLOSE, WSMsgType.ERROR}
    assert caplog.text.count("RuntimeError: nobody foresaw this") == 1


def test_who_is_gone_already_needs_no_bounds_and_no_end() -> None:
    gone = SimpleNamespace(transport=None)

    bound(gone)
    abort(gone)


async def test_what_a_listener_says_is_not_heard(client: TestClient) -> None:
    poll = await made(client)

    async with listening(client, poll) as socket:
        await socket.receive_json(timeout=5)
        await socket.send_str('{"choice": 1}')
        await vote(client, poll, 0)
        news = await socket.receive_json(timeout=5)

    assert news["voters"] == 1


async def test_a_page_of_another_origin_hears_nothing(client: TestClient) -> None:
    poll = await made(client)

    with pytest.raises(WSServerHandshakeError, match="403"):
        async with listening(client, poll, origin="https://elsewhere.example"):
            pass

    own = str(client.make_url("")).rstrip("/")
    async with listening(client, poll, origin=own) as socket:
        assert await socket.receive_json(timeout=5) == message(poll)


async def test_there_is_nothing_to_hear_of_a_poll_that_is_not_there(
    client: TestClient,
) -> None:
    for poll in ("7", "abc"):
        with pytest.raises(WSServerHandshakeError, match="404"):
            await client.ws_connect(f"/poll/{poll}/live")


async def test_who_asks_without_a_websocket_is_told_so(client: TestClient) -> None:
    answer = await client.get("/poll/1/live")

    detail = "live results are told over a WebSocket; ask for one"
    await assert_problem(answer, 400, detail)


async def test_a_listener_who_takes_nothing_is_cut_off_and_holds_little(
    client: TestClient,
) -> None:
    poll = await made(client)
    scores = client.app.container.polls.scores()
    latest = client.app.container.polls.repository()

    async with listening(client, poll) as socket:
        await socket.receive_json(timeout=5)
        transport = socket._conn.transport
        transport.pause_reading()
        tally = (await latest.tallies([poll["id"]]))[poll["id"]]
        version = tally.version
        async with asyncio.timeout(SLOW + 10):
            while scores.polls:
                version += 1
                votes = dict.fromkeys(range(10**12, 10**12 + 50), version)
                scores.publish(type(tally)(poll["id"], version, votes, closed=False))
                await asyncio.sleep(0)
        transport.abort()

    assert scores.polls == ()


async def test_many_votes_end_in_the_same_totals_for_all(
    keeper: TestClient,
) -> None:
    poll = await made(keeper)

    async def listen() -> list[dict]:
        heard = []
        async with listening(keeper, poll) as socket:
            while not heard or heard[-1]["voters"] < 50:
                heard.append(await socket.receive_json(timeout=5))
        return heard

    listeners = [asyncio.create_task(listen()) for _ in range(20)]
    service = keeper.app.container.polls.poll_service()
    choices = [choice["id"] for choice in poll["choices"]]
    for n in range(50):
        await service.vote(poll["id"], choices[n % 3], voter=f"voter {n}")
    heard = await asyncio.gather(*listeners)

    final = await results(keeper, poll)
    assert counts(final) == [17, 17, 16]
    for messages in heard:
        versions = [each["version"] for each in messages]
        assert versions == sorted(set(versions))
        assert messages[-1] == message(final)
