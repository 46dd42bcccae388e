"""The table of notes."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from giphynavigator.gifs import KeptGif
from giphynavigator.storage.columns import BigId, Moment
from giphynavigator.storage.database import Base


class Note(Base):
    """A note; `version` goes up with every change, and no id is ever used again."""

    __tablename__ = "note"
    __table_args__ = (
        Index("ix_note_created_at_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(50))
    priority: Mapped[int] = mapped_column(SmallInteger)
    gif_id: Mapped[str | None] = mapped_column(String(64))
    gif_url: Mapped[str | None] = mapped_column(String(500))
    gif_title: Mapped[str | None] = mapped_column(String(500))

    @property
    def gif(self) -> KeptGif | None:
        """The GIF that the note carries."""
        if self.gif_id is None or self.gif_url is None:
            return None
        return KeptGif(self.gif_id, self.gif_url, self.gif_title or "")
