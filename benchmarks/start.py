"""How long after its start the service gives its first answer."""

import time
from contextlib import AbstractContextManager
from typing import Final

from benchmarks.measure import (
    SERVE,
    Process,
    Upstream,
    ask,
    contender,
    running,
    upstream,
)
from benchmarks.rows import Row
from benchmarks.words import path

ROUNDS: Final = 7


async def start() -> Row:
    """Start the service and the tutorial's application in turns."""
    ours, theirs = [], []
    with upstream() as giphy:
        for _ in range(ROUNDS):
            ours.append(seconds(running(SERVE, {})))
            theirs.append(seconds(tutorial(giphy)))
    middle = sorted(theirs)[ROUNDS // 2]
    return Row(
        what="First answer after start, everything embedded",
        short="First answer after start",
        budget=1.5,
        unit="{:.2f} s",
        figures=tuple(ours),
        baseline=f"the tutorial-shaped app {middle:.2f} s",
        how=(
            "From `python -m giphynavigator serve --port 0` with nothing set, so with"
            " the sandbox inside, to the whole answer of the first search."
            f" {ROUNDS} rounds in turns with the tutorial's application, which has its"
            " upstream running already."
        ),
    )


def tutorial(giphy: Upstream) -> AbstractContextManager[Process]:
    """Give the tutorial's application, not started yet."""
    return contender("tutorial", giphy.api_url)


def seconds(server: AbstractContextManager[Process]) -> float:
    """Give the seconds until a server that is started now has answered."""
    began = time.perf_counter()
    with server as process:
        ask(process.address + path("first"))
        return time.perf_counter() - began
