"""OpenApiContainer: who may do what, and the document that says so."""

from dependency_injector import containers, providers

from giphynavigator.openapi.services import Guards, OpenApi


class OpenApiContainer(containers.DeclarativeContainer):
    """Needs first, then offers."""

    no_token = providers.Dependency(instance_of=frozenset)
    any_origin = providers.Dependency(instance_of=frozenset)
    tokens = providers.Dependency(instance_of=tuple)

    document = providers.Singleton(
        OpenApi,
        providers.Factory(
            Guards, no_token, any_origin, providers.Callable(bool, tokens)
        ),
    )
