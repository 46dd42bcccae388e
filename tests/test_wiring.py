"""What the container hands to handlers is what they say they take."""

import inspect
from types import ModuleType
from typing import get_type_hints

import pytest
from aiohttp import web
from dependency_injector import providers
from dependency_injector.wiring import Provide, ProvidersMap

from giphynavigator import handlers
from giphynavigator.application import FEATURES, create_app
from giphynavigator.containers import Container
from giphynavigator.giphy import GiphyClient
from tests.conftest import asking

MODULES = [handlers, *(module for _, module in FEATURES)]


def markers(module: ModuleType):
    """Every argument of a route of the module whose default is a Provide marker."""
    for route in module.routes:
        function = inspect.unwrap(route.handler)
        for name, argument in inspect.signature(function).parameters.items():
            if isinstance(argument.default, Provide):
                yield route, function, name, argument.default


async def test_every_handler_is_given_what_it_says_it_takes(
    app: web.Application, client
) -> None:
    houses = {handlers: app.container}
    for name, module in FEATURES:
        houses[module] = getattr(app.container, name)()

    for module, container in houses.items():
        resolve = ProvidersMap(container).resolve_provider
        for route, function, name, marker in markers(module):
            provider = resolve(marker.provider, marker.modifier)
            annotation = get_type_hints(function)[name]
            assert provider is not None, f"{route.path}: {name} is not wired"
            assert isinstance(provider(), annotation), f"{route.path}: {name}"


def test_every_handler_that_needs_something_is_given_it() -> None:
    bare = [
        route.path
        for module in MODULES
        for route in module.routes
        if not any(True for found, *_ in markers(module) if found is route)
    ]

    assert bare == ["/favicon.ico", "/livez"]


def test_no_two_routes_share_a_name(app: web.Application) -> None:
    names = [route.kwargs.get("name") for module in MODULES for route in module.routes]

    assert all(names)
    assert len(names) == len(set(names))


def test_state_is_single_and_nothing_is_asynchronous() -> None:
    for provider in Container().traverse():
        assert not isinstance(provider, (providers.Resource, providers.Coroutine))


async def test_an_unmet_need_is_named_before_the_first_request(aiohttp_client) -> None:
    app = create_app(asking("http://127.0.0.1:9/v1"))

    with pytest.raises(Exception, match="http_session"):
        app.container.check_dependencies()
    client = await aiohttp_client(app)
    app.container.check_dependencies()
    assert isinstance(app.container.giphy_client(), GiphyClient)
    await client.close()


def test_wiring_may_be_undone_twice(app: web.Application) -> None:
    app.container.unwire()
    app.container.unwire()
