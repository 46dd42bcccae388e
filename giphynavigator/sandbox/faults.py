"""Which fault the sandbox has at the moment, and for how much longer."""

import math
from enum import StrEnum

import msgspec


class FaultName(StrEnum):
    """Every way the sandbox can fail."""

    SLOW = "slow"
    SYNTHETIC_200 = "synthetic-200"
    HTTP_400 = "http-400"
    HTTP_401 = "http-401"
    HTTP_403 = "http-403"
    HTTP_403_KONG = "http-403-kong"
    HTTP_404 = "http-404"
    HTTP_429 = "http-429"
    HTTP_429_KONG = "http-429-kong"
    HTTP_500 = "http-500"
    HTTP_503 = "http-503"
    HTML = "html"
    HTML_502 = "html-502"
    GARBAGE = "garbage"
    NOT_UTF8 = "not-utf8"
    WRONG_TYPES = "wrong-types"
    WRONG_GIFS = "wrong-gifs"
    CUT_OFF = "cut-off"
    ENDLESS = "endless"
    DRIP = "drip"
    NESTED = "nested"
    BOMB = "bomb"
    REDIRECT = "redirect"
    RESET = "reset"
    HANG = "hang"
    GARBAGE_STATUS = "garbage-status"
    HUGE_HEADER = "huge-header"


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault, for so many calls (None: until cleared), after a delay in seconds."""

    name: FaultName
    times: int | None = None
    delay: float = 0.0
    retry_after: float | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more")
        seconds = (self.delay, self.retry_after or 0.0)
        if not all(math.isfinite(value) and value >= 0 for value in seconds):
            raise ValueError("delay and retry_after must be seconds, 0 or more")


class Faults:
    """The fault of the moment; none at first."""

    def __init__(self) -> None:
        self._current: Fault | None = None

    @property
    def current(self) -> Fault | None:
        """What the next call will meet; None when it will be answered well."""
        return self._current

    def set(
        self,
        name: str,
        *,
        times: int | None = None,
        delay: float = 0.0,
        retry_after: float | None = None,
    ) -> None:
        """Fail the next calls so; a name there is not is a ValueError."""
        self.put(Fault(FaultName(name), times, delay, retry_after))

    def put(self, fault: Fault) -> None:
        """Fail the next calls so."""
        self._current = fault

    def clear(self) -> None:
        """Be good again."""
        self._current = None

    def take(self) -> Fault | None:
        """Return the fault this call meets, and count it."""
        fault = self._current
        if fault is not None and fault.times is not None:
            left = fault.times - 1
            self._current = msgspec.structs.replace(fault, times=left) if left else None
        return fault
