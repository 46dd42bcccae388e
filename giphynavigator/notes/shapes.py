"""What notes look like in JSON."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from giphynavigator.gifs import KeptGif
from giphynavigator.notes.models import Note


class NoteShape(Struct, frozen=True):
    """A note; `created_at` is ISO 8601 in UTC."""

    id: int
    title: str
    description: str
    created_at: Annotated[datetime, Meta(tz=True)]
    created_by: str
    priority: int
    gif: KeptGif | None


class NotePage(Struct, frozen=True):
    """Some notes, and how many there are in all."""

    notes: list[NoteShape]
    total: int


def shape(note: Note) -> NoteShape:
    """Give a note as it is shown."""
    return NoteShape(
        id=note.id,
        title=note.title,
        description=note.description,
        created_at=note.created_at,
        created_by=note.created_by,
        priority=note.priority,
        gif=note.gif,
    )
