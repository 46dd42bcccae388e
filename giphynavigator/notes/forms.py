"""What the forms of pages send: each act leads on to the page that shows it.

A form that cannot be taken comes back as it was sent, with the reason; one for a
note that has changed meanwhile comes back beside the note as it is now.
"""

from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.errors import Misused
from giphynavigator.notes.asked import read_form, read_id, read_version
from giphynavigator.notes.containers import NotesContainer
from giphynavigator.notes.pages import Refused, note_page, notes_page, origin
from giphynavigator.notes.parameters import NoteBody, NoteChanges, columns
from giphynavigator.notes.repository import NoteChanged, NoteRepository
from giphynavigator.web.forms import form_of, leading_on


@inject
async def new_note_by_form(
    request: web.Request,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.StreamResponse:
    """Keep a note, and go on to the list, where it is the first."""
    said = await form_of(request)
    try:
        await repository.add(columns(read_form(NoteBody, said)))
    except Misused as error:
        return await notes_page(request, Refused(said, error))
    return leading_on(origin(request, said))


@inject
async def edit_by_form(
    request: web.Request,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.StreamResponse:
    """Change a note, unless somebody else has done so: PATCH for forms."""
    note_id, said = read_id(request), await form_of(request)
    try:
        changes = columns(read_form(NoteChanges, said))
        await repository.change(note_id, changes, read_version(said))
    except (Misused, NoteChanged) as error:
        return await note_page(request, Refused(said, error))
    return leading_on(origin(request, said))


@inject
async def delete_by_form(
    request: web.Request,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.StreamResponse:
    """Delete a note, unless somebody else has changed it: DELETE for forms."""
    note_id, said = read_id(request), await form_of(request)
    try:
        await repository.delete(note_id, read_version(said))
    except NoteChanged as error:
        return await note_page(request, Refused(said, error))
    return leading_on(origin(request, said))
