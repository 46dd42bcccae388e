"""Access: who may write, and from where.

Two checks stand before every request that is not GET, HEAD or OPTIONS. Browsers
send a person's cookies, and the trust that this machine has in itself, along with
whatever a page asks for: so the page must be ours. And writing takes a token, or a
session that one began, or, where no tokens are set, to sit at this very machine.
How often tokens can be tried is limited as everything is that a client asks; what
keeps them from being guessed is their length.
"""

from typing import Final

from aiohttp import hdrs, web

from giphynavigator.errors import Forbidden, Unauthorized
from giphynavigator.security.clients import Clients
from giphynavigator.security.hosts import Hosts
from giphynavigator.security.sessions import Sessions
from giphynavigator.security.tokens import Tokens

SAFE: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})
"""Methods that change nothing here, whoever asks."""

READING: Final = frozenset({"batch_body"})
"""Routes that are searches, though POST: open to pages of any origin, as Find is."""

OPEN: Final = READING | {"vote", "session", "session_end"}
"""Routes that need no token: a vote is anybody's, and sessions begin without."""

PROXY_HEADERS: Final = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)
"""What proxies say, trusted or not: whoever is behind one is not on this machine."""


class TokenNeeded(Unauthorized):
    """Neither a token of this service nor a session came along."""

    def __init__(self) -> None:
        super().__init__(
            "writing needs a token: send Authorization: Bearer, or sign in at /sign-in"
        )


class WritingClosed(Forbidden):
    """There are no tokens, and the request is not from this very machine."""

    def __init__(self) -> None:
        super().__init__(
            "writing needs a token here, and there are none yet: "
            "GIPHYNAVIGATOR_TOKENS sets them"
        )


class ForeignOrigin(Forbidden):
    """A browser asks on behalf of a page that is not this service's."""

    def __init__(self) -> None:
        super().__init__("pages of other origins may read here, and change nothing")


class Access:
    """Lets requests write, or says why not."""

    def __init__(
        self, hosts: Hosts, clients: Clients, tokens: Tokens, sessions: Sessions
    ) -> None:
        self.check_host = hosts.check
        self._hosts = hosts
        self._clients = clients
        self._tokens = tokens
        self._sessions = sessions

    async def check(self, request: web.Request) -> None:
        """Return if a request whose method is not SAFE may go on.

        Raises ForeignOrigin, TokenNeeded or WritingClosed. What finds no route goes
        on, to hear of that.
        """
        route = request.match_info.route
        if request.match_info.http_exception or route.name in READING:
            return
        self.check_origin(request)
        if route.name not in OPEN:
            await self._check_writer(request)

    def check_origin(self, request: web.BaseRequest) -> None:
        """Return unless a page of another origin asks; then raise ForeignOrigin."""
        if self._is_foreign(request):
            raise ForeignOrigin

    async def may_write(self, request: web.Request) -> bool:
        """Whether to offer in a page what changes something."""
        try:
            await self._check_writer(request)
        except (TokenNeeded, WritingClosed):
            return False
        return True

    async def _check_writer(self, request: web.Request) -> None:
        if self._tokens.shown_by(request) is not None:
            return
        if self._tokens and not await self._sessions.is_in(request):
            raise TokenNeeded
        if not self._tokens and not self._is_at_home(request):
            raise WritingClosed

    def _is_at_home(self, request: web.Request) -> bool:
        """Whether the service is this machine's alone, and so is who asks it."""
        return (
            self._hosts.on_loopback
            and not self._clients.behind_proxy
            and self._clients.client_of(request) is None
            and self._hosts.is_own(request)
            and not any(name in request.headers for name in PROXY_HEADERS)
        )

    def _is_foreign(self, request: web.BaseRequest) -> bool:
        """Whether a browser says that a page of another origin asks.

        Programs say nothing of the kind. Browsers say Sec-Fetch-Site where they
        trust the connection, that is with https or on the loopback, else Origin.
        """
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site not in {"same-origin", "none"}
        origin = request.headers.get(hdrs.ORIGIN)
        return origin is not None and not self._is_ours(request, origin)

    def _is_ours(self, request: web.BaseRequest, origin: str) -> bool:
        """Whether an origin is the address that the request was sent to.

        Its scheme is left out of it: proxies that speak https need not say so.
        """
        place = bare(origin.partition("://")[2])
        return bool(place) and place == bare(self._clients.host_of(request))


def bare(host: str) -> str:
    """Give a host without a port that goes without saying."""
    return host.lower().removesuffix(":80").removesuffix(":443")
