"""Voters: browsers and programs, each known by a cookie that it was given."""

import re
import secrets
from typing import Final

from aiohttp import web
from msgspec import Struct

from giphynavigator.errors import Forbidden
from giphynavigator.polls.needs import Access, Clients, Sessions, Signatures
from giphynavigator.polls.shapes import Poll

COOKIE: Final = "giphynavigator_voter"
PURPOSE: Final = "voter"
LIFE: Final = 365 * 24 * 3600
"""Seconds for which a browser keeps the cookie after the last answer that gave it."""
NAME: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class NotYours(Forbidden):
    """Somebody else made the poll."""

    def __init__(self, poll_id: int) -> None:
        super().__init__(
            f"poll {poll_id} may be closed and deleted where it was made, "
            "and by whoever shows a token"
        )


class Voter(Struct, frozen=True):
    """Who votes; a new one came without a cookie that we had given him."""

    name: str
    is_new: bool = False


class Voters:
    """Knows voters again, by a cookie that only this service can make."""

    def __init__(
        self,
        signer: Signatures,
        clients: Clients,
        sessions: Sessions,
        access: Access,
    ) -> None:
        self._signer = signer
        self._clients = clients
        self._sessions = sessions
        self._access = access

    async def of(self, request: web.Request) -> Voter:
        """Give the voter who asks, a new one if he is not known."""
        text = request.cookies.get(COOKIE, "")
        name = await self._signer.unsign(text, PURPOSE) if text else None
        if name is not None and NAME.fullmatch(name):
            return Voter(name)
        return Voter(secrets.token_urlsafe(16), is_new=True)

    async def meet(
        self, request: web.Request, response: web.Response, voter: Voter
    ) -> web.Response:
        """Give the answer, with a cookie by which a new voter is known next time.

        It is no script's business, and comes along when a link leads here from
        elsewhere, but with no form that elsewhere sends.
        """
        if voter.is_new:
            response.set_cookie(
                COOKIE,
                await self._signer.sign(voter.name, PURPOSE),
                max_age=LIFE,
                httponly=True,
                samesite="Lax",
                secure=self._clients.scheme_of(request) == "https",
            )
        return response

    def check_owner(self, voter: Voter, poll: Poll) -> None:
        """Return if who may write may change this poll, or raise NotYours.

        Where there are tokens he has shown one. Where there are none he is on this
        machine: a program, which has no cookie, or the browser that made the poll.
        """
        if not (self._sessions.possible or voter.is_new or voter.name == poll.owner):
            raise NotYours(poll.id)

    async def owns(self, request: web.Request, voter: Voter, poll: Poll) -> bool:
        """Whether to offer in a page what changes this poll."""
        is_owner = self._sessions.possible or voter.name == poll.owner
        return is_owner and await self.may_write(request)

    async def may_write(self, request: web.Request) -> bool:
        """Whether to offer in a page what makes or keeps something."""
        return await self._access.may_write(request)
