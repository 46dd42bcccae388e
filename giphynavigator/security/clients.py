"""Who asks: an address, or a token, through whatever proxies stand between."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias

from aiohttp import hdrs, web

from giphynavigator.security.tokens import Tokens

Address: TypeAlias = IPv4Address | IPv6Address


class Clients:
    """Tells clients apart, and believes only the proxies that it was told of."""

    def __init__(self, trusted_proxies: Sequence[str], tokens: Tokens) -> None:
        self._trusted = tuple(
            ip_network(proxy, strict=False) for proxy in trusted_proxies
        )
        self._tokens = tokens

    def client_of(self, request: web.BaseRequest) -> str | None:
        """Give a name for the client, or None for one on this very machine.

        A caller on the loopback for whom a proxy speaks is not on this machine,
        whether that proxy is trusted or not.
        """
        hops = request.headers.getall("X-Forwarded-For", ())
        if not hops and request.remote in {"127.0.0.1", "::1"}:
            return None
        if (number := self._tokens.shown_by(request)) is not None:
            return f"token {number}"
        return self._origin(request.remote or "", ",".join(hops))

    @property
    def behind_proxy(self) -> bool:
        """Whether there are proxies that are trusted."""
        return bool(self._trusted)

    def scheme_of(self, request: web.BaseRequest) -> str:
        """Give http or https: what the client used, if a trusted proxy says so."""
        return self._said(request, "X-Forwarded-Proto").lower() or request.scheme

    def host_of(self, request: web.BaseRequest) -> str:
        """Give the Host that the client asked for; "" if it named none."""
        asked = self._said(request, "X-Forwarded-Host")
        return asked or request.headers.get(hdrs.HOST, "")

    def _said(self, request: web.BaseRequest, header: str) -> str:
        """Give what a trusted proxy says; of several values the first, the client's."""
        said = request.headers.get(header)
        if not said or not self._is_trusted(request.remote or ""):
            return ""
        return said.partition(",")[0].strip()

    def _origin(self, remote: str, forwarded: str) -> str:
        """Give the last address that no trusted proxy of ours stands at."""
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        origin = remote
        while self._is_trusted(origin) and hops:
            origin = hops.pop()
        return _neighbourhood(origin)

    def _is_trusted(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(parsed in proxy for proxy in self._trusted)


@lru_cache(1024)
def _parsed(address: str) -> Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _neighbourhood(address: str) -> str:
    """Give what one client commands: one IPv4 address, or 64 bits of an IPv6 one."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed) if parsed else "unknown"
