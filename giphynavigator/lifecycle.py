"""opened: the one place where what a service keeps open opens and closes."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
from aiohttp import web
from dependency_injector import providers

from giphynavigator import __version__
from giphynavigator.containers import Container
from giphynavigator.downloads.resolver import create_media_session
from giphynavigator.sandbox.application import running_sandbox
from giphynavigator.settings import Secret
from giphynavigator.web.ready import READY

DRAIN: Final = 2.0
"""Seconds that calls to Giphy may still take when the program stops."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(container: Container) -> AsyncIterator[Container]:
    """Lend the container with every connection up; take them down after.

    With `sandbox` set in its config, the stand-in Giphy runs meanwhile and is the
    one that is asked.
    """
    async with AsyncExitStack() as stack:
        if container.config.sandbox():
            sandbox = await stack.enter_async_context(running_sandbox())
            giphy = container.config.giphy
            stack.enter_context(giphy.api_url.override(sandbox.api_url))
            stack.enter_context(giphy.api_key.override(Secret("any will do")))
            log.warning("the sandbox at %s answers, not Giphy", sandbox.api_url)
        session = await stack.enter_async_context(create_session())
        stack.enter_context(container.http_session.override(providers.Object(session)))
        media = create_media_session(container.media_origins())
        media = await stack.enter_async_context(media)
        stack.enter_context(container.media_session.override(providers.Object(media)))
        container.check_dependencies()
        stack.push_async_callback(container.shared().close)
        stack.push_async_callback(container.database().close)
        stack.push_async_callback(container.polls.ballots().close)
        stack.push_async_callback(container.polls.news().close)
        await container.quota().look()
        stack.push_async_callback(container.resilience.flights().drain, DRAIN)
        yield container


def create_session() -> aiohttp.ClientSession:
    """Give the one session of the process; it keeps no cookies."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"giphy-navigator/{__version__}"},
    )


def connect(container: Container) -> Callable[[web.Application], AsyncIterator[None]]:
    """Give what `app.cleanup_ctx` takes: the container is open while the app runs."""

    async def connected(app: web.Application) -> AsyncIterator[None]:
        async with opened(container):
            app[READY] = container.ready()
            await container.database().open()
            container.polls.news().open()
            yield

    return connected
