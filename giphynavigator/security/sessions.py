"""Sessions: people who have signed in with a token, known by a cookie."""

from typing import Final

from aiohttp import web

from giphynavigator.errors import Unauthorized
from giphynavigator.security.clients import Clients
from giphynavigator.security.signing import Signer
from giphynavigator.security.tokens import Tokens
from giphynavigator.settings import Secret

COOKIE: Final = "giphynavigator_session"
LIFE: Final = 7 * 24 * 3600
"""Seconds after which one has to sign in again."""


class WrongToken(Unauthorized):
    """What was shown to sign in is none of the tokens."""

    def __init__(self) -> None:
        super().__init__("this is none of this service's tokens")


class Sessions:
    """Begins sessions, ends them, and knows who is in one.

    A session's cookie is signed for the token that began it and says nothing else,
    so nothing is kept, and to take a token away ends its sessions.
    """

    def __init__(self, tokens: Tokens, signer: Signer, clients: Clients) -> None:
        self._tokens = tokens
        self._signer = signer
        self._clients = clients

    @property
    def possible(self) -> bool:
        """Whether there is any token to sign in with."""
        return len(self._tokens) > 0

    async def begin(
        self, request: web.Request, response: web.StreamResponse, token: Secret
    ) -> None:
        """Let the response begin a session, or raise WrongToken.

        The cookie is no script's business, and comes along when a link leads here
        from elsewhere, but with no form that elsewhere sends.
        """
        if self._tokens.number_of(token.reveal()) is None:
            raise WrongToken
        response.set_cookie(
            COOKIE,
            await self._signer.sign("", purpose(token)),
            max_age=LIFE,
            httponly=True,
            samesite="Lax",
            secure=self._clients.scheme_of(request) == "https",
        )

    def end(self, response: web.StreamResponse) -> None:
        """Let the response end whatever session there is in this browser."""
        response.del_cookie(COOKIE, httponly=True, samesite="Lax")

    async def is_in(self, request: web.BaseRequest) -> bool:
        """Whether the request comes from somebody who has signed in."""
        text = request.cookies.get(COOKIE, "")
        for token in self._tokens if text else ():
            signed = await self._signer.unsign(text, purpose(token), max_age=LIFE)
            if signed is not None:
                return True
        return False


def purpose(token: Secret) -> str:
    """Give what a session's cookie is signed for."""
    return f"session with {token.reveal()}"
