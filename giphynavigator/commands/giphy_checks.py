"""What doctor sees of Giphy, and of the calls that are left."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from msgspec import Struct
from msgspec.structs import replace
from yarl import URL

from giphynavigator.application import create_container
from giphynavigator.commands.findings import Finding, bad, warning
from giphynavigator.commands.reaching import reach
from giphynavigator.containers import Container
from giphynavigator.errors import NavigatorError, Unavailable
from giphynavigator.giphy import GiphyClient
from giphynavigator.giphy_errors import GiphyRefused
from giphynavigator.sandbox.application import running_sandbox
from giphynavigator.settings import RedisSettings, Secret, Settings
from giphynavigator.web.rendering import when

WHERE: Final = "check giphy.api_url and the network"


class GiphySeen(Struct, frozen=True):
    """What there is to say of Giphy; `ahead` is how many seconds its clock is.

    That is None where Giphy was not asked, or did not say what time it is.
    """

    giphy: Finding
    quota: Finding
    ahead: float | None = None


async def look_at_giphy(
    settings: Settings, *, online: bool, is_shared: bool
) -> GiphySeen:
    """Give what there is to say; only with `online` is a call to Giphy spent.

    `is_shared` says whether there is a Redis that can be used: the call is counted
    there.
    """
    container = create_container(settings if is_shared else alone(settings))
    ahead: list[float] = []
    try:
        async with aiohttp.ClientSession(trace_configs=[hearing(ahead)]) as session:
            giphy = await seen(settings, container, session, online=online)
        quota = await calls(settings, container, is_shared=is_shared)
    finally:
        await container.shared().close()
    return GiphySeen(giphy, quota, ahead[0] if ahead and not settings.sandbox else None)


def alone(settings: Settings) -> Settings:
    """Give the settings of a process that shares nothing."""
    return replace(settings, file=replace(settings.file, redis=RedisSettings()))


async def seen(
    settings: Settings,
    container: Container,
    session: aiohttp.ClientSession,
    *,
    online: bool,
) -> Finding:
    """Ask for a GIF where that costs nothing or was wished for; else reach out."""
    if settings.sandbox:
        async with running_sandbox() as sandbox:
            client = container.giphy_client(
                session=session, api_url=sandbox.api_url, api_key=Secret("any")
            )
            return await answering(client, "the sandbox")
    address = settings.file.giphy.api_url
    if online:
        return await answering(container.giphy_client(session=session), address)
    reached = await reach(URL(address), patience=settings.file.giphy.request_timeout)
    if reached.trouble:
        return bad("giphy", f"{address}: {reached.trouble}", WHERE)
    state = f"{address} is there, after {reached.seconds * 1000:.0f} ms"
    return Finding("giphy", state, "--online spends one call to try the key")


async def answering(client: GiphyClient, address: str) -> Finding:
    """Say what comes of a call."""
    try:
        await client.trending(1)
    except GiphyRefused as error:
        return bad("giphy", f"{address}: {error}", "check GIPHY_API_KEY")
    except Unavailable as error:
        return warning(
            "giphy", f"{address}: {error}", "wait, or ask for a larger quota"
        )
    except NavigatorError as error:
        return bad("giphy", f"{address}: {error}", WHERE)
    return Finding("giphy", f"{address} answers")


async def calls(
    settings: Settings, container: Container, *, is_shared: bool
) -> Finding:
    """Say how many calls are left, as far as that can be known from outside."""
    if settings.sandbox:
        return Finding("quota", "none: the sandbox counts nothing")
    allowed = f"{settings.file.quota.calls} calls in {settings.file.quota.period:g} s"
    if not settings.file.redis.url:
        return Finding("quota", allowed, "GET /quota tells how many are left")
    if not is_shared:
        state = f"{allowed}, and nobody knows how many are left"
        return warning("quota", state, "without Redis each replica has a small part")
    quota = container.quota()
    await quota.look()
    report = quota.report()
    state = f"{report.left} of {allowed} are left"
    if report.left:
        return Finding("quota", state)
    again = when({"Retry-After": str(int(report.resets_in or 0))})
    return warning("quota", state, f"there are more {again}")


def hearing(
    ahead: list[float], now: Callable[[], float] = time.time
) -> aiohttp.TraceConfig:
    """Give what notes by how many seconds the clocks of those who answer are ahead.

    They tell whole seconds, and are taken to be in the middle of one.
    """

    async def note(_: Any, __: Any, ended: aiohttp.TraceRequestEndParams) -> None:
        said = ended.response.headers.get("Date", "")
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return
        ahead.append(moment.timestamp() + 0.5 - now())

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note)
    return trace
