"""Several processes on one port, counted together.

prometheus-client does it through files, one set for each process, in the folder
that PROMETHEUS_MULTIPROC_DIR names. Whoever starts the workers lends them that
folder, and says when one of them is gone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import mark_process_dead

from giphynavigator.metrics.folders import hold, lent_folder

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def counted_together() -> Iterator[None]:
    """Have all processes that are started meanwhile counted together."""
    with lent_folder() as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def forget_worker(pid: int) -> None:
    """Take what a worker that ended was just doing out of the sums.

    What it has counted stays in them.
    """
    if FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]  # theirs


def create_registry() -> CollectorRegistry:
    """Give a registry of the application's own, for instruments of this process."""
    if FOLDER in os.environ:
        join(os.environ[FOLDER])
    return CollectorRegistry()


@cache
def join(folder: str) -> None:
    """Count through that folder from now on, and hold it while this process lives."""
    hold(folder)
    # The library chooses between memory and files when it is imported, which a
    # worker that was forked from its parent has done too early.
    if values.ValueClass is values.MutexValue:
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # theirs
