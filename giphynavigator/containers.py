"""Container: the parts list, top to bottom what the program is made of."""

import aiohttp
from dependency_injector import containers, providers

from giphynavigator.giphy import GiphyClient
from giphynavigator.pages import GiphyPages
from giphynavigator.services import Defaults, SearchService


class Container(containers.DeclarativeContainer):
    """Every object the application is made of."""

    config = providers.Configuration(strict=True)

    http_session = providers.Dependency(instance_of=aiohttp.ClientSession)

    giphy_client = providers.Factory(
        GiphyClient,
        session=http_session,
        api_url=config.giphy.api_url,
        api_key=config.giphy.api_key,
        timeout=config.giphy.request_timeout,
    )

    pages = providers.Factory(GiphyPages, giphy_client=giphy_client)

    defaults = providers.Factory(
        Defaults,
        query=config.default.query,
        limit=config.default.limit,
        rating=config.giphy.rating,
        lang=config.giphy.lang,
    )

    search_service = providers.Factory(SearchService, pages=pages, defaults=defaults)
