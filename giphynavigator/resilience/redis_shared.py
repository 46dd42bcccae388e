"""Redis that may hang, break, restart or talk nonsense at any moment."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionBroken
from redis.exceptions import RedisError, ResponseError

from giphynavigator.errors import Misconfigured
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.shared import Shared

GRACE = 0.05  # seconds
# What is no Redis at all may send what redis-py cannot read: ValueError, EOFError.
AWAY = (RedisError, OSError, TimeoutError, ValueError, EOFError)

T = TypeVar("T")
log = logging.getLogger(__name__)


class RedisShared(Shared):
    """One Redis, asked with patience measured in milliseconds.

    A command that gets no answer within `patience` seconds turns the whole thing
    off: from then on commands return their default without trying, and a PING in
    the background asks every `rest` seconds whether Redis is back. So an outage
    costs a request at most `patience`, and only the requests that met its start.

    A Redis that answers with an error (a key of a wrong type, read-only, out of
    memory) is there: the command returns its default, the next one is tried.
    """

    def __init__(  # noqa: PLR0913 - each by name, with a default that was measured
        self,
        url: str,
        *,
        patience: float = 0.2,
        rest: float = 2.0,
        connections: int = 8,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        recorder: Recorder | None = None,
    ) -> None:
        self._redis = _client(url, patience, connections)
        self._turns = asyncio.Semaphore(connections)
        self._patience = patience
        self._rest = rest
        self._sleep = sleep
        self._recorder = recorder or Recorder()
        self._complained: set[str] = set()
        self._asking: set[asyncio.Task[Any]] = set()
        self._watch: asyncio.Task[None] | None = None

    @property
    def up(self) -> bool:
        """Whether Redis answered last time; True before it was ever asked."""
        return self._watch is None

    async def run(self, command: Callable[[Redis], Awaitable[T]], default: T, /) -> T:
        """Return what the command brings, or the default."""
        # Waiting for a turn here, not in the pool: that time is ours, not Redis's.
        async with self._turns:
            if not self.up:
                return default
            try:
                return await self._soon(command)
            except ResponseError as error:
                self._complain(error)
            except AWAY as error:
                self._lost(error)
        return default

    async def close(self) -> None:
        """Stop watching for Redis and let go of all connections."""
        tasks = self._asking | ({self._watch} if self._watch else set())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=self._patience)
        await self._redis.aclose()

    async def _soon(self, command: Callable[[Redis], Awaitable[T]]) -> T:
        """Wait `patience`; more if it is this process that was too busy to look.

        The last `GRACE` of the time starts when the loop is there to start it, so
        an answer that came while the loop was blocked is still read.

        The command has a task of its own. redis-py now and then swallows a
        cancellation, and breaks its connection when it does not; so whoever stops
        waiting leaves the command to end by itself.
        """
        task = asyncio.create_task(_asked(command, self._redis), context=Context())
        self._asking.add(task)
        task.add_done_callback(self._forget)
        for pause in (self._patience - GRACE, GRACE):
            await asyncio.wait([task], timeout=pause)
            if task.done():
                return task.result()
        task.cancel()
        raise TimeoutError

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._asking.discard(task)
        # Looking at the failure keeps asyncio from reporting it as never seen.
        _ = task.cancelled() or task.exception()

    def _complain(self, error: ResponseError) -> None:
        """Log each kind of refusal once: a broken key may be asked for all day."""
        kind = type(error).__name__
        if kind not in self._complained:
            self._complained.add(kind)
            log.warning("Redis refuses a command: %s", kind)

    def _lost(self, error: Exception) -> None:
        """Turn off. Others may have noticed the same outage a moment earlier."""
        if self._watch is not None:
            return
        # The kind alone: an address may hold a password.
        log.warning("Redis is away (%s); going on without it", type(error).__name__)
        self._recorder.redis(up=False)
        self._watch = asyncio.create_task(self._wait_for_redis(), context=Context())

    async def _wait_for_redis(self) -> None:
        """Ask now and then, then turn on again."""
        answers = False
        while not answers:
            await self._sleep(self._rest)
            answers = await self._answers()
        log.info("Redis is back")
        self._recorder.redis(up=True)
        self._complained.clear()
        self._watch = None

    async def _answers(self) -> bool:
        try:
            await self._soon(_ping)
        except Exception:  # noqa: BLE001 - whatever it is, the watch must go on
            return False
        return True


async def _asked(command: Callable[[Redis], Awaitable[T]], redis: Redis) -> T:
    return await command(redis)


async def _ping(redis: Redis) -> None:
    await redis.ping()


def _client(url: str, patience: float, connections: int) -> Redis:
    """Build a client that never waits longer than told.

    Its one retry is for a connection that turns out to be broken, and at once;
    redis-py's own ten, with their pauses, make a dead Redis cost seconds. Its
    timeouts are a second line, behind the patience of whoever sends a command.
    """
    behind = 2 * patience
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=behind,
            socket_timeout=behind,
            socket_connect_timeout=behind,
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionBroken,)),
            protocol=2,  # the third has pushes, which we do not want to be sent
            driver_info=None,
        )
    except ValueError:
        message = "redis.url must look like redis://host:port/0, rediss:// or unix://"
        raise Misconfigured(message) from None
    return Redis.from_pool(pool)
