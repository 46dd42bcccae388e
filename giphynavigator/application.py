"""create_app: the whole service, put together."""

import asyncio
from types import ModuleType
from typing import Final

from aiohttp import web

from giphynavigator import handlers
from giphynavigator.batch import handlers as batch
from giphynavigator.containers import Container
from giphynavigator.health import handlers as health
from giphynavigator.lifecycle import connect
from giphynavigator.metrics import handlers as metrics
from giphynavigator.middlewares import guarded
from giphynavigator.notes import handlers as notes
from giphynavigator.openapi import handlers as openapi
from giphynavigator.polls import handlers as polls
from giphynavigator.sandbox.own_media import join
from giphynavigator.security.origins import open_to_any_origin
from giphynavigator.security.sessions import COOKIE
from giphynavigator.serving.draining import DRAINING, begin_to_end
from giphynavigator.session import handlers as session
from giphynavigator.settings import Settings
from giphynavigator.settings_sources import read_settings
from giphynavigator.site import handlers as site
from giphynavigator.v1 import handlers as v1
from giphynavigator.v1.refusals import PLACES, refusal
from giphynavigator.web.problems import Problems
from giphynavigator.web.rendering import prepare_pages

FEATURES: Final[tuple[tuple[str, ModuleType], ...]] = (
    ("batch", batch),
    ("notes", notes),
    ("polls", polls),
    ("metrics", metrics),
    ("health", health),
    ("session", session),
    ("openapi", openapi),
    ("site", site),
    ("v1", v1),
)
"""The one list of features: its container's name in the root, its handlers."""

LARGEST: Final = 256 * 1024
"""Bytes of a request's body; 200 queries, each character of them escaped, are half."""

OPEN: Final = (batch, v1)
"""Features that pages of any origin may use, as they may the handlers of the core."""


def create_app(settings: Settings | None = None) -> web.Application:
    """Give the application; needs no key, and without settings reads them itself."""
    container = create_container(settings)
    draining = asyncio.Event()
    guard = guarded(
        draining,
        Problems(dict.fromkeys(PLACES, refusal)),
        recorder=container.recorder,
        clients=container.clients,
        limits=container.client_limits,
        access=container.access,
    )
    app = web.Application(middlewares=[guard], client_max_size=LARGEST)
    app.container = container  # the name that the tutorial gives it
    app[DRAINING] = draining
    prepare_pages(
        app,
        sandbox=container.config.sandbox(),
        media_origins=container.config.media.origins(),
        session_cookie=COOKIE if container.config.tokens() else "",
    )
    app.cleanup_ctx.append(connect(container))
    app.on_shutdown.append(begin_to_end)
    open_to_any_origin(app.add_routes(handlers.routes))
    container.wire(modules=[handlers])
    for name, feature in FEATURES:
        added = app.add_routes(feature.routes)
        if feature in OPEN:
            open_to_any_origin(added)
        getattr(container, name)().wire(modules=[feature])
    if container.config.sandbox():
        join(app)
    return app


def create_container(settings: Settings | None = None) -> Container:
    """Give the parts list, filled with settings."""
    container = Container()
    container.config.from_dict((settings or read_settings()).as_config())
    return container
