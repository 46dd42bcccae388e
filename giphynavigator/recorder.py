"""What happens on the way to Giphy, told to whoever wants to count."""


class Recorder:
    """The listener that listens to nothing; metrics subclass it.

    Every method is called on the event loop, in passing: it must not wait,
    and it must not raise.
    """

    def kept(self, outcome: str) -> None:
        """Count how the page store answered: hit, miss, stale, collapsed, negative."""

    def sent(self) -> None:
        """Count one request that is leaving for Giphy, hidden re-sends included."""

    def answered(self, outcome: str, seconds: float) -> None:
        """Note how a send ended (ok, refused, failed, timeout) and how long it took."""

    def refused(self, reason: str) -> None:
        """Count a call that was not made: quota, breaker, overload or client."""

    def breaker(self, state: str) -> None:
        """Note that the breaker has become closed, open or half-open."""

    def quota(self, left: int | None) -> None:
        """Note how many calls are left, after each call taken; None is no quota."""

    def redis(self, *, up: bool) -> None:
        """Note that Redis went away or came back."""

    def waiting(self, count: int) -> None:
        """Note how many searches now wait for a slot."""

    def flying(self, count: int) -> None:
        """Note how many searches now hold a slot."""
