"""What happens to requests and on the way to Giphy, told to whoever wants to count."""

from aiohttp import web


class Recorder:
    """The listener that listens to nothing; the metrics feature subclasses it.

    Every method is called on the event loop, in passing: it must not wait,
    and it must not raise.
    """

    def replied(self, request: web.Request, status: int, seconds: float) -> None:
        """Note how a request was answered, and in how many seconds."""

    def kept(self, outcome: str) -> None:
        """Count how the page store answered: hit, miss, stale, collapsed, negative.

        A miss or a collapsed one is told once Giphy has answered, or failed.
        """

    def sent(self) -> None:
        """Count one request that is leaving for Giphy, hidden re-sends included."""

    def answered(self, outcome: str, seconds: float) -> None:
        """Note how a send ended and how many seconds it took.

        It was ok, not_found or declined, or one of Giphy's failures: busy, refused,
        failed, unreachable, broke_off, nonsense, timeout. What is refused here is no
        send.
        """

    def refused(self, reason: str) -> None:
        """Count a refusal of ours: by quota, breaker or overload, or of a client."""

    def breaker(self, state: str) -> None:
        """Note that the breaker, closed at first, is now closed, open or half-open."""

    def quota(self, left: int, *, resets_in: float) -> None:
        """Note how many calls are left, and in how many seconds all are there again.

        Told at the start and after each change; never where no quota is kept.
        """

    def redis(self, *, up: bool) -> None:
        """Note that Redis went away or came back; it begins as there."""

    def database(self, *, up: bool) -> None:
        """Note that the database went away or came back; it begins as there."""

    def waiting(self, count: int) -> None:
        """Note how many searches now wait for a slot."""

    def flying(self, count: int) -> None:
        """Note how many searches now hold a slot."""
