"""Health: whether requests are welcome, and what the service has to do without."""

from typing import Literal, Protocol

from msgspec import Struct

Status = Literal["ok", "degraded", "draining"]


class Breaker(Protocol):
    """What keeps calls from Giphy while it fails."""

    @property
    def state(self) -> str:
        """Closed, open or half-open."""


class Shared(Protocol):
    """What replicas share."""

    @property
    def up(self) -> bool:
        """Whether all is well."""


class Database(Protocol):
    """What notes and polls are kept in."""

    @property
    def up(self) -> bool:
        """Whether all is well."""


class Liveness(Struct, frozen=True):
    """What /livez says, as long as it says anything."""

    status: Literal["ok"] = "ok"


class Readiness(Struct, frozen=True):
    """What /readyz says: in one word, then thing by thing."""

    status: Status
    giphy: str
    redis: Literal["up", "down", "not configured"]
    database: Literal["up", "down"]

    @property
    def ready(self) -> bool:
        """Whether requests are welcome. Without all of these there are answers still.

        A search needs no database, and what needs it says 503 by itself.
        """
        return self.status != "draining"


class Health:
    """Looks at what the service stands on; asks nobody and waits for nothing."""

    def __init__(
        self,
        breaker: Breaker,
        shared: Shared,
        database: Database,
        *,
        sandbox: bool,
        has_redis: bool,
    ) -> None:
        self._breaker = breaker
        self._shared = shared
        self._database = database
        self._sandbox = sandbox
        self._has_redis = has_redis

    def readiness(self, *, draining: bool) -> Readiness:
        """Give what /readyz says."""
        well = self._breaker.state == "closed" and self._shared.up
        status: Status = "ok" if well and self._database.up else "degraded"
        if draining:
            status = "draining"
        database: Literal["up", "down"] = "up" if self._database.up else "down"
        return Readiness(status, self._giphy(), self._redis(), database)

    def _giphy(self) -> str:
        """Say who answers, or why nobody is asked."""
        state = self._breaker.state
        if state != "closed":
            return f"breaker {state}"
        return "sandbox" if self._sandbox else "ok"

    def _redis(self) -> Literal["up", "down", "not configured"]:
        if not self._has_redis:
            return "not configured"
        return "up" if self._shared.up else "down"
