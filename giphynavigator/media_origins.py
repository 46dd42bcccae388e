"""media.origins: the hosts that media may come from, and the addresses behind them."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, TypeAlias

from msgspec import Struct
from yarl import URL

from giphynavigator.errors import BadRequest, shortened

ENTRY: Final = re.compile(
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*)(?::(?P<port>\d{1,5}))?"
)
PORTS: Final = {"https": 443, "http": 80}
LAST_PORT: Final = 65535
NAT64: Final = ip_network("64:ff9b::/96")
"""IPv6 addresses that end in an IPv4 address, which is where they lead."""

IPAddress: TypeAlias = IPv4Address | IPv6Address


class OriginRefused(BadRequest):
    """Nothing is fetched from there; says what would have to be otherwise."""


class MediaOrigin(Struct, frozen=True):
    """One entry of media.origins; without a port it means that of the scheme.

    A star stands for any characters of a name except dots, and for no address.
    """

    host: str
    port: int | None = None

    def covers(self, host: str, port: int, scheme: str) -> bool:
        """Whether a host and port are among those that the entry means."""
        if port != (self.port or PORTS[scheme]):
            return False
        if "*" not in self.host or address_in(host):
            return host == self.host
        return bool(re.fullmatch(re.escape(self.host).replace(r"\*", "[^.]*"), host))


class MediaOrigins:
    """Says whether an address may be fetched, and whether a host may lead there."""

    def __init__(self, listed: Iterable[str], *, api_url: str = "") -> None:
        """Take the entries, and the API: one on the loopback serves its own media."""
        self._listed = [read_origin(entry) for entry in listed]
        api = URL(api_url)
        if api.host and is_loopback(api.host):
            self._listed.append(MediaOrigin(api.host, api.port))

    def check(self, url: URL) -> None:
        """Raise OriginRefused unless the address may be fetched."""
        host, scheme = url.host or "", url.scheme
        if scheme not in PORTS or (scheme == "http" and not is_loopback(host)):
            raise OriginRefused(
                f"{shown(url)} is not fetched: media come by https,"
                " or by http from this very machine"
            )
        port = url.port or PORTS[scheme]
        if not any(o.covers(host, port, scheme) for o in self._listed):
            raise OriginRefused(f"{shown(url)} is not in media.origins")
        if url.user or url.password:
            raise OriginRefused(f"{shown(url)} is not asked with a name or a password")

    def check_address(self, host: str, address: str, port: int) -> None:
        """Raise OriginRefused if a name leads to a private address without leave."""
        found = ip_address(address)
        if is_public(found) or (host == "localhost" and found.is_loopback):
            return
        scheme = "http" if port == PORTS["http"] else "https"
        if not any(o.covers(str(found), port, scheme) for o in self._listed):
            raise OriginRefused(
                f"{host} leads to {found}, a private address not in media.origins"
            )


def read_origin(entry: str) -> MediaOrigin:
    """Give an entry of media.origins, or raise ValueError."""
    match = ENTRY.fullmatch(entry.lower())
    if match is None or not 0 < int(match["port"] or 1) <= LAST_PORT:
        raise ValueError(f"{entry!r} must be host or host:port")
    host = match["host"].strip("[]")
    if "*" in host.rpartition(".")[2]:
        raise ValueError(f"{entry!r} must end in a name without a star")
    port = int(match["port"]) if match["port"] else None
    return MediaOrigin(str(address_in(host) or host), port)


def address_in(host: str) -> IPAddress | None:
    """Give the address that a host is written as; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether the host, as it is written, is this very machine."""
    address = address_in(host)
    return host == "localhost" if address is None else address.is_loopback


def is_public(address: IPAddress) -> bool:
    """Whether an address, and any that is wrapped in it, is in the public network."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def shown(url: URL) -> str:
    """Give what may be said of an address: its scheme, host and port."""
    port = f":{url.explicit_port}" if url.explicit_port else ""
    return shortened(f"{url.scheme}://{url.host_subcomponent or ''}{port}")
