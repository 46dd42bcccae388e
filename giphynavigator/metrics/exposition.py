"""Exposition: every number, as Prometheus reads it."""

import os

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from giphynavigator.metrics.workers import FOLDER


class Exposition:
    """Writes down what the instruments say: of all workers where there are several."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def text(self) -> bytes:
        """Give the numbers of this moment in Prometheus' text format."""
        return generate_latest(self._all())

    def _all(self) -> CollectorRegistry:
        if FOLDER not in os.environ:
            return self._registry
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]  # theirs
        return everyone
