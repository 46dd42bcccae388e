"""CPU for a search that costs a call, against the tutorial's application."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from benchmarks.load import crowd, get_all
from benchmarks.measure import Process, contender, navigator, upstream
from benchmarks.rows import MICRO, Row, micro
from benchmarks.words import fresh_words, path

ROUNDS: Final = 24
REQUESTS: Final = 120
AT_ONCE: Final = 10
WARM_UP: Final = 200
NAMES: Final = ("navigator", "tutorial", "one_call")
HOW: Final = (
    f"{AT_ONCE} connections ask for words that nobody asked for before, limit"
    f" 10. {ROUNDS} rounds of {REQUESTS} requests to each of the three, in"
    " turns, the same words for each. All ask one upstream in a process of its"
    " own, which gives what the sandbox answered once, so that it takes no CPU"
    " from those who are measured. The tutorial's application makes a session for"
    " each call, asks for 10 whole GIFs, parses all of the JSON and runs on"
    " asyncio's own loop, with three markers, as its readers run it. The service"
    " asks for 50"
    " GIFs with the fields it needs, counts the call, and keeps the page."
)


async def cold() -> Row:
    """Measure the service, the tutorial and the floor, round by round."""
    with ExitStack() as stack:
        giphy = stack.enter_context(upstream())
        ready = stack.enter_context(contender("recorded", giphy.api_url, "0"))
        processes = [
            stack.enter_context(navigator(ready.address)),
            stack.enter_context(contender("tutorial", ready.address)),
            stack.enter_context(contender("one_call", ready.address)),
        ]
        words = fresh_words("cold")
        for process in processes:
            await get_all(process.address, taken(words, WARM_UP), AT_ONCE)
        spent: dict[str, list[float]] = {name: [] for name in NAMES}
        for number in range(ROUNDS):
            paths = taken(words, REQUESTS)
            turns = list(zip(NAMES, processes, strict=True))
            for name, process in turns[number % 3 :] + turns[: number % 3]:
                spent[name].append(await cpu_per_request(process, paths))
    return row(*(spent[name] for name in NAMES))


def taken(words: Iterator[str], number: int) -> list[str]:
    """Give what the next so many words are asked by."""
    return [path(word) for word in itertools.islice(words, number)]


async def cpu_per_request(process: Process, paths: list[str]) -> float:
    """Give the seconds of CPU that one of the requests takes."""
    async with crowd(process.address, AT_ONCE) as visit:
        before = process.cpu()
        await visit(paths)
        return (process.cpu() - before) / len(paths)


def row(ours: list[float], tutorial: list[float], floor: list[float]) -> Row:
    """Put the rounds side by side."""
    lowest = Row(
        what="",
        short="",
        budget=0,
        figures=tuple(a / b for a, b in zip(floor, tutorial, strict=True)),
    ).median
    least = f"{min(ours) * MICRO:.0f} ÷ {min(tutorial) * MICRO:.0f} µs"
    return Row(
        what="CPU per request, cold search ÷ tutorial-shaped app",
        short="CPU, cold search ÷ tutorial",
        budget=0.35,
        aim=0.25,
        figures=tuple(a / b for a, b in zip(ours, tutorial, strict=True)),
        baseline=(
            f"{micro(tutorial)}; ours {micro(ours)}; the floor, a bare handler making"
            f" the one call for 50 GIFs, {micro(floor)} ({lowest:.2f}); the best rounds"
            f" {least}"
        ),
        how=HOW,
    )
