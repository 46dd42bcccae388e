"""One fetch for all replicas; what is read from Redis is a page or nothing."""

import asyncio
import json
import pickle
from collections.abc import AsyncIterator

import msgspec
import pytest

from giphynavigator.giphy_errors import GiphyBusy, GiphyFailed, GiphyTimeout
from giphynavigator.pages import Page, Question, packed
from giphynavigator.resilience.lease import Leases
from giphynavigator.resilience.redis_shared import RedisShared
from giphynavigator.resilience.replicas import (
    FailedElsewhere,
    Replicas,
    SharingReplicas,
    create_replicas,
    named,
)
from giphynavigator.resilience.shared import NoShared, Shared
from giphynavigator.resilience.store import FAILED_FOR, Lifetimes
from tests.fakes import FakeClock, until
from tests.resilience.pages import CATS, Oracle, page_of
from tests.servers import RedisServer

HOUR = Lifetimes(60, 600, 3600)
NOTHING = Lifetimes(0, 600, 3600)


@pytest.fixture
async def three(redis_server: RedisServer) -> AsyncIterator[list[RedisShared]]:
    """The connections of three replicas to one Redis."""
    three = [RedisShared(redis_server.url, rest=0.05) for _ in range(3)]
    yield three
    for shared in three:
        await shared.close()


class Replica:
    """One replica, with its own way to Giphy."""

    def __init__(
        self, shared: Shared, oracle: Oracle, *, lifetimes: Lifetimes = HOUR, **options
    ) -> None:
        self.replicas = create_replicas(shared, Leases(shared, **options), lifetimes)
        self._oracle = oracle

    async def fetch(self, question: Question = CATS, *, wait: float = 5):
        async def ask(left: float) -> Page:
            return await self._oracle.page(question, urgent=True, within=left)

        return await self.replicas.fetch(question, ask, wait=wait)

    async def end(self, question: Question = CATS, *, wait: float = 5):
        """What fetching ends with, be it an error."""
        try:
            return await self.fetch(question, wait=wait)
        except Exception as error:  # noqa: BLE001 - whatever it is, is looked at
            return error


async def together(sources: list[Shared], oracle: Oracle, **options) -> list:
    """Let replicas fetch the same page at once."""
    oracle.gate.clear()
    replicas = [Replica(shared, oracle, **options) for shared in sources]
    tasks = [asyncio.create_task(replica.end()) for replica in replicas]
    await until(lambda: oracle.calls > 0)
    await asyncio.sleep(0.02)  # the others meet the lease
    oracle.gate.set()
    return await asyncio.gather(*tasks)


async def test_three_processes_alone_make_three_calls() -> None:
    oracle = Oracle()

    ends = await together([NoShared() for _ in range(3)], oracle)

    assert oracle.calls == 3
    assert len({end.page for end in ends}) == 3


@pytest.mark.parametrize("lifetimes", [HOUR, NOTHING])
async def test_three_replicas_make_one_call(three, lifetimes: Lifetimes) -> None:
    oracle = Oracle()

    ends = await together(three, oracle, lifetimes=lifetimes)

    assert oracle.calls == 1
    assert {end.page for end in ends} == {page_of("cats-1")}
    assert max(end.age for end in ends) < 0.5


@pytest.mark.parametrize("lifetimes", [HOUR, NOTHING])
async def test_when_one_fails_the_others_do_not_try(three, lifetimes) -> None:
    oracle = Oracle()
    oracle.error = GiphyFailed(503)

    ends = await together(three, oracle, lifetimes=lifetimes)

    kinds = [type(end) for end in ends]
    assert oracle.calls == 1
    assert (kinds.count(GiphyFailed), kinds.count(FailedElsewhere)) == (1, 2)


async def test_a_failure_keeps_who_comes_later_away_for_two_seconds(three) -> None:
    oracle = Oracle()
    oracle.error = GiphyFailed(503)
    await Replica(three[0], oracle).end()

    later = await Replica(three[1], oracle).end()

    assert isinstance(later, FailedElsewhere)
    key = three[0].key("failed", named(CATS))
    assert 1 < await three[0].left(key) <= FAILED_FOR


async def test_without_a_lifetime_a_failure_stops_only_who_was_waiting(three) -> None:
    oracle = Oracle()
    oracle.error = GiphyFailed(503)
    await Replica(three[0], oracle, lifetimes=NOTHING).end()
    oracle.error = None
    await asyncio.sleep(0.01)

    later = await Replica(three[1], oracle, lifetimes=NOTHING).fetch()

    assert later.page == page_of("cats-2")


async def test_a_busy_giphy_is_the_quotas_to_tell(three) -> None:
    oracle = Oracle()
    oracle.error = GiphyBusy(60)

    await Replica(three[0], oracle).end()

    assert await three[0].left(three[0].key("failed", named(CATS))) == 0


async def test_who_comes_later_looks_and_finds_the_page(three) -> None:
    oracle = Oracle()
    await Replica(three[0], oracle).fetch()

    found = await Replica(three[1], oracle).replicas.look(CATS)
    fetched = await Replica(three[2], oracle).fetch()

    assert found is not None
    assert found.page == fetched.page == page_of("cats-1")
    assert found.age < 1
    assert oracle.calls == 1


async def test_without_a_lifetime_who_comes_later_finds_nothing(three) -> None:
    oracle = Oracle()
    await Replica(three[0], oracle, lifetimes=NOTHING).fetch()
    await asyncio.sleep(0.01)
    later = Replica(three[1], oracle, lifetimes=NOTHING)

    found = await later.replicas.look(CATS)
    fetched = await later.fetch()

    assert found is None
    assert fetched.page == page_of("cats-2")
    key = three[0].key("page", named(CATS))
    assert 0 < await three[0].left(key) <= FAILED_FOR


async def plant(shared: Shared, value: bytes, *, left: float) -> None:
    await shared.set(shared.key("page", named(CATS)), value, life=left)


@pytest.mark.parametrize(
    ("age", "calls"), [(1, 0), (53.9, 0), (54.1, 1), (60, 1), (3500, 1)]
)
async def test_a_page_is_fetched_again_once_it_may_be_stale_somewhere(
    three, age: float, calls: int
) -> None:
    await plant(three[0], msgspec.msgpack.encode(page_of("old")), left=3600 - age)
    oracle = Oracle()
    replica = Replica(three[1], oracle)

    looked = await replica.replicas.look(CATS)
    await replica.fetch()

    assert looked is not None
    assert looked.age == pytest.approx(age, abs=0.1)
    assert oracle.calls == calls


async def test_a_replica_that_died_holding_the_lease_is_waited_for_and_replaced(
    three,
) -> None:
    dead = Leases(three[0], life=0.3)
    await dead.acquire(named(CATS))
    oracle = Oracle()
    began = asyncio.get_running_loop().time()

    found = await Replica(three[1], oracle, life=0.3).fetch(wait=5)

    waited = asyncio.get_running_loop().time() - began
    assert found.page == page_of("cats-1")
    assert 0.25 < waited < 0.3 + 0.2
    assert oracle.within == [pytest.approx(5 - waited, abs=0.1)]


async def test_a_replica_that_is_too_slow_is_waited_for_no_longer_than_asked(
    three,
) -> None:
    oracle = Oracle()
    began = asyncio.get_running_loop().time()

    async with Leases(three[0]).hold(named(CATS)):
        end = await Replica(three[1], oracle).end(wait=0.1)

    assert isinstance(end, GiphyTimeout)
    assert 0.1 <= asyncio.get_running_loop().time() - began < 0.25
    assert oracle.calls == 0


class Bomb:
    """Unpickled, it would leave a trace."""

    exploded = False

    def __reduce__(self):
        return explode, ()


def explode() -> None:
    Bomb.exploded = True


GOOD = msgspec.msgpack.encode(page_of("planted"))
NO_PAGES = {
    "garbage": b"\x00\xff\xfegarbage",
    "empty": b"",
    "pickle": pickle.dumps(Bomb()),
    "json": json.dumps({"items": "[]", "count": 0}).encode(),
    "cut": GOOD[: len(GOOD) // 2],
    "more": GOOD + b"x",
    "deep": b"\x91" * 100_000,
    "text": msgspec.msgpack.encode("cats"),
    "types": msgspec.msgpack.encode({"items": 1, "count": "x"}),
    "count": msgspec.msgpack.encode(Page(packed([]), 3)),
    "words": msgspec.msgpack.encode(Page(packed(["cat"]), 1)),
    "no urls": msgspec.msgpack.encode(Page(packed([{"id": "a"}]), 1)),
    "no json": msgspec.msgpack.encode(Page(b"[{]", 1)),
}


def test_what_is_planted_here_would_be_taken_if_it_were_a_page() -> None:
    pickle.loads(NO_PAGES["pickle"])

    assert Bomb.exploded
    Bomb.exploded = False


@pytest.mark.parametrize("name", NO_PAGES)
async def test_what_is_no_page_is_a_miss(three, name: str) -> None:
    await plant(three[0], NO_PAGES[name], left=3599)
    oracle = Oracle()
    replica = Replica(three[1], oracle)

    looked = await replica.replicas.look(CATS)
    fetched = await replica.fetch()

    assert looked is None
    assert fetched.page == page_of("cats-1")
    assert not Bomb.exploded


async def test_a_page_that_lives_longer_than_ours_do_is_a_miss(three) -> None:
    await plant(three[0], GOOD, left=3700)

    assert await Replica(three[1], Oracle()).replicas.look(CATS) is None


async def test_a_page_that_never_dies_is_a_miss(three) -> None:
    key = three[0].key("page", named(CATS))
    await three[0].run(lambda redis: redis.set(key, GOOD), None)

    assert await Replica(three[1], Oracle()).replicas.look(CATS) is None


async def test_a_key_of_another_kind_is_a_miss_and_mended_by_the_next_page(
    three,
) -> None:
    key = three[0].key("page", named(CATS))
    await three[0].run(lambda redis: redis.lpush(key, "x"), None)
    oracle = Oracle()

    await Replica(three[1], oracle).fetch()

    assert await Replica(three[2], oracle).replicas.look(CATS) is not None


async def test_a_redis_that_dies_leaves_each_replica_to_itself(
    redis_server: RedisServer, three
) -> None:
    redis_server.kill()
    oracle = Oracle()

    ends = await together(three, oracle)

    assert oracle.calls == 3
    assert [end.age for end in ends] == [0, 0, 0]


async def test_names_in_redis_hold_no_words(three) -> None:
    oracle = Oracle()
    await Replica(three[0], oracle).fetch(Question("search", "secret wish"))

    keys = await three[0].run(lambda redis: redis.keys("*"), [])

    assert len(keys) == 1
    assert b"secret" not in keys[0]


async def test_a_process_without_redis_is_alone() -> None:
    shared = NoShared()

    replicas = create_replicas(shared, Leases(shared), HOUR)

    assert type(replicas) is Replicas
    assert await replicas.look(CATS) is None


async def test_who_has_redis_is_not(three, clock: FakeClock) -> None:
    assert isinstance(
        create_replicas(three[0], Leases(three[0]), HOUR), SharingReplicas
    )


def test_what_the_sandbox_made_up_is_not_shared(three) -> None:
    shared = three[0]
    lifetimes = Lifetimes(60, 600, 3600)

    alone = create_replicas(shared, Leases(shared), lifetimes, sandbox=True)

    assert not isinstance(alone, SharingReplicas)
    assert isinstance(
        create_replicas(shared, Leases(shared), lifetimes), SharingReplicas
    )
