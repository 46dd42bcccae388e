"""Every value that an operator may set, its bounds, and what it is by default."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct
from yarl import URL

from giphynavigator.media_origins import read_origin
from giphynavigator.shapes import Lang, Rating

SQLITE = "sqlite+aiosqlite"
POSTGRES = "postgresql+asyncpg"
DRIVERS = {
    "sqlite": SQLITE,
    SQLITE: SQLITE,
    "postgres": POSTGRES,
    "postgresql": POSTGRES,
    POSTGRES: POSTGRES,
}
"""How a database's URL may begin, and the driver that is meant."""

Port: TypeAlias = Annotated[int, Meta(ge=0, le=65535)]
Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=31_536_000)]
HttpUrl: TypeAlias = Annotated[str, Meta(pattern=r"^https?://[^/\s]+")]


class Secret:
    """A text that is in nothing that can be printed; empty when there is none."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text.strip()

    def reveal(self) -> str:
        """Give the text itself, at the moment it is sent."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(***)" if self._text else "Secret()"


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping in config.yml; a key that is not listed is a mistake."""


class ServerSettings(Section, frozen=True):
    """Where the service listens, and whom it believes."""

    host: str = "127.0.0.1"
    port: Port = 8080
    hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a proxy that is no address and no network, and a host with more."""
        for proxy in self.trusted_proxies:
            ip_network(proxy, strict=False)
        for host in self.hosts:
            if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+", host):
                raise ValueError(f"hosts must be names without a port, not {host!r}")


class GiphySettings(Section, frozen=True):
    """How Giphy is asked; `rating` is the default and a ceiling."""

    api_url: HttpUrl = "https://api.giphy.com/v1"
    request_timeout: Annotated[float, Meta(gt=0, le=300)] = 10
    rating: Rating = "g"
    lang: Lang = "en"

    def __post_init__(self) -> None:
        """Refuse an address that could not be asked, or that holds a secret."""
        problem = "api_url must be http(s)://host[:port]/path and nothing more"
        try:
            url = URL(self.api_url)
            whole = url.host and url.port
        except ValueError:
            raise ValueError(problem) from None
        if not whole or url.query_string or url.fragment or url.user or url.password:
            raise ValueError(problem)


class DefaultSettings(Section, frozen=True):
    """What `GET /` searches for when it is not told."""

    query: Annotated[str, Meta(max_length=50, pattern=r"\S")] = "Dependency Injector"
    limit: Annotated[int, Meta(ge=1, le=50)] = 10


class LogSettings(Section, frozen=True):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    access: bool = True
    format: Literal["text", "json"] = "text"


class CacheSettings(Section, frozen=True):
    """How long, in seconds, and in how many bytes answers are kept."""

    max_age: Seconds = 60
    stale_while_revalidate: Seconds = 600
    stale_if_error: Seconds = 3600
    max_bytes: Annotated[int, Meta(ge=0)] = 67_108_864


class QuotaSettings(Section, frozen=True):
    """How many calls Giphy allows in a period of seconds."""

    calls: Annotated[int, Meta(ge=1)] = 100
    period: Annotated[float, Meta(gt=0, le=31_536_000)] = 3600


class RedisSettings(Section, frozen=True):
    """What replicas share; an empty url means this process is alone."""

    url: str = ""

    def __repr__(self) -> str:
        """Show only whether there is one: an address may hold a password."""
        return f"RedisSettings({'***' if self.url else ''})"


class LimitSettings(Section, frozen=True):
    """How often one client may ask; clients on this machine are not limited."""

    per_minute: Annotated[float, Meta(gt=0)] = 120
    burst: Annotated[int, Meta(ge=1)] = 60


class DatabaseSettings(Section, frozen=True):
    """What lasts; a relative SQLite path is relative to the file it stands in."""

    url: str = "sqlite+aiosqlite:///giphynavigator.db"
    pool_size: Annotated[int, Meta(ge=1)] = 5
    max_overflow: Annotated[int, Meta(ge=0)] = 10

    def __post_init__(self) -> None:
        """Refuse what is no database of ours, without quoting it."""
        try:
            url = URL(self.url)
            known = url.scheme in DRIVERS and url.port != 0
        except ValueError:
            known = False
        if not known:
            raise ValueError("url must be sqlite:///path or postgresql://host/name")

    def __repr__(self) -> str:
        """Show the engine only: an address may hold a password."""
        return f"DatabaseSettings({self.url.partition(':')[0]})"


class MediaSettings(Section, frozen=True):
    """Which hosts downloads may fetch from and pages may show."""

    origins: tuple[str, ...] = ("media*.giphy.com", "i.giphy.com")

    def __post_init__(self) -> None:
        """Refuse what is no host."""
        for origin in self.origins:
            read_origin(origin)


class FileSettings(Section, frozen=True):
    """The sections of config.yml; one that is left out has its defaults."""

    server: ServerSettings = ServerSettings()
    giphy: GiphySettings = GiphySettings()
    default: DefaultSettings = DefaultSettings()
    log: LogSettings = LogSettings()
    cache: CacheSettings = CacheSettings()
    quota: QuotaSettings = QuotaSettings()
    redis: RedisSettings = RedisSettings()
    limits: LimitSettings = LimitSettings()
    database: DatabaseSettings = DatabaseSettings()
    media: MediaSettings = MediaSettings()


class Settings(Struct, frozen=True):
    """The file with what the environment replaced, the secrets, and their origin."""

    file: FileSettings = FileSettings()
    source: str = "built-in defaults"
    api_key: Secret = Secret()
    tokens: tuple[Secret, ...] = ()
    secret: Secret = Secret()
    sandbox: bool = True
    workers: int = 1

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that must not be read in a log, passwords in addresses included."""
        addresses = (self.file.redis.url, self.file.database.url)
        return (self.api_key, self.secret, *self.tokens, *map(_password, addresses))

    @property
    def counts_alone(self) -> bool:
        """Whether each worker keeps a part of the quota, as no Redis keeps it whole."""
        return not self.sandbox and not self.file.redis.url

    def bound_to(self, host: str) -> "Settings":
        """Give the settings of a service that listens at this address instead."""
        server = msgspec.structs.replace(self.file.server, host=host)
        file = msgspec.structs.replace(self.file, server=server)
        return msgspec.structs.replace(self, file=file)

    def as_config(self) -> dict[str, Any]:
        """Give the nested dict that the container's Configuration provider takes."""
        config: dict[str, Any] = msgspec.to_builtins(self.file)
        config["giphy"]["api_key"] = self.api_key
        config["tokens"] = self.tokens
        config["secret"] = self.secret
        config["database"]["url"] = Secret(self.file.database.url)
        config["redis"]["url"] = Secret(self.file.redis.url)
        config["redis"]["is_set"] = bool(self.file.redis.url)
        config["database"]["folder"] = Path(self.source).absolute().parent
        config["cache"]["ready_bytes"] = self.file.cache.max_bytes // 32
        config["cache"]["answer_bytes"] = self.file.cache.max_bytes * 3 // 32
        config["cache"]["page_bytes"] = self.file.cache.max_bytes * 7 // 8
        config["sandbox"] = self.sandbox
        config["workers"] = self.workers
        return config


def _password(address: str) -> Secret:
    """Give the password that stands in an address, empty where there is none."""
    found = re.search(r"//[^/@:]*:([^@]*)@", address)
    return Secret(found[1] if found else "")
