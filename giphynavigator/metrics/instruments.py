"""Instruments whose labels cost nothing once they were seen."""

from collections.abc import Iterable
from typing import Final, TypeVar

from prometheus_client import disable_created_metrics
from prometheus_client.metrics import MetricWrapperBase

PREFIX: Final = "giphynavigator_"

# Nobody asks when a counter began, and each would be one series more.
disable_created_metrics()  # type: ignore[no-untyped-call]  # theirs

Instrument = TypeVar("Instrument", bound=MetricWrapperBase)
Labels = str | tuple[str | int, ...]


class Children(dict[Labels, Instrument]):
    """The children of an instrument by their labels, each looked up once.

    `labels()` costs more than the counting does. Those of `known` are shown from
    the start, at 0: a counter that begins at 1 hides its first event from `rate`.
    """

    def __init__(self, parent: Instrument, known: Iterable[Labels] = ()) -> None:
        super().__init__()
        self._parent = parent
        for labels in known:
            self[labels] = self.__missing__(labels)

    def __missing__(self, labels: Labels) -> Instrument:
        values = labels if isinstance(labels, tuple) else (labels,)
        child = self[labels] = self._parent.labels(*values)
        return child
