"""What doctor sees of Redis, of the database and of the clock."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from giphynavigator.application import create_container
from giphynavigator.commands.findings import Finding, bad, warning
from giphynavigator.errors import Misconfigured
from giphynavigator.settings import Secret, Settings
from giphynavigator.storage.database import Database
from giphynavigator.storage.outages import DatabaseUnavailable

if TYPE_CHECKING:
    from giphynavigator.resilience.redis_report import RedisReport

REDIS: Final = "check redis.url and REDIS_URL"
OLDEST_REDIS: Final = 7
SLOW: Final = 0.05
TOO_SLOW: Final = 0.2
"""Seconds that a command may take; after these a request goes on without Redis."""

DATABASE: Final = "check database.url and DATABASE_URL"
ADVICE: Final = {
    "ConnectionRefusedError": f"nobody listens there: start it, or {DATABASE}",
    "gaierror": f"there is no such host: {DATABASE}",
    "TimeoutError": f"it does not answer: look after it, or {DATABASE}",
    "InvalidPasswordError": f"it refuses the user or the password: {DATABASE}",
    "InvalidAuthorizationSpecificationError": f"it refuses the user: {DATABASE}",
    "InvalidCatalogNameError": f"make that database, or {DATABASE}",
    "CannotConnectNowError": "it starts or ends: try again in a moment",
    "TooManyConnectionsError": "allow more connections, or lower database.pool_size",
    "its tables are of step": "run the newer release that has been here",
}
"""What to do about the trouble that a database has, by words in it."""

SKEWED: Final = 2.0
WRONG: Final = 60.0
"""Seconds by which a clock is off that one should know of, and that are too many."""


async def redis_at(url: str) -> "RedisReport | None":
    """Give the report on the Redis that is configured, None where none is."""
    if not url:
        return None
    # Half of the program's import time, so only where it is wanted.
    from giphynavigator.resilience.redis_report import report_on  # noqa: PLC0415 - see above

    return await report_on(Secret(url))


def redis(report: "RedisReport | None") -> Finding:
    """Say whether replicas share what they can, and how quickly."""
    if report is None:
        return Finding("redis", "not configured: each process keeps and counts alone")
    if report.trouble:
        return bad("redis", f"{report.place}: {report.trouble}", REDIS)
    ms = f"{report.ping * 1000:.1f} ms"
    state = f"{report.place}, Redis {report.version or '?'}, answers in {ms}"
    major = report.version.partition(".")[0]
    if major.isdecimal() and int(major) < OLDEST_REDIS:
        return bad("redis", state, f"use Redis {OLDEST_REDIS} or newer")
    if report.ping >= TOO_SLOW:
        return bad("redis", state, "no request waits that long: have it nearer")
    if report.ping >= SLOW:
        return warning("redis", state, "each search asks it: have it nearer")
    return Finding("redis", state)


async def look_at_database(settings: Settings) -> Finding:
    """Say whether the database can be used; nothing is made or changed by that."""
    try:
        database = create_container(settings).database()
    except Misconfigured as error:
        return bad("database", str(error), DATABASE)
    try:
        return await seen(database)
    finally:
        await database.close()


async def seen(database: Database) -> Finding:
    """Say whether a database answers, and whether its tables are up to date."""
    if database.is_sqlite and is_to_be_made(Path(database.place)):
        return Finding("database", f"{database.place}, made at the first start")
    try:
        is_behind = await database.is_behind()
    except DatabaseUnavailable:
        known = (
            advice for words, advice in ADVICE.items() if words in database.trouble
        )
        state = f"{database.place}: {database.trouble}"
        return bad("database", state, next(known, DATABASE))
    state = f"{database.place} answers"
    if is_behind:
        advice = "the next start brings them up to date, or db upgrade now"
        return warning("database", f"{state}, with tables that are behind", advice)
    return Finding("database", f"{state}, with tables that are up to date")


def is_to_be_made(path: Path) -> bool:
    """Whether there is no such file yet, but a folder for it."""
    return path.parent.is_dir() and not path.exists()


def clock(ahead: Mapping[str, float | None]) -> Finding:
    """Say how far this machine's clock is from those of others, by their names."""
    known = {who: seconds for who, seconds in ahead.items() if seconds is not None}
    if not known:
        advice = "Redis tells its own, and so does Giphy with --online"
        return Finding("clock", "compared with no other", advice)
    who, seconds = max(known.items(), key=lambda other: abs(other[1]))
    off = abs(seconds)
    state = f"{off:.1f} s {'behind' if seconds > 0 else 'ahead of'} {who}'s"
    advice = "set it by NTP: sessions and signatures go by it"
    if off > WRONG:
        return bad("clock", state, advice)
    return warning("clock", state, advice) if off > SKEWED else Finding("clock", state)
