"""doctor: looks at what the service stands on, and says what to do about it."""

from pathlib import Path

from msgspec import Struct

from giphynavigator.application import create_container
from giphynavigator.errors import NavigatorError
from giphynavigator.giphy import GiphyRefused
from giphynavigator.lifecycle import opened
from giphynavigator.settings import Settings, SettingsError, read_settings


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
    findings = [Finding("settings", settings.source), _key(settings)]
    findings.append(await _giphy(settings, online=online))
    return findings


def _key(settings: Settings) -> Finding:
    if settings.api_key:
        return Finding("key", "GIPHY_API_KEY is set")
    if settings.sandbox:
        advice = "set GIPHY_API_KEY for Giphy's own"
        return Finding("key", "none, so the sandbox answers", advice=advice)
    advice = "set GIPHY_API_KEY: Giphy answers nobody without"
    return Finding("key", "none", good=False, advice=advice)


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
