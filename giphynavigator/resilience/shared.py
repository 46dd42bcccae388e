"""What replicas share in Redis: an aid, never a condition."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from giphynavigator.settings import Secret

if TYPE_CHECKING:
    from redis.asyncio import Redis

PREFIX = "giphynavigator:"

T = TypeVar("T")


class Shared(ABC):
    """Commands for Redis that answer quickly, whether or not Redis does.

    No method raises because of Redis. Whoever calls says what it takes to be the
    answer when there is none.
    """

    @property
    @abstractmethod
    def up(self) -> bool:
        """Whether all is well: False while a Redis that should be there is not."""

    @abstractmethod
    async def run(self, command: Callable[["Redis"], Awaitable[T]], default: T, /) -> T:
        """Return what the command brings, or `default` when Redis gives no answer.

        The command names its keys by `key()`. It may be sent twice, when the
        connection breaks under it.
        """

    @abstractmethod
    async def close(self) -> None:
        """Let go of all connections."""

    def key(self, *parts: str) -> str:
        """Return the full name of a key of ours."""
        return PREFIX + ":".join(parts)

    async def set(self, key: str, value: bytes, *, life: float) -> bool:
        """Keep a value for `life` seconds; say whether it is kept."""

        async def command(redis: "Redis") -> bool:
            return bool(await redis.set(key, value, px=max(1, int(life * 1000))))

        return await self.run(command, False)  # noqa: FBT003 - what to say when Redis is away

    async def left(self, key: str) -> float:
        """Return the seconds a key has to live; 0: none, for ever, or no Redis."""

        async def command(redis: "Redis") -> float:
            ms = await redis.pttl(key)
            return ms / 1000 if isinstance(ms, int) and ms > 0 else 0.0

        return await self.run(command, 0.0)

    async def script(self, lua: str, key: str, *args: str | float) -> Any | None:
        """Run a Lua script on one key; None when Redis gives no answer."""

        async def command(redis: "Redis") -> Any:
            return await redis.register_script(lua)(keys=[key], args=args)

        return await self.run(command, None)


class NoShared(Shared):
    """A process on its own: nothing is shared and nothing is missed."""

    @property
    def up(self) -> bool:
        """Always: what is not wanted is not missing."""
        return True

    async def run(
        self,
        command: Callable[["Redis"], Awaitable[T]],  # noqa: ARG002 - there is nobody to give it to
        default: T,
        /,
    ) -> T:
        """Return the default."""
        return default

    async def close(self) -> None:
        """Do nothing."""


def shared_at(url: Secret, **options: Any) -> Shared:
    """Return the Redis at this address, or a process on its own where it is empty."""
    if not url:
        return NoShared()
    # Half of the program's import time, so only where it is wanted.
    from giphynavigator.resilience.redis_shared import RedisShared  # noqa: PLC0415 - see above

    return RedisShared(url.reveal(), **options)
