"""CPU for a search whose page is kept, against a bare handler with the same bytes."""

from typing import Final

from benchmarks.load import crowd, get_all
from benchmarks.measure import Process, contender, navigator, upstream
from benchmarks.rows import MICRO, Row, micro
from benchmarks.words import path

ROUNDS: Final = 40
REQUESTS: Final = 2500
AT_ONCE: Final = 40
WARM_UP: Final = 3000
PATHS: Final = [path(f"warm {number}") for number in range(20)]
HOW: Final = (
    f"{AT_ONCE} kept connections ask for {len(PATHS)} kept searches, limit 10."
    f" {ROUNDS} rounds of {REQUESTS:,} requests to each, in turns, the one that"
    " begins changing from round to round. The bare handler returns the"
    " service's bodies, fetched when it started. Both run on uvloop without"
    " access log. The pages stay fresh for the whole run; the figure is the"
    " median of the rounds' ratios."
)


async def warm() -> Row:
    """Measure both, round by round."""
    with (
        upstream() as giphy,
        navigator(giphy.api_url, cache={"max_age": 3600}) as ours,
        contender("bare", *(ours.address + path for path in PATHS)) as bare,
    ):
        spent: dict[int, list[float]] = {ours.pid: [], bare.pid: []}
        for process in (ours, bare):
            await get_all(process.address, PATHS * (WARM_UP // len(PATHS)), AT_ONCE)
        for number in range(ROUNDS):
            order = (ours, bare) if number % 2 else (bare, ours)
            for process in order:
                spent[process.pid].append(await cpu_per_request(process))
    return row(spent[ours.pid], spent[bare.pid])


async def cpu_per_request(process: Process) -> float:
    """Give the seconds of CPU that one of the requests takes."""
    paths = PATHS * (REQUESTS // len(PATHS))
    async with crowd(process.address, AT_ONCE) as visit:
        before = process.cpu()
        await visit(paths)
        return (process.cpu() - before) / len(paths)


def row(ours: list[float], bare: list[float]) -> Row:
    """Put the rounds side by side."""
    least = f"{min(ours) * MICRO:.0f} ÷ {min(bare) * MICRO:.0f} µs"
    return Row(
        what="CPU per request, warm search ÷ bare aiohttp handler with the same bytes",
        short="CPU, warm search ÷ bare handler",
        budget=1.40,
        aim=1.20,
        figures=tuple(a / b for a, b in zip(ours, bare, strict=True)),
        baseline=f"{micro(bare)}; ours {micro(ours)}; the best rounds {least}",
        how=HOW,
    )
