"""Services with tokens, names and proxies of their own."""

from typing import Final

from giphynavigator.settings import (
    DatabaseSettings,
    FileSettings,
    GiphySettings,
    Secret,
    ServerSettings,
    Settings,
)
from tests.processes import IN_MEMORY

TOKEN: Final = "canary" + "-token"
"""Put together here, so that no traceback's source line shows it whole."""
OTHER: Final = "other" + "-token"
BEARER: Final = {"Authorization": f"Bearer {TOKEN}"}

LOOPBACK: Final = "127.0.0.0/8"


def guarded_by(
    *tokens: str,
    host: str = "127.0.0.1",
    hosts: tuple[str, ...] = (),
    proxies: tuple[str, ...] = (),
    secret: str = "",
) -> Settings:
    """Settings of a service with these tokens; nobody is where it would ask."""
    file = FileSettings(
        server=ServerSettings(host=host, hosts=hosts, trusted_proxies=proxies),
        giphy=GiphySettings(api_url="http://127.0.0.1:9/v1"),
        database=DatabaseSettings(IN_MEMORY),
    )
    return Settings(
        file,
        tokens=tuple(map(Secret, tokens)),
        secret=Secret(secret),
        sandbox=False,
    )
