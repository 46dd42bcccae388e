"""Redis is an aid: it may hang, break or restart, and nobody waits for it."""

import asyncio
import logging
import subprocess
import sys
import time

import pytest

from giphynavigator.errors import Misconfigured
from giphynavigator.resilience.clients import SharedClientLimits
from giphynavigator.resilience.lease import Leases
from giphynavigator.resilience.quota_shared import SharedQuota
from giphynavigator.resilience.redis_shared import RedisShared
from giphynavigator.resilience.shared import NoShared, shared_at
from giphynavigator.settings import Secret
from tests.fakes import Notes, read, until
from tests.fault_proxy import FaultProxy
from tests.servers import RedisServer

COUNT = "return redis.call('INCRBY', KEYS[1], ARGV[1])"


async def until_down(shared: RedisShared) -> None:
    async with asyncio.timeout(5):
        while shared.up:
            await read(shared, "any")


async def test_what_is_set_can_be_got_until_its_life_is_over(
    shared: RedisShared,
) -> None:
    key = shared.key("page", "cats")
    kept = await shared.set(key, b"gifs", life=0.05)
    got = await read(shared, key)

    await asyncio.sleep(0.1)

    assert (key, kept, got) == ("giphynavigator:page:cats", True, b"gifs")
    assert await read(shared, key) is None


async def test_a_script_runs_though_redis_does_not_know_it_yet(
    shared: RedisShared,
) -> None:
    assert await shared.script(COUNT, "count", 2) == 2
    await shared.run(lambda redis: redis.script_flush(), None)

    assert await shared.script(COUNT, "count", 3) == 5


async def test_a_redis_that_hangs_delays_a_hundred_commands_once(
    redis_server: RedisServer, shared: RedisShared
) -> None:
    await asyncio.gather(*(read(shared, f"key {n}") for n in range(100)))
    redis_server.pause()

    first = await slowest_of_a_hundred(shared)
    second = await slowest_of_a_hundred(shared)

    assert first <= 0.3
    assert second <= 0.02


async def slowest_of_a_hundred(shared: RedisShared) -> float:
    began = time.monotonic()

    async def one(number: int) -> float:
        assert await read(shared, f"key {number}") is None
        return time.monotonic() - began

    return max(await asyncio.gather(*map(one, range(100))))


async def test_a_redis_that_went_on_is_used_again_by_itself(
    redis_server: RedisServer, shared: RedisShared, notes: Notes, caplog
) -> None:
    caplog.set_level(logging.INFO)
    redis_server.pause()
    await slowest_of_a_hundred(shared)
    await shared.set("key", b"lost", life=60)

    redis_server.resume()
    await until(lambda: shared.up)
    await shared.set("key", b"kept", life=60)

    assert await read(shared, "key") == b"kept"
    assert notes.taken == [("redis", False), ("redis", True)]
    assert caplog.messages == [
        "Redis is away (TimeoutError); going on without it",
        "Redis is back",
    ]


@pytest.mark.parametrize("how", ["pause", "kill"])
async def test_while_redis_stays_away_nobody_pays_for_it_again(
    redis_server: RedisServer, shared: RedisShared, how: str
) -> None:
    await read(shared, "key")
    getattr(redis_server, how)()
    await until_down(shared)

    for _ in range(10):
        assert await slowest_of_a_hundred(shared) <= 0.02
        await asyncio.sleep(0.05)

    assert not shared.up


async def test_answers_never_come_to_the_wrong_question(
    redis_server: RedisServer, shared: RedisShared
) -> None:
    names = [f"key {n}" for n in range(50)]
    for name in names:
        await shared.set(name, name.encode(), life=60)
    redis_server.pause()
    await asyncio.gather(*(read(shared, name) for name in names))
    redis_server.resume()
    await until(lambda: shared.up)

    asked = [asyncio.create_task(read(shared, name)) for name in names]
    for task in asked[::2]:
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.wait(asked)

    assert await asyncio.gather(*(read(shared, name) for name in names)) == [
        n.encode() for n in names
    ]


async def test_a_redis_that_restarts_is_used_again_by_itself(
    redis_server: RedisServer, shared: RedisShared
) -> None:
    await shared.script(COUNT, "count", 1)
    redis_server.kill()
    await until_down(shared)
    away = await shared.script(COUNT, "count", 1)

    redis_server.start()
    await until(lambda: shared.up)

    assert away is None
    assert await shared.script(COUNT, "count", 1) == 1


async def test_a_restart_between_two_commands_is_not_even_noticed(
    redis_server: RedisServer, shared: RedisShared, notes: Notes
) -> None:
    await shared.set("key", b"1", life=60)

    redis_server.kill()
    redis_server.start()

    assert await shared.set("key", b"2", life=60)
    assert notes.taken == []


async def test_killed_connections_are_not_noticed(
    redis_server: RedisServer, shared: RedisShared, notes: Notes
) -> None:
    killer = RedisShared(redis_server.url)
    await asyncio.gather(*(shared.set(f"key {n}", b"x", life=60) for n in range(20)))

    for _ in range(5):
        await killer.run(lambda redis: redis.client_kill_filter(_type="normal"), 0)
        got = await asyncio.gather(*(read(shared, f"key {n}") for n in range(20)))
        assert got == 20 * [b"x"]

    assert notes.taken == []
    await killer.close()


async def test_an_idle_connection_is_not_needed_to_see_redis_come_back(
    redis_server: RedisServer, shared: RedisShared
) -> None:
    redis_server.kill()
    await until_down(shared)

    redis_server.start()
    await until(lambda: shared.up)

    assert shared.up


async def test_a_key_of_the_wrong_type_is_a_miss_and_redis_is_still_there(
    shared: RedisShared, caplog
) -> None:
    await shared.run(lambda redis: redis.rpush("list", "planted"), 0)

    got = [await read(shared, "list") for _ in range(3)]

    assert got == [None, None, None]
    assert shared.up
    assert caplog.messages == ["Redis refuses a command: ResponseError"]


@pytest.mark.parametrize(
    ("setting", "value"), [("maxmemory", "1"), ("min-replicas-to-write", "3")]
)
async def test_a_redis_that_takes_no_writes_is_still_read(
    shared: RedisShared, setting: str, value: str
) -> None:
    await shared.set("key", b"read me", life=60)
    await shared.run(lambda redis: redis.config_set(setting, value), None)

    written = await shared.set("other", b"x", life=60)

    assert (written, await read(shared, "key"), shared.up) == (False, b"read me", True)


async def test_a_read_only_replica_is_still_read(
    redis_server: RedisServer, shared: RedisShared
) -> None:
    with RedisServer() as main:
        await shared.run(lambda redis: redis.replicaof("127.0.0.1", main.port), None)

        written = await shared.set("key", b"x", life=60)

        assert (written, shared.up) == (False, True)


@pytest.mark.parametrize(
    "answer",
    [
        b"-LOADING Redis is loading the dataset in memory\r\n",
        b"-NOAUTH Authentication required.\r\n",
        b"-ERR something is wrong\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"$nonsense\r\n",
        b"*-7\r\n",
        b"\xff\xfe\x00\r\n",
        b"",
    ],
)
async def test_whatever_is_said_in_place_of_an_answer_is_no_answer(answer) -> None:
    async def talk(reader, writer) -> None:
        while answer and await reader.read(1000):
            writer.write(answer)
            await writer.drain()
        writer.transport.abort()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        shared = RedisShared(f"redis://127.0.0.1:{port}/0", rest=60)

        assert await read(shared, "key") is None
        assert await shared.left("key") == 0
        assert await SharedQuota(shared, calls=20, period=60).take() is None
        assert await SharedClientLimits(shared, per_minute=6, burst=1).check("x") == 0
        assert await Leases(shared).acquire("key")
        await shared.close()


@pytest.mark.parametrize("fault", ["black_hole", "latency", "reset", "down", "slow"])
async def test_a_network_that_fails_costs_a_fraction_of_a_second(
    redis_server: RedisServer, fault: str
) -> None:
    async with FaultProxy(redis_server.port) as proxy:
        shared = RedisShared(f"redis://127.0.0.1:{proxy.port}/0", rest=0.05)
        await shared.set("key", 1000 * b"x", life=60)
        began = time.monotonic()

        await break_it(proxy, fault)
        await read(shared, "key")
        spent = time.monotonic() - began
        await mend_it(proxy)
        await until(lambda: shared.up)

        assert spent <= 0.3
        assert await read(shared, "key") == 1000 * b"x"
        await shared.close()


async def break_it(proxy: FaultProxy, fault: str) -> None:
    match fault:
        case "black_hole":
            proxy.black_hole = True
        case "latency":
            proxy.latency = 1
        case "reset":
            proxy.reset()
        case "down":
            await proxy.down()
        case "slow":
            proxy.rate = 100


async def mend_it(proxy: FaultProxy) -> None:
    proxy.black_hole, proxy.latency, proxy.rate = False, 0, None
    await proxy.down()
    await proxy.up()


async def test_answers_in_single_bytes_are_answers(redis_server: RedisServer) -> None:
    async with FaultProxy(redis_server.port) as proxy:
        proxy.slice = 1
        shared = RedisShared(f"redis://127.0.0.1:{proxy.port}/0")

        await shared.set("key", b"whole", life=60)

        assert await read(shared, "key") == b"whole"
        await shared.close()


async def test_a_thousand_commands_at_once_are_not_blamed_on_redis(
    shared: RedisShared, notes: Notes
) -> None:
    kept = await asyncio.gather(
        *(shared.set(f"key {n}", b"x", life=60) for n in range(1000))
    )

    assert all(kept)
    assert notes.taken == []


async def test_a_process_that_was_too_busy_to_look_does_not_blame_redis(
    shared: RedisShared, notes: Notes
) -> None:
    await shared.set("key", b"x", life=60)
    asked = asyncio.create_task(read(shared, "key"))
    for _ in range(5):
        await asyncio.sleep(0)

    time.sleep(0.3)  # noqa: ASYNC251 - this is the stall

    assert await asked == b"x"
    assert notes.taken == []


async def test_whoever_stops_waiting_for_redis_is_let_go(shared: RedisShared) -> None:
    """redis-py swallows one cancellation in some hundreds; ours get through."""
    await read(shared, "key")

    for turns in 30 * list(range(30)):
        asked = asyncio.create_task(wait_for_ever_after(shared))
        for _ in range(turns):
            await asyncio.sleep(0)
        asked.cancel()
        await asyncio.wait([asked], timeout=1)
        assert asked.cancelled()

    assert shared.up


async def wait_for_ever_after(shared: RedisShared) -> None:
    await shared.script("return 1", "key")
    await asyncio.Event().wait()


async def test_a_command_that_is_wrong_itself_is_heard_of(shared: RedisShared) -> None:
    async def command(redis) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await shared.run(command, None)


async def test_closing_waits_for_nothing(
    redis_server: RedisServer, shared: RedisShared
) -> None:
    redis_server.pause()
    await slowest_of_a_hundred(shared)
    began = time.monotonic()

    await shared.close()

    assert time.monotonic() - began < 0.3


async def test_a_password_is_not_logged(caplog) -> None:
    caplog.set_level(logging.DEBUG)
    shared = RedisShared("redis://:hush" + "hush@127.0.0.1:1/0", rest=60)

    await read(shared, "key")
    await shared.close()

    assert "hushhush" not in caplog.text
    assert "Redis is away (ConnectionError); going on without it" in caplog.messages


@pytest.mark.parametrize("url", ["http://secret@host", "redis://host:port", "nonsense"])
def test_an_address_that_is_none_is_said_so_without_repeating_it(url: str) -> None:
    with pytest.raises(
        Misconfigured, match=r"^redis\.url must look like redis://host:"
    ):
        shared_at(Secret(url))


async def test_without_an_address_nothing_is_shared() -> None:
    alone = shared_at(Secret())

    assert isinstance(alone, NoShared)
    assert alone.up
    assert await read(alone, "key") is None
    assert await alone.set("key", b"x", life=1) is False
    assert await alone.script(COUNT, "key", 1) is None
    await alone.close()


def test_with_an_address_it_is_redis() -> None:
    assert isinstance(shared_at(Secret("redis://127.0.0.1:1/0")), RedisShared)


def test_redis_is_not_even_imported_where_it_is_not_wanted() -> None:
    code = (
        "import sys; from giphynavigator.resilience import"
        " clients, lease, quota_shared, shared; shared.shared_at(shared.Secret());"
        " sys.exit('redis' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
