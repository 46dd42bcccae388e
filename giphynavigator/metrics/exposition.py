"""Exposition: every number, as Prometheus reads it."""

import os

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from giphynavigator.metrics.workers import FOLDER


class Exposition:
    """Writes down what the instruments say: of all workers where there are several."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Give the numbers of this moment, and the content type of their format.

        Prometheus says by `accept` that it reads OpenMetrics, which alone has
        exemplars: the trace of one request beside the numbers that it is in.
        """
        encode, kind = choose_encoder(accept)
        return encode(self._all()), kind

    def _all(self) -> CollectorRegistry:
        if FOLDER not in os.environ:
            return self._registry
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]  # theirs
        return everyone
