"""The service under attack: it answers everybody else, and is the same afterwards."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from tests.abuse.attacker import Attacker
from tests.abuse.attacks import ATTACKS, GOOD, Attack, at_once
from tests.abuse.malformed import malformed
from tests.abuse.service import Watched, good_clients, watched

MB = 1024 * 1024
IDLE = 2_000
MALFORMED = 10_000


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watched(tmp_path_factory.mktemp("abuse")) as found:
        yield found


@asynccontextmanager
async def bearing(service: Watched) -> AsyncIterator[Attacker]:
    """An attacker, and after the block all that must hold of the service he met."""
    attacker = Attacker(service.host, service.port)
    with good_clients(service) as fared:
        before = service.look()
        yield attacker
        during = service.look()
    after = await service.settled(files=before.files + 5, tasks=before.tasks + 5)

    assert attacker.connections > 0
    assert [status for status in attacker.statuses if status >= 500] == []
    assert service.failures() == []
    assert fared.count > 0
    assert fared.failed == 0
    assert fared.p99 <= 0.25
    assert during.stall <= 0.1
    assert during.peak - before.memory <= 50 * MB
    assert after.files <= before.files + 5
    assert after.tasks <= before.tasks + 5
    assert service.complaints() == []


async def attack(
    attacks: tuple[Attack, ...], attacker: Attacker, seconds: float
) -> None:
    """Go on with all of them for so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await at_once(*(one(attacker) for one in attacks))


@pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.__name__)
async def test_an_attack_costs_nobody_else_an_answer(
    service: Watched, one: Attack
) -> None:
    async with bearing(service) as attacker:
        await attack((one,), attacker, 2)


async def test_two_thousand_who_say_nothing_are_borne(service: Watched) -> None:
    async with bearing(service) as attacker, AsyncExitStack() as stack:
        idle = [
            await stack.enter_async_context(attacker.connection()) for _ in range(IDLE)
        ]
        reader, writer = idle[0]
        writer.write(GOOD)
        said = await reader.readline()

    assert said == b"HTTP/1.1 200 OK\r\n"


async def test_ten_thousand_malformed_requests_are_answered_or_hung_up_on(
    service: Watched,
) -> None:
    requests = malformed(MALFORMED, seed=1)

    async def hand(attacker: Attacker) -> None:
        for request in requests:
            await attacker.send(request)

    async with bearing(service) as attacker:
        await at_once(*(hand(attacker) for _ in range(20)))

    assert attacker.connections == MALFORMED
    assert sum(attacker.statuses.values()) > MALFORMED * 0.9


async def test_all_of_it_at_once_is_borne(service: Watched) -> None:
    async with bearing(service) as attacker, AsyncExitStack() as stack:
        for _ in range(IDLE):
            await stack.enter_async_context(attacker.connection())
        await attack(ATTACKS, attacker, 5)
