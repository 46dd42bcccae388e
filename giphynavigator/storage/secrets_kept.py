"""Secrets that the service makes for itself once, and keeps in the database."""

import secrets

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from giphynavigator.settings import Secret
from giphynavigator.storage.database import Base, Database


class KeptSecret(Base):
    """A secret and what it is for."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[str] = mapped_column(String(100))

    def __repr__(self) -> str:
        return f"KeptSecret({self.name!r})"


class SecretsKept:
    """The secrets of all replicas that share the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def secret(self, name: str) -> Secret:
        """Give the secret of that name; whoever asks first makes it, for all."""
        made = {"name": name, "value": secrets.token_urlsafe(32)}
        insert = self._database.insert(KeptSecret).values(made)
        kept = select(KeptSecret.value).where(KeptSecret.name == name)
        async with self._database.writing() as session:
            await session.execute(insert.on_conflict_do_nothing())
            return Secret(await session.scalar(kept) or "")
