"""Calls to Giphy for ten thousand searches, against the pages that they are of."""

from typing import Final

from benchmarks.load import get_all
from benchmarks.measure import Upstream, contender, navigator, upstream
from benchmarks.rows import Row
from benchmarks.words import People, Visit, ranks, rich_topics

ROUNDS: Final = 3
REQUESTS: Final = 10_000
TOPICS: Final = 300
TUTORIAL: Final = 400
"""Requests that the tutorial's application is asked: it makes a call for each."""
HOW: Final = (
    f"{ROUNDS} rounds, each with a fresh service: {REQUESTS:,} requests, 40 at"
    f" once, for {TOPICS} queries by Zipf's law; half ask `/`, half `/gifs`;"
    " limits from 1 to 50, offsets from 0 to 100, upper and lower case, more"
    " and less white space, parameters in any order. The calls are counted by the"
    " sandbox. A round is shorter than the minute for which a page is fresh. The"
    f" tutorial is asked the first {TUTORIAL} of each round."
)


async def calls() -> Row:
    """Measure the service and the tutorial with the same requests."""
    ours, theirs, pages = [], [], []
    with upstream() as giphy:
        for number in range(ROUNDS):
            visits = people(number, giphy.api_url)
            pages.append(distinct(visits))
            with navigator(giphy.api_url) as process:
                made = await calls_for(giphy, process.address, visits)
            ours.append(made / distinct(visits))
            some = [visit for visit in visits if visit.path.startswith("/?")][:TUTORIAL]
            with contender("tutorial", giphy.api_url) as process:
                theirs.append(await calls_for(giphy, process.address, some) / len(some))
    return row(ours, theirs, pages)


def people(number: int, api_url: str) -> list[Visit]:
    """Give the requests of one round."""
    topics = rich_topics(TOPICS, f"round{number}", api_url)
    asking = People(number)
    return [asking.visit(topics[rank]) for rank in ranks(REQUESTS, TOPICS, seed=number)]


def distinct(visits: list[Visit]) -> int:
    """Count the pages that the requests are slices of."""
    return len({page for visit in visits for page in visit.pages})


async def calls_for(giphy: Upstream, address: str, visits: list[Visit]) -> int:
    """Count the calls that the requests cost."""
    before = giphy.calls()
    await get_all(address, [visit.path for visit in visits])
    return giphy.calls() - before


def row(ours: list[float], theirs: list[float], pages: list[int]) -> Row:
    """Put them side by side."""
    each = sum(theirs) / len(theirs)
    return Row(
        what="Calls to Giphy ÷ distinct pages, 10,000 requests, Zipf, slices mixed",
        short="Calls ÷ distinct pages",
        budget=1.00,
        figures=tuple(ours),
        unit="{:.3f}",
        baseline=(
            f"the tutorial makes {each:.2f} calls for each request:"
            f" {REQUESTS * each / (sum(pages) / len(pages)):.0f} times as many"
        ),
        how=HOW,
    )
