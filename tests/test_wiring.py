"""What the container hands to handlers is what they say they take."""

import inspect
from types import ModuleType
from typing import get_type_hints

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from dependency_injector import providers
from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Factory, Provider
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
        page = getattr(route.handler, "page", route.handler)  # what browsers get there
        for function in {inspect.unwrap(route.handler), inspect.unwrap(page)}:
            for name, argument in inspect.signature(function).parameters.items():
                if isinstance(argument.default, Provide):
                    yield route, function, name, argument.default


def house_of(function, container: Container) -> DeclarativeContainer:
    """The container of the feature that a function stands in, or the root's."""
    package = function.__module__.split(".")[1]
    return getattr(container, package)() if package in dict(FEATURES) else container


async def test_every_handler_is_given_what_it_says_it_takes(
    app: web.Application, client
) -> None:
    for module in MODULES:
        for route, function, name, marker in markers(module):
            house = ProvidersMap(house_of(function, app.container))
            provider = house.resolve_provider(marker.provider, marker.modifier)
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

    assert bare == ["/favicon.ico", "/livez", "/docs"]


def test_no_two_routes_share_a_name(app: web.Application) -> None:
    names = [route.kwargs.get("name") for module in MODULES for route in module.routes]

    assert all(names)
    assert len(names) == len(set(names))


def test_nothing_is_asynchronous() -> None:
    for provider in Container().traverse():
        assert not isinstance(provider, (providers.Resource, providers.Coroutine))


async def test_state_is_single(app: web.Application, client: TestClient) -> None:
    made_anew = [p for p in app.container.traverse() if is_complete(p)]
    kinds = tuple(type(factory()) for factory in made_anew)

    for factory in made_anew:
        assert state_of(factory, kinds) == [], factory


@pytest.mark.parametrize("name", ["store", "flights", "bulkhead", "breaker"])
async def test_a_factory_of_what_has_state_would_be_found_out(
    app: web.Application, name: str
) -> None:
    single = getattr(app.container.resilience, name)
    factory = Factory(single.provides, *single.args, **single.kwargs)

    assert state_of(factory, ()) != []


def is_complete(provider: Provider) -> bool:
    """Whether it makes things anew, and has all that it needs for that."""
    try:
        return isinstance(provider, Factory) and provider() is not None
    except TypeError as error:
        if "missing" in str(error):  # the rest is said by whoever calls it
            return False
        raise


def state_of(factory: Factory, made_anew: tuple[type, ...]) -> list[str]:
    """What each thing that a factory makes has for itself, and that may change.

    What both of two have in common comes from the container. Of their own they may
    have what was made anew as well, and what the settings say: never anything that
    is empty and waits to be filled.
    """
    one, two = factory(), factory()
    names = [*vars(one)] if hasattr(one, "__dict__") else []
    names += [name for kind in type(one).__mro__ for name in slots(kind)]
    return [
        name
        for name in names
        if (own := getattr(one, name)) is not getattr(two, name)
        and not isinstance(own, (str, int, float, bytes, tuple, *made_anew))
        and not (isinstance(own, (list, dict, set)) and own)
    ]


def slots(kind: type) -> tuple[str, ...]:
    return tuple(vars(kind).get("__slots__", ()))


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
