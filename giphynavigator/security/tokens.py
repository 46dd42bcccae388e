"""Tokens: what programs show, and people sign in with, to be let write."""

import hmac
import secrets
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

from aiohttp import hdrs, web

from giphynavigator.settings import Secret

SCHEME: Final = "bearer"


class Tokens:
    """The tokens that were set; there may be none.

    Digests are compared, all of them and each in constant time: how long it takes
    tells nothing about any token, nor its length.
    """

    def __init__(self, tokens: Sequence[Secret]) -> None:
        self._tokens = tuple(tokens)
        self._key = secrets.token_bytes(32)
        self._digests = [self._digest(token.reveal()) for token in tokens]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._tokens)

    def __iter__(self) -> Iterator[Secret]:
        return iter(self._tokens)

    def shown_by(self, request: web.BaseRequest) -> int | None:
        """Give the number of the token that the request's Authorization shows."""
        said = request.headers.get(hdrs.AUTHORIZATION)
        if not said or not self._tokens:
            return None
        scheme, _, shown = said.partition(" ")
        return self.number_of(shown) if scheme.lower() == SCHEME else None

    def number_of(self, shown: str) -> int | None:
        """Give the number of the token that this text is; None if it is none."""
        digest = self._digest(shown.strip())
        alike = [hmac.compare_digest(digest, known) for known in self._digests]
        return alike.index(True) if any(alike) else None

    def _digest(self, text: str) -> bytes:
        # Headers may hold bytes that are no UTF-8; they are told apart, not refused.
        return blake2b(text.encode(errors="surrogatepass"), key=self._key).digest()
