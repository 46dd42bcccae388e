"""HealthContainer: what is looked at, and the health that it makes."""

from dependency_injector import containers, providers

from giphynavigator.health.services import Breaker, Database, Health, Shared


class HealthContainer(containers.DeclarativeContainer):
    """Needs first, then what it offers."""

    sandbox = providers.Dependency(instance_of=bool)
    has_redis = providers.Dependency(instance_of=bool)
    breaker = providers.Dependency[Breaker]()
    shared = providers.Dependency[Shared]()
    database = providers.Dependency[Database]()

    health = providers.Factory(
        Health, breaker, shared, database, sandbox=sandbox, has_redis=has_redis
    )
