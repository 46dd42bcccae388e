"""Signer: texts that people carry about for us, and bring back as they were."""

import asyncio
from contextvars import Context
from hashlib import sha256
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from giphynavigator.settings import Secret
from giphynavigator.storage.secrets_kept import SecretsKept

NAME: Final = "signing"
"""The name of the secret that is kept in the database."""


class Signer:
    """Signs texts with one secret, so that nobody else can make or change them.

    The secret is the one that was set, or one that all replicas share: made once,
    kept in the database and fetched at the first use. What is signed can be read by
    whoever carries it. A text that was signed for one purpose is nothing for another.
    """

    def __init__(self, secret: Secret, kept: SecretsKept) -> None:
        self._secret = secret
        self._kept = kept
        self._fetching: asyncio.Task[Secret] | None = None

    async def sign(self, value: str, purpose: str) -> str:
        """Give the text to hand out: letters, digits, `-`, `_` and dots.

        Raises DatabaseUnavailable if the secret is there and cannot be fetched.
        """
        return str((await self._serializer(purpose)).dumps(value))

    async def unsign(
        self, text: str, purpose: str, *, max_age: float | None = None
    ) -> str | None:
        """Give what was signed for the purpose, at most `max_age` seconds ago.

        None for what is forged, too old or no such text at all.
        """
        serializer = await self._serializer(purpose)
        whole = None if max_age is None else int(max_age)
        try:
            return str(serializer.loads(text, max_age=whole))
        except (BadData, UnicodeError):
            return None

    async def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        if not self._secret:
            self._secret = await self._fetched()
        how = {"key_derivation": "hmac", "digest_method": sha256}
        salt = f"giphynavigator.{purpose}"
        return URLSafeTimedSerializer(
            self._secret.reveal(), salt=salt, signer_kwargs=how
        )

    async def _fetched(self) -> Secret:
        """Fetch the secret once for all who ask meanwhile."""
        if self._fetching is None or self._fetching.done():
            secret = self._kept.secret(NAME)
            self._fetching = asyncio.create_task(secret, context=Context())
        return await asyncio.shield(self._fetching)
