"""create_app: the whole service, put together."""

from types import ModuleType
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from giphynavigator import handlers
from giphynavigator.batch import handlers as batch
from giphynavigator.containers import Container
from giphynavigator.draining import prepare_draining
from giphynavigator.health import handlers as health
from giphynavigator.lifecycle import connect
from giphynavigator.metrics import handlers as metrics
from giphynavigator.middlewares import guarded
from giphynavigator.sandbox.own_media import join
from giphynavigator.settings import Settings, read_settings

FEATURES: Final[tuple[tuple[str, ModuleType], ...]] = (
    ("batch", batch),
    ("metrics", metrics),
    ("health", health),
)
"""The one list of features: its container's name in the root, its handlers."""


def create_app(settings: Settings | None = None) -> web.Application:
    """Give the application; needs no key, and without settings reads them itself."""
    container = create_container(settings)
    guard = guarded(container.clients, container.client_limits)
    app = web.Application(middlewares=[*listening(container), guard])
    app.container = container  # the name that the tutorial gives it
    prepare_draining(app)
    app.cleanup_ctx.append(connect(container))
    app.add_routes(handlers.routes)
    container.wire(modules=[handlers])
    for name, feature in FEATURES:
        app.add_routes(feature.routes)
        getattr(container, name)().wire(modules=[feature])
    if container.config.sandbox():
        join(app)
    return app


def listening(container: Container) -> list[Middleware]:
    """Give what features bring to stand outermost, where the final answer is seen."""
    found: list[Middleware] = []
    for name, _ in FEATURES:
        feature = getattr(container, name)()
        if hasattr(feature, "middlewares"):
            found += feature.middlewares()
    return found


def create_container(settings: Settings | None = None) -> Container:
    """Give the parts list, filled with settings."""
    container = Container()
    container.config.from_dict((settings or read_settings()).as_config())
    return container
