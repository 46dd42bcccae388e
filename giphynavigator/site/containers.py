"""SiteContainer: the searches it needs, the pages and files it offers."""

import time

from dependency_injector import containers, providers

from giphynavigator.site.services import Calls, Searches, SearchPages, Words
from giphynavigator.web.assets import all_assets


class SiteContainer(containers.DeclarativeContainer):
    """Needs first, then what it offers."""

    search_service = providers.Dependency[Searches]()
    quota = providers.Dependency[Calls]()
    giphy = providers.Configuration()

    assets = providers.Callable(all_assets)
    words = providers.Singleton(Words)
    search_pages = providers.Factory(
        SearchPages,
        search_service,
        quota,
        words,
        rating=giphy.rating,
        lang=giphy.lang,
        clock=providers.Object(time.monotonic),
    )
