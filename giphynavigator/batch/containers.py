"""BatchContainer: the searches it needs, the batches it offers."""

from dependency_injector import containers, providers

from giphynavigator.batch.services import BatchService, Calls, Searches


class BatchContainer(containers.DeclarativeContainer):
    """Needs first, then offers."""

    search_service = providers.Dependency[Searches]()
    quota = providers.Dependency[Calls]()
    default_limit = providers.Dependency[int]()

    batch_service = providers.Factory(
        BatchService, search_service, quota, limit=default_limit
    )
