"""Pages for browsers: the list of notes, and each note by itself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from dependency_injector.wiring import Provide, inject
from msgspec import Struct

from giphynavigator.errors import NavigatorError
from giphynavigator.notes.asked import read_asked, read_id
from giphynavigator.notes.containers import NotesContainer
from giphynavigator.notes.models import Note
from giphynavigator.notes.services import NotePages
from giphynavigator.web.forms import own_path
from giphynavigator.web.rendering import render

BLANK: Final = Note(
    id=0,
    version=0,
    title="",
    description="",
    created_at=datetime(1, 1, 1, tzinfo=UTC),
    created_by="",
    priority=0,
)
"""No note: what scripts fill in is made from it."""


class Refused(Struct, frozen=True):
    """A form that could not be taken: what it said, and what is wrong with it."""

    said: Mapping[str, str]
    error: NavigatorError


@inject
async def notes_page(
    request: web.Request,
    refused: Refused | None = None,
    note_pages: NotePages = Provide[NotesContainer.note_pages],
) -> web.Response:
    """List notes, newest first; a form for a new one comes back as it was sent."""
    asked = read_asked({} if refused else request.query)
    context = {
        "shown": await note_pages.page(asked),
        "blank": BLANK,
        "may_write": await note_pages.may_write(request),
    }
    return page(request, "notes/list.html", context, refused)


@inject
async def note_page(
    request: web.Request,
    refused: Refused | None = None,
    note_pages: NotePages = Provide[NotesContainer.note_pages],
) -> web.Response:
    """Show a note as it is now; a form that would change it comes back as sent."""
    note, media = await note_pages.one(read_id(request))
    context = {
        "note": note,
        "media": media,
        "may_write": await note_pages.may_write(request),
    }
    return page(request, "notes/note.html", context, refused)


def page(
    request: web.Request,
    template: str,
    context: Mapping[str, Any],
    refused: Refused | None,
) -> web.Response:
    """Answer with a page; its forms lead back to `here`."""
    if refused is None:
        here = str(request.rel_url)
        return render(request, template, {**context, "refused": None, "here": here})
    whole = {**context, "refused": refused, "here": origin(request, refused.said)}
    return render(request, template, whole, status=refused.error.status)


def origin(request: web.Request, said: Mapping[str, str]) -> str:
    """Give the address of the page that a form was on, the list if it says none."""
    notes = str(request.app.router["notes"].url_for())
    return own_path(said.get("next"), notes)
