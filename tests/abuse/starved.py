"""Time that a machine which does other things too did not give."""

import os
from pathlib import Path
from typing import Final

SCHEDULER: Final = Path("/proc/self/schedstat")


class Starved:
    """Seconds in all for which the main threads of processes could run and did not.

    What is measured while they wait for a processor says nothing about them, so it
    is to be left out.
    """

    def __init__(self, *processes: int) -> None:
        self._files = [
            os.open(f"/proc/{pid}/task/{pid}/schedstat", os.O_RDONLY)
            for pid in processes
        ]

    def __call__(self) -> float:
        return sum(int(os.pread(file, 100, 0).split()[1]) for file in self._files) / 1e9
