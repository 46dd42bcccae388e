"""Folders for numbers that processes count together, and the end of old ones.

Every process that uses such a folder holds it by a lock that goes with the process,
however that ends. So what a killed service left behind can be told from what
another one uses.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

PREFIX: Final = "giphynavigator-metrics-"

NEW: Final = 60.0
"""Seconds in which who made a folder may not hold it yet."""


@contextmanager
def lent_folder() -> Iterator[str]:
    """Lend a new folder, and remove those that dead processes left."""
    clear_up(Path(gettempdir()))
    with TemporaryDirectory(prefix=PREFIX) as folder:
        holding = hold(folder)
        try:
            yield folder
        finally:
            os.close(holding)


def clear_up(temporary: Path) -> None:
    """Remove the folders of this user that no process holds any more."""
    for folder in temporary.glob(PREFIX + "*"):
        with suppress(OSError):  # it is held, or somebody else removes it just now
            if is_ours(folder):
                os.close(hold(folder, alone=True))
                rmtree(folder)


def is_ours(folder: Path) -> bool:
    """Whether it is a folder that this user made, and not only just now."""
    found = folder.lstat()
    is_old = time.time() - found.st_mtime > NEW
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and is_old


def hold(folder: str | Path, *, alone: bool = False) -> int:
    """Hold a folder until the descriptor is closed, or until this process ends.

    Many may hold it together; `alone` raises OSError if anybody does.
    """
    import fcntl  # noqa: PLC0415 - Windows has none, and no workers that share a port

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(
            descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB
        )
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
