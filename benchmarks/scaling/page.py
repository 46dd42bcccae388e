"""docs/scaling.md: what the simulation found, and what follows from it on paper."""

from pathlib import Path
from typing import Final

from benchmarks.scaling import tables
from benchmarks.scaling.paper import thousand
from benchmarks.scaling.plots import MB, plots
from benchmarks.scaling.runs import QUOTA, USUAL, Runs, run
from benchmarks.scaling.simulation import CACHE, Outcome

LESS: Final = 0.99
"""What is not a hundredth less is called the same."""


def write(docs: Path) -> None:
    """Simulate everything and write page and plots."""
    runs = run()
    (docs / "scaling.md").write_text(page(runs))
    (docs / "scaling.svg").write_text(plots(runs))
    print(f"wrote {docs.name}/scaling.md and scaling.svg")


def page(runs: Runs) -> str:
    """Give the page."""
    parts = (
        head(runs),
        people(runs),
        quota(runs),
        queries(runs),
        replicas(runs),
        thousand(runs),
    )
    return "\n".join(parts)


def head(runs: Runs) -> str:
    """Say what was done."""
    usual = runs.people[0].load
    return f"""\
# How it grows

Written by `make bench`; every figure is from its last run. An hour of searches goes
through the real container, service, page store and resilience, on a fake clock and
with a fake client that answers at once with a recorded page of 50 GIFs ({runs.page:,}
bytes). Queries follow Zipf's law: the n-th is asked 1/n as often as the first;
{usual.queries:,} different ones unless the table says otherwise. A person makes
{tables.PER_PERSON} searches an hour. Settings are the defaults: pages are fresh for
{CACHE.max_age:.0f} s, {CACHE.max_bytes // MB} MiB are kept. HTTP is not in these
figures; [performance.md](performance.md) has it.

![Four plots](scaling.svg)
"""


def people(runs: Runs) -> str:
    """Tell of more and more people."""
    first, last = runs.people[0], runs.people[-1]
    (usual,) = (o for o in runs.people if o.load.searches == runs.roomy.load.searches)
    room = usual.kept / (runs.roomy.kept / runs.roomy.pages)
    return f"""## More people

{tables.people(runs)}

{last.load.searches // first.load.searches:,} times as many searches cost
{last.calls / first.calls:,.0f} times as many calls: a page that is kept is asked for
once in its lifetime, however many want it. (With any number of calls allowed, that is;
a new key has {QUOTA}.) The bound on memory counts here too:
{CACHE.max_bytes // MB} MiB have room for {room:,.0f} pages of
{last.load.queries:,}, and the rare ones push each other out. So
{usual.share("miss"):.0%} of {usual.load.searches:,} searches waited for Giphy. With
room for all pages it is {runs.roomy.share("miss"):.0%}: the others get the stale page
while it is refreshed. {spared(usual, runs.roomy)}
"""


def spared(usual: Outcome, roomy: Outcome) -> str:
    """Tell whether room for all pages saves calls, or only waiting."""
    if roomy.calls < LESS * usual.calls:
        return f"That is {roomy.calls:,} calls instead of {usual.calls:,}."
    return (
        f"It spares people the waiting and Giphy nothing ({roomy.calls:,} calls\n"
        f"against {usual.calls:,}): past its lifetime a page costs a call, kept or not."
    )


def quota(runs: Runs) -> str:
    """Tell of the same people with a new key's quota."""
    return f"""## The same with {QUOTA} calls an hour

{tables.quota(runs)}

The quota holds whatever comes. What it cannot pay for is answered by older pages where
there are any, and otherwise refused with the time to come back; refused are the rare
queries. Whoever needs them needs a larger quota from Giphy or a longer
`cache.max_age`, not more machines.
"""


def queries(runs: Runs) -> str:
    """Tell of more and more different queries."""
    most = max(o.resident for o in runs.queries)
    return f"""## More queries

{USUAL:,} searches each.

{tables.queries(runs)}

Memory grows with the pages asked for until the bound, and stays there: the largest
process here took {most / MB:.0f} MB for what it keeps, ready answers and bookkeeping
included, with a bound of {CACHE.max_bytes // MB}.
"""


def replicas(runs: Runs) -> str:
    """Tell of more and more replicas."""
    alone, shared = runs.alone[-1], runs.shared[-1]
    return f"""## More replicas

{USUAL:,} searches in all, spread by chance.

{tables.replicas(runs)}

{alone.load.replicas} replicas that know nothing of each other make
{alone.calls / runs.alone[0].calls:.1f} times the calls of one; sharing a Redis,
{shared.calls / runs.shared[0].calls:.2f} times as many, and the rest comes from there.
(Here the shared store is a stand-in on the fake clock; what the real one costs is
below.)
"""
