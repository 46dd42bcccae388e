"""Time that a machine which does other things too did not give."""

import os
import time
from pathlib import Path
from typing import Final

SCHEDULER: Final = Path("/proc/self/schedstat")


class Starved:
    """Seconds in all for which the main threads of processes could run and did not.

    What is measured while they wait for a processor says nothing about them, so it
    is to be left out. Where the kernel does not tell, it is 0.
    """

    def __init__(self, *processes: int) -> None:
        self._files = [
            os.open(f"/proc/{pid}/task/{pid}/schedstat", os.O_RDONLY)
            for pid in processes
            if SCHEDULER.exists()
        ]

    def __call__(self) -> float:
        return sum(int(os.pread(file, 100, 0).split()[1]) for file in self._files) / 1e9


class Stopwatch:
    """Seconds since it was made, less those in which nobody gave a processor to it.

    Counted is what this process was kept waiting, and the `others` that it waits for.
    """

    def __init__(self, *others: int) -> None:
        self._starved = Starved(os.getpid(), *others)
        self._began = time.monotonic() - self._starved()

    def __call__(self) -> float:
        return time.monotonic() - self._starved() - self._began
