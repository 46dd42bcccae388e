"""Hosts: the names that the service is asked by, and those of strangers.

A stranger's page can let its own name lead to 127.0.0.1 once a browser has loaded
it (DNS rebinding). Its scripts then read what the service answers, for to the
browser it is the page's own server. But in Host the browser still says that name.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from aiohttp import hdrs, web

from giphynavigator.errors import Misdirected, shortened

FORM: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+?))\.?(?::\d{0,5})?")
"""A Host header in small letters: an address in brackets or a name, perhaps a port."""


class UnknownHost(Misdirected):
    """The service is asked by a name that is not among its own."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"this service is not {shortened(repr(host))}; "
            "server.hosts in its settings lists the names that it has"
        )


class Hosts:
    """Knows the names of a service that is bound to an address.

    On the loopback it is localhost, the loopback's addresses and `hosts`, with any
    port; elsewhere `hosts`, and without any of them every name is its own.
    """

    def __init__(self, bound_to: str, hosts: Sequence[str]) -> None:
        self.on_loopback = is_loopback(bound_to)
        self._names = frozenset(host.lower() for host in hosts)
        self._any = not (self.on_loopback or hosts)
        self._welcome = lru_cache(1024)(self._looked_at)

    def check(self, request: web.BaseRequest) -> None:
        """Return if the request's Host is one to answer to, or raise UnknownHost."""
        host = request.headers.get(hdrs.HOST)
        if not self._welcome(host):
            raise UnknownHost(host or "")

    def is_own(self, request: web.BaseRequest) -> bool:
        """Whether it is asked by a name of its own, or by none, as no browser does."""
        host = request.headers.get(hdrs.HOST)
        return host is None or self._is_own(name_in(host))

    def _looked_at(self, host: str | None) -> bool:
        """Whether the name is its own, or one that no stranger can have.

        Those are addresses, which probes ask by, and names without a dot, which
        proxies and containers make up.
        """
        if host is None or self._any:
            return True
        name = name_in(host)
        return bool(name) and (self._is_own(name) or is_nobodys(name))

    def _is_own(self, name: str) -> bool:
        if self._any or name in self._names:
            return True
        return self.on_loopback and is_loopback(name)


def name_in(host: str) -> str:
    """Give the name or the address that a Host header has; "" for nonsense."""
    found = FORM.fullmatch(host.lower())
    return (found[1] or found[2]) if found else ""


def is_loopback(name: str) -> bool:
    """Whether a name or an address is that of this very machine."""
    return name == "localhost" or (is_address(name) and ip_address(name).is_loopback)


def is_nobodys(name: str) -> bool:
    """Whether nobody can have this name in the DNS of the world."""
    return "." not in name or is_address(name)


def is_address(name: str) -> bool:
    """Whether it is an address and no name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
