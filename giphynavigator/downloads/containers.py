"""DownloadsContainer: the searches and session it needs, the downloads it offers."""

import aiohttp
from dependency_injector import containers, providers

from giphynavigator.downloads.finding import Finder, Searches
from giphynavigator.downloads.services import DownloadService
from giphynavigator.downloads.transfer import Backoff
from giphynavigator.downloads.wire import MediaClient
from giphynavigator.media_origins import MediaOrigins


class DownloadsContainer(containers.DeclarativeContainer):
    """Needs first, then offers."""

    search_service = providers.Dependency[Searches]()
    session = providers.Dependency(instance_of=aiohttp.ClientSession)
    origins = providers.Dependency(instance_of=MediaOrigins)
    api_url = providers.Dependency[str]()
    sandbox = providers.Dependency[bool]()

    media_client = providers.Factory(MediaClient, session, origins)
    finder = providers.Factory(Finder, search_service, api_url=api_url, sandbox=sandbox)
    backoff = providers.Factory(Backoff)
    download_service = providers.Factory(
        DownloadService, finder, media_client, backoff=backoff
    )
