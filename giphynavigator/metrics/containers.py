"""MetricsContainer: needs first, then what it offers."""

from dependency_injector import containers, providers
from prometheus_client import CollectorRegistry

from giphynavigator.metrics.exposition import Exposition
from giphynavigator.metrics.recorder import MetricsRecorder
from giphynavigator.metrics.workers import create_registry


class MetricsContainer(containers.DeclarativeContainer):
    """The counters of one application, and the text that shows them."""

    redis = providers.Configuration(strict=True)

    registry = providers.Singleton[CollectorRegistry](create_registry)
    recorder = providers.Singleton(MetricsRecorder, registry, redis=redis.is_set)
    exposition = providers.Factory(Exposition, registry)
