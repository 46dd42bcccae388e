"""NotesContainer: what it needs, and the notes and pages that it offers."""

from dependency_injector import containers, providers

from giphynavigator.notes.needs import Access, Searches
from giphynavigator.notes.repository import NoteRepository
from giphynavigator.notes.services import NotePages
from giphynavigator.storage.database import Database


class NotesContainer(containers.DeclarativeContainer):
    """Needs first, then offers."""

    database = providers.Dependency(instance_of=Database)
    search_service = providers.Dependency[Searches]()
    access = providers.Dependency[Access]()

    repository = providers.Factory(NoteRepository, database)
    note_pages = providers.Factory(NotePages, repository, search_service, access)
