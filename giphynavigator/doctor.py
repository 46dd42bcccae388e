"""doctor: looks at what the service stands on, and says what to do about it."""

from pathlib import Path
from typing import Final

from msgspec import Struct

from giphynavigator.application import create_container
from giphynavigator.errors import Misconfigured, NavigatorError
from giphynavigator.giphy_errors import GiphyRefused
from giphynavigator.hosts import is_loopback
from giphynavigator.lifecycle import opened
from giphynavigator.outages import DatabaseUnavailable
from giphynavigator.settings import Settings, SettingsError, read_settings

WHERE: Final = "check database.url and DATABASE_URL"
SHORTEST_TOKEN: Final = 16
"""Characters of a token that nobody guesses, be they but hexadecimal digits."""


class Finding(Struct, frozen=True):
    """One thing that was looked at: its state, and what to do if it is not good."""

    subject: str
    state: str
    good: bool = True
    advice: str = ""

    def line(self) -> str:
        """Give the finding as one line of text."""
        mark = "ok  " if self.good else "BAD "
        advice = f" -> {self.advice}" if self.advice else ""
        return f"{mark} {self.subject:<9} {self.state}{advice}"


async def examine(config: Path | None, *, online: bool) -> list[Finding]:
    """Give every finding; only with `online` is a call to Giphy spent."""
    try:
        settings = read_settings(config)
    except SettingsError as error:
        advice = "mend the file, or name another with --config"
        return [Finding("settings", str(error), good=False, advice=advice)]
    findings = [
        Finding("settings", settings.source),
        _key(settings),
        _writing(settings),
    ]
    try:
        database = await _database(settings)
    except Misconfigured as error:
        return [*findings, Finding("database", str(error), good=False, advice=WHERE)]
    return [*findings, await _giphy(settings, online=online), database]


def _key(settings: Settings) -> Finding:
    if settings.api_key:
        return Finding("key", "GIPHY_API_KEY is set")
    if settings.sandbox:
        advice = "set GIPHY_API_KEY for Giphy's own"
        return Finding("key", "none, so the sandbox answers", advice=advice)
    advice = "set GIPHY_API_KEY: Giphy answers nobody without"
    return Finding("key", "none", good=False, advice=advice)


def _writing(settings: Settings) -> Finding:
    """Say who may write, and whether the tokens are such as nobody guesses."""
    lengths = [len(token.reveal()) for token in settings.tokens]
    if lengths and min(lengths) < SHORTEST_TOKEN:
        advice = f"make it {SHORTEST_TOKEN} characters or more"
        return Finding("writing", "a token is short", good=False, advice=advice)
    if lengths:
        return Finding("writing", "who has one of GIPHYNAVIGATOR_TOKENS")
    server = settings.file.server
    if is_loopback(server.host) and not server.trusted_proxies:
        return Finding("writing", "this machine alone")
    return Finding("writing", "nobody", advice="set GIPHYNAVIGATOR_TOKENS")


async def _giphy(settings: Settings, *, online: bool) -> Finding:
    """Ask for one GIF, where that costs nothing or was wished for."""
    address = "the sandbox" if settings.sandbox else settings.file.giphy.api_url
    if not online and not settings.sandbox:
        return Finding("giphy", address, advice="not asked; --online spends one call")
    try:
        async with opened(create_container(settings)) as container:
            await container.giphy_client().trending(1)
    except GiphyRefused as error:
        return Finding("giphy", str(error), good=False, advice="check GIPHY_API_KEY")
    except NavigatorError as error:
        advice = "check giphy.api_url and the network"
        return Finding("giphy", str(error), good=False, advice=advice)
    return Finding("giphy", f"{address} answers")


async def _database(settings: Settings) -> Finding:
    """Look whether the database can be used; nothing is made or changed by that."""
    database = create_container(settings).database()
    if database.is_sqlite and is_to_be_made(Path(database.place)):
        return Finding("database", f"{database.place}, made at the first start")
    try:
        behind = await database.is_behind()
    except DatabaseUnavailable:
        state = f"{database.place}: {database.trouble}"
        return Finding("database", state, good=False, advice=WHERE)
    finally:
        await database.close()
    advice = "the next start brings its tables up to date" if behind else ""
    return Finding("database", f"{database.place} answers", advice=advice)


def is_to_be_made(path: Path) -> bool:
    """Whether there is no such file yet, but a folder for it."""
    return path.parent.is_dir() and not path.exists()
