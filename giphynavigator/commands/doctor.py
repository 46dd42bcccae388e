"""doctor: looks at what the service stands on, and says what to do about it."""

import asyncio
from pathlib import Path

from giphynavigator.commands.findings import Finding, bad
from giphynavigator.commands.giphy_checks import look_at_giphy
from giphynavigator.commands.server_checks import (
    clock,
    look_at_database,
    redis,
    redis_at,
)
from giphynavigator.commands.settings_checks import look_at_settings
from giphynavigator.settings import Settings
from giphynavigator.settings_sources import SettingsError, read_settings


async def examine(config: Path | None, *, online: bool) -> list[Finding]:
    """Give every finding; only with `online` is a call to Giphy spent.

    No server is blamed for another, and no finding holds a secret.
    """
    try:
        settings = read_settings(config)
    except SettingsError as error:
        advice = "mend the file, or name another with --config"
        return [bad("settings", str(error), advice)]
    return [
        *look_at_settings(settings),
        *await look_at_servers(settings, online=online),
    ]


async def look_at_servers(settings: Settings, *, online: bool) -> list[Finding]:
    """Give the findings about Giphy, Redis, the database and the clock."""
    report = await redis_at(settings.file.redis.url)
    is_shared = report is not None and not report.trouble
    giphy, database = await asyncio.gather(
        look_at_giphy(settings, online=online, is_shared=is_shared),
        look_at_database(settings),
    )
    others = {"Giphy": giphy.ahead}
    if report and not report.trouble:
        others["Redis"] = report.ahead
    return [giphy.giphy, giphy.quota, redis(report), database, clock(others)]
