"""V1Container: the ways to Giphy that it needs, the API that it offers."""

from dependency_injector import containers, providers

from giphynavigator.pages import PageSource
from giphynavigator.v1.services import ApiService, Asking, Tags


class V1Container(containers.DeclarativeContainer):
    """Needs first, then offers."""

    pages = providers.Dependency[PageSource]()
    asking = providers.Dependency[Asking]()
    rating = providers.Dependency(instance_of=str)

    tags = providers.Singleton(Tags)
    api = providers.Factory(ApiService, pages, asking, tags, rating=rating)
