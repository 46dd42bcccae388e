"""From what was measured to a thousand replicas, on paper."""

from typing import Final

from benchmarks.scaling.redis_costs import CONNECTIONS, Cost, RedisCosts
from benchmarks.scaling.runs import QUOTA, USUAL, Runs

MANY: Final = 1000
BLOCKS: Final = 20
"""A replica takes this part of the quota at a time."""

RARE: Final = 0.005
NO_REDIS: Final = (
    "## A thousand replicas\n\nNot measured: redis-server is not installed.\n"
)


def thousand(runs: Runs) -> str:
    """Tell what a thousand replicas share, what it costs, and what gives way first."""
    if runs.redis is None:
        return NO_REDIS
    cold = runs.redis.cold
    return f"""## A thousand replicas, on paper

Replicas share pages, leases and the quota in one Redis; nothing else, and none of it is
needed to answer what a replica has itself. Measured against a real Redis, one replica,
one search after the other:

| a search | Redis commands | Redis's CPU | kept there |
|---|---:|---:|---:|
{line("that nobody has", cold)}
{line("that another replica has", runs.redis.elsewhere)}
| that the replica has itself | 0 | 0 µs | 0 KB |

Commands inside scripts are counted. The first row, by name: {named(cold)}.
A block of the quota, {BLOCKS} of which make the whole, is one script more.

{limits(runs, runs.redis)}"""


def line(what: str, cost: Cost) -> str:
    """Give a row of the table."""
    return f"| {what} | {cost.total:.1f} | {micro(cost)} | {kilo(cost)} |"


def limits(runs: Runs, redis: RedisCosts) -> str:
    """Say where it ends, the nearest end first."""
    ends = (
        quota_end(),
        connections_end(redis),
        bytes_end(runs),
        core_end(redis),
        memory_end(redis.cold),
    )
    numbered = "\n".join(f"{number}. {end}" for number, end in enumerate(ends, 1))
    return f"""Where it ends, the nearest end first:

{numbered}

A replica that loses Redis goes on with what it has and with its block of the quota. The
searches that a replica answers by itself cost Redis nothing, so {MANY:,} replicas serve
{MANY:,} times the warm searches of one.
"""


def quota_end() -> str:
    """Tell of the quota."""
    block = max(1, QUOTA // BLOCKS)
    return f"""**The quota.** {QUOTA} calls an hour are {BLOCKS} blocks of {block}, so
   at most {BLOCKS} replicas hold calls in one hour; the other {MANY - BLOCKS} answer a
   search that nobody has with 503 until the next. Pages of all are seen by all. For
   each of {MANY:,} replicas to hold a call, blocks would have to be smaller than a
   twentieth."""


def connections_end(redis: RedisCosts) -> str:
    """Tell of the connections."""
    return f"""**Connections.** Each replica opens up to {CONNECTIONS} to Redis when
   it is busy: {MANY * CONNECTIONS:,} for {MANY:,} replicas, where Redis accepts
   {redis.most_clients:,}. That is enough for {redis.most_clients // CONNECTIONS:,} busy
   replicas; beyond, raise `maxclients`."""


def bytes_end(runs: Runs) -> str:
    """Tell of the network."""
    shared = runs.shared[-1]
    return f"""**Bytes out of Redis.** A page that a replica does not have is read there
   before Giphy is asked; with {shared.load.replicas} replicas that were
   {shared.shared_reads / USUAL:.2f} pages for each search. A gigabit a second carries
   {1e9 / 8 / runs.page:,.0f} pages."""


def core_end(redis: RedisCosts) -> str:
    """Tell of the one core."""
    return f"""**Redis's one core.** At {micro(redis.elsewhere)} each it gives
   {1 / redis.elsewhere.cpu:,.0f} pages a second, and at {micro(redis.cold)} it serves
   {1 / redis.cold.cpu:,.0f} searches a second that nobody has: far more than any quota
   pays for."""


def memory_end(cold: Cost) -> str:
    """Tell of the memory."""
    return f"""**Memory in Redis.** {kilo(cold)} a page: a gigabyte holds
   {1e9 / cold.bytes:,.0f}, and each leaves when it is of no more use."""


def micro(cost: Cost) -> str:
    """Write the CPU of a search."""
    return f"{cost.cpu * 1e6:.0f} µs"


def kilo(cost: Cost) -> str:
    """Write the memory of a search."""
    return f"{max(0.0, cost.bytes / 1024):.1f} KB"


def named(cost: Cost) -> str:
    """Write the commands by name, those that are rare left out."""
    often = {name: count for name, count in cost.commands.items() if count >= RARE}
    ordered = sorted(often.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {count:.2f}" for name, count in ordered)
