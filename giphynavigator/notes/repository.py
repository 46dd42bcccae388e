"""NoteRepository: the notes in the database."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from giphynavigator.errors import NotFound, PreconditionFailed
from giphynavigator.notes.models import Note
from giphynavigator.storage.database import Database


class NoteNotFound(NotFound):
    """There is no note of that id."""

    def __init__(self, note_id: int) -> None:
        super().__init__(f"there is no note {note_id}")


class NoteChanged(PreconditionFailed):
    """The note is not any more as the caller knew it."""

    def __init__(self, note_id: int) -> None:
        super().__init__(f"note {note_id} has changed: it has another ETag now")


def now() -> datetime:
    """Give this moment."""
    return datetime.now(UTC)


class NoteRepository:
    """Keeps notes, finds, changes and deletes them.

    Where `versions` are given, only a note that has one of them is touched; that
    is looked at in the statement that touches it.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def page(
        self, *, limit: int, offset: int = 0, search: str | None = None
    ) -> tuple[list[Note], int]:
        """Give notes that hold a text, newest first, and how many there are in all."""
        total = select(func.count(Note.id))
        notes = select(Note).order_by(Note.created_at.desc(), Note.id.desc())
        if search:
            total, notes = total.where(holds(search)), notes.where(holds(search))
        async with self._database.reading() as session:
            page = await session.scalars(notes.limit(limit).offset(offset))
            return list(page), await session.scalar(total) or 0

    async def get(self, note_id: int) -> Note:
        """Give the note, or raise NoteNotFound."""
        async with self._database.reading() as session:
            note = await session.get(Note, note_id)
        if note is None:
            raise NoteNotFound(note_id)
        return note

    async def add(self, columns: dict[str, Any]) -> Note:
        """Keep a new note and give it; it is of now, unless it says otherwise."""
        note = Note(**{"created_at": self._clock(), **columns})
        async with self._database.writing() as session:
            session.add(note)
        return note

    async def change(
        self,
        note_id: int,
        columns: dict[str, Any],
        versions: Collection[int] | None = None,
    ) -> Note:
        """Give the note with new values, or raise NoteNotFound or NoteChanged.

        Without any it is the note that it was.
        """
        values = {**columns, "version": Note.version + (1 if columns else 0)}
        changed = update(Note).where(is_one(note_id, versions)).values(values)
        async with self._database.writing() as session:
            note: Note | None = await session.scalar(changed.returning(Note))
            return note or await explain(session, note_id)

    async def delete(
        self, note_id: int, versions: Collection[int] | None = None
    ) -> None:
        """Delete the note, or raise NoteNotFound or NoteChanged."""
        gone = delete(Note).where(is_one(note_id, versions)).returning(Note.id)
        async with self._database.writing() as session:
            if await session.scalar(gone) is None:
                await explain(session, note_id)


def holds(text: str) -> ColumnElement[bool]:
    """Say that title or description holds a text, in capitals or not."""
    columns = Note.title, Note.description
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def is_one(note_id: int, versions: Collection[int] | None) -> ColumnElement[bool]:
    """Say that it is that note, and has one of the versions if they are given."""
    if versions is None:
        return Note.id == note_id
    return and_(Note.id == note_id, Note.version.in_(versions))


async def explain(session: AsyncSession, note_id: int) -> NoReturn:
    """Raise what kept a note from being touched."""
    if await session.scalar(select(Note.id).where(Note.id == note_id)) is None:
        raise NoteNotFound(note_id)
    raise NoteChanged(note_id)
