"""`make soak`: months of a service's life in minutes, with all its misfortunes."""

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import click

from tests.abuse.service import Watched, watched
from tests.processes import running
from tests.servers import PostgresServer, RedisServer
from tests.soak.traffic import Traffic
from tests.soak.trouble import trouble
from tests.soak.verdict import (
    Line,
    States,
    on_answers,
    on_log,
    on_memory,
    on_rest,
    on_stalls,
)

T = TypeVar("T")

LOAD: Final = 0.7
"""The part of all that it can do which it has to."""
WARM_UP: Final = 0.2
"""The part of the time that comes before what is judged."""
PAGES: Final = 4000
"""Thrice what is kept at once: memory that fills, or whose places are given out for the
first time again, would seem to leak."""
CALM: Final = 30.0
"""Seconds in which it may let go of connections that it keeps for the next call."""
EVERY: Final = 5.0
"""Seconds between two looks at it."""
CONFIG: Final = """
log: {level: warning, access: true}
giphy: {request_timeout: 2}
quota: {calls: 100000000}
"""


@dataclass(frozen=True)
class Plan:
    """For how long there is load, and then calm, and what is searched for before."""

    seconds: float
    calm: float
    pages: int


@click.command()
@click.option("--seconds", default=600.0, show_default=True)
@click.option("--calm", default=CALM, show_default=True)
@click.option("--pages", default=PAGES, show_default=True)
def main(seconds: float, calm: float, pages: int) -> None:
    """Put the service under load and faults, and judge what has become of it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        giphy, _ = stack.enter_context(running("sandbox", "--port", "0"))
        redis = stack.enter_context(RedisServer())
        database = stack.enter_context(PostgresServer()).new_database()
        environ = {
            "GIPHY_API_URL": giphy,
            "GIPHY_API_KEY": "any",
            "REDIS_URL": redis.url,
            "DATABASE_URL": database,
        }
        service = stack.enter_context(watched(folder, config=CONFIG, **environ))
        plan = Plan(seconds, calm, pages)
        lines = asyncio.run(soak(service, giphy, redis, plan))
    for line in lines:
        click.echo(str(line))
    sys.exit(0 if all(line.good for line in lines) else 1)


async def soak(
    service: Watched, giphy: str, redis: RedisServer, plan: Plan
) -> list[Line]:
    """Find out what it can do, have it do so much, and judge.

    First what is kept is filled, and in the first fifth of the time pools grow: only
    what comes after that counts for the slope of memory, for stalls, files and tasks.
    Answers and the log are judged from the beginning on.
    """
    traffic = Traffic(service.url)
    await traffic.begin()
    begun = service.look()
    await traffic.fill(plan.pages)
    warm_up = plan.seconds * WARM_UP
    rate = await bearable(traffic, min(warm_up, 10))

    troubling = asyncio.create_task(trouble(giphy, redis))
    await traffic.at(rate, warm_up)
    before = await service.settled(files=0, tasks=0, patience=plan.calm)
    looking = asyncio.create_task(look_on(service))
    await traffic.at(rate, plan.seconds - warm_up)
    states = await ended(looking)
    await ended(troubling)
    at_rest = {"files": before.files, "tasks": before.tasks}
    after = await service.settled(**at_rest, patience=plan.calm)

    return [
        *on_answers(traffic.statuses, traffic.failures, traffic.hung_up),
        *on_memory(begun, states),
        *on_rest(before, after),
        *on_stalls(states),
        on_log(service.complaints()),
    ]


async def bearable(traffic: Traffic, seconds: float) -> float:
    """Find out what it can do; give the part of it that it has to, a second."""
    able = await traffic.at_full_speed(seconds)
    click.echo(f"{able:.0f} requests a second at most, {able * LOAD:.0f} from now on")
    return able * LOAD


async def look_on(service: Watched) -> States:
    """Look now and then; give what was seen, and when, once this is cancelled."""
    states: States = []
    with suppress(asyncio.CancelledError):
        while True:
            states.append((time.monotonic(), service.look()))
            await asyncio.sleep(EVERY)
    return [*states, (time.monotonic(), service.look())]


async def ended(task: asyncio.Task[T]) -> T:
    """Cancel a task, and give what it has come to."""
    task.cancel()
    return await task


if __name__ == "__main__":
    main()
