"""create_app: the whole service, put together."""

from types import ModuleType
from typing import Final

from aiohttp import web

from giphynavigator import handlers
from giphynavigator.batch import handlers as batch
from giphynavigator.containers import Container
from giphynavigator.lifecycle import connect
from giphynavigator.middlewares import limited, problems
from giphynavigator.sandbox.joined import join
from giphynavigator.settings import Settings, read_settings

FEATURES: Final[tuple[tuple[str, ModuleType], ...]] = (("batch", batch),)
"""The one list of features: its container's name in the root, its handlers."""


def create_app(settings: Settings | None = None) -> web.Application:
    """Give the application; needs no key, and without settings reads them itself."""
    container = create_container(settings)
    limit = limited(container.clients, container.client_limits)
    app = web.Application(middlewares=[problems, limit])
    app.container = container  # the name that the tutorial gives it
    app.cleanup_ctx.append(connect(container))
    app.add_routes(handlers.routes)
    container.wire(modules=[handlers])
    for name, feature in FEATURES:
        app.add_routes(feature.routes)
        getattr(container, name)().wire(modules=[feature])
    if container.config.sandbox():
        join(app)
    return app


def create_container(settings: Settings | None = None) -> Container:
    """Give the parts list, filled with settings."""
    container = Container()
    container.config.from_dict((settings or read_settings()).as_config())
    return container
