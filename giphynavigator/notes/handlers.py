"""HTTP in front of the NoteRepository: the collection of notes, and each of them."""

from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.notes import examples
from giphynavigator.notes.containers import NotesContainer
from giphynavigator.notes.forms import delete_by_form, edit_by_form, new_note_by_form
from giphynavigator.notes.models import Note
from giphynavigator.notes.pages import note_page, notes_page
from giphynavigator.notes.parameters import (
    NoteBody,
    NoteChanges,
    NoteId,
    NoteParameters,
    columns,
)
from giphynavigator.notes.preconditions import etag, is_known, versions
from giphynavigator.notes.repository import (
    NoteChanged,
    NoteNotFound,
    NoteRepository,
)
from giphynavigator.notes.shapes import NotePage, NoteShape, shape
from giphynavigator.storage.outages import DatabaseUnavailable
from giphynavigator.web.browsers import or_page
from giphynavigator.web.forms import or_form
from giphynavigator.web.operations import operation

routes = web.RouteTableDef()
routes.post("/notes/{id}/edit", name="change_note_by_form")(edit_by_form)
routes.post("/notes/{id}/delete", name="delete_note_by_form")(delete_by_form)

HEADERS: Final = {
    "Content-Type": "application/json",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept",
}
"""Notes may change at any moment: who keeps one asks whether it still holds."""

CHANGING: Final = (NoteNotFound, NoteChanged, DatabaseUnavailable)
"""How it may end to change a note."""


@routes.get("/notes", name="notes")
@or_page(notes_page)
@operation(NotePage, errors=(DatabaseUnavailable,), example=examples.ALL)
@inject
async def notes(
    request: web.Request,
    query: NoteParameters,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.Response:
    """Give notes, newest first: all, or those that hold a text."""
    page, total = await repository.page(
        limit=query.limit, offset=query.offset, search=query.search
    )
    shown = NotePage([shape(note) for note in page], total)
    return web.Response(body=msgspec.json.encode(shown), headers=HEADERS)


@routes.post("/notes", name="new_note")
@or_form(new_note_by_form)
@operation(
    NoteShape,
    status=HTTPStatus.CREATED,
    headers=("ETag", "Location"),
    errors=(DatabaseUnavailable,),
    example=examples.NEW,
)
@inject
async def new_note(
    request: web.Request,
    body: NoteBody,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.Response:
    """Keep a note; any content type will do, what counts is that it is JSON."""
    return answer(request, await repository.add(columns(body)), HTTPStatus.CREATED)


@routes.get("/notes/{id}", name="note")
@or_page(note_page)
@operation(
    NoteShape,
    headers=("ETag",),
    errors=(NoteNotFound, DatabaseUnavailable),
    example=examples.ONE,
)
@inject
async def note(
    request: web.Request,
    note_id: NoteId,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.Response:
    """Give the note of that id; 304 to whoever has it as it is."""
    found = await repository.get(note_id)
    if is_known(request, found):
        headers = {**HEADERS, "ETag": etag(found)}
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return answer(request, found)


@routes.put("/notes/{id}", name="replace_note")
@operation(NoteShape, headers=("ETag",), errors=CHANGING, example=examples.REPLACED)
@inject
async def replace_note(
    request: web.Request,
    note_id: NoteId,
    body: NoteBody,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.Response:
    """Put a whole note in the place of another; with If-Match only of that one."""
    changed = await repository.change(note_id, columns(body), versions(request))
    return answer(request, changed)


@routes.patch("/notes/{id}", name="change_note")
@operation(NoteShape, headers=("ETag",), errors=CHANGING, example=examples.CHANGED)
@inject
async def change_note(
    request: web.Request,
    note_id: NoteId,
    body: NoteChanges,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.Response:
    """Change the named fields of a note; with If-Match only of that very one."""
    changed = await repository.change(note_id, columns(body), versions(request))
    return answer(request, changed)


@routes.delete("/notes/{id}", name="delete_note")
@operation(status=HTTPStatus.NO_CONTENT, errors=CHANGING, example=examples.ONE_GONE)
@inject
async def delete_note(
    request: web.Request,
    note_id: NoteId,
    repository: NoteRepository = Provide[NotesContainer.repository],
) -> web.Response:
    """Delete a note; with If-Match only that very one."""
    await repository.delete(note_id, versions(request))
    return web.Response(status=HTTPStatus.NO_CONTENT)


def answer(
    request: web.Request, note: Note, status: HTTPStatus = HTTPStatus.OK
) -> web.Response:
    """Answer with a note; with its address when it is new."""
    headers = {**HEADERS, "ETag": etag(note)}
    if status == HTTPStatus.CREATED:
        router = request.app.router
        headers["Location"] = str(router["note"].url_for(id=str(note.id)))
    body = msgspec.json.encode(shape(note))
    return web.Response(body=body, status=status, headers=headers)
