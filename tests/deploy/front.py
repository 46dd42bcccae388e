"""nginx with the configuration that is shipped, ports and paths apart."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

from aiohttp import ClientSession, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.servers import HOST, NginxServer, free_port

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
CONF = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
NAME = "gifs.example.com"
"""The name that stands in the configuration for one's own."""
OUTSIDE = "127.0.1.1"
"""Who is not on this machine, as far as anybody can tell."""


class Front(NginxServer):
    """nginx as it is shipped, in front of replicas on two ports of this machine.

    `changes` are texts of the configuration and what to put in their place. It speaks
    https on `port`, and http on `plain_port`.
    """

    def __init__(
        self,
        replicas: Sequence[int],
        certificate: Path,
        changes: dict[str, str] | None = None,
    ) -> None:
        port, self.plain_port = free_port(), free_port()
        here = {
            "127.0.0.1:8081": f"127.0.0.1:{replicas[0]}",
            "127.0.0.1:8082": f"127.0.0.1:{replicas[1]}",
            "listen 80": f"listen {HOST}:{self.plain_port}",
            "listen [::]:80": f"listen 127.0.0.2:{self.plain_port}",
            "listen 443": f"listen {HOST}:{port}",
            "listen [::]:443": f"listen 127.0.0.2:{port}",
            "/etc/giphynavigator/tls": str(certificate),
            "/var/cache/giphynavigator": "cache",
            "/var/log/nginx/": "",
        }
        super().__init__(replaced(CONF, {**here, **(changes or {})}), port=port)
        self.trust = ssl.create_default_context(cafile=certificate / "fullchain.pem")

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def plain_url(self) -> str:
        return f"http://{NAME}:{self.plain_port}"

    def visitor(self, address: str = OUTSIDE) -> ClientSession:
        """A client at that address, who knows where the name leads to."""
        connector = TCPConnector(
            ssl=self.trust, resolver=Here(), local_addr=(address, 0)
        )
        return ClientSession(self.url, connector=connector)

    async def raw(self, request: bytes) -> bytes:
        """Send a request byte by byte as it is; return all that comes back."""
        reader, writer = await asyncio.open_connection(
            HOST, self.port, ssl=self.trust, server_hostname=NAME
        )
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer

    def logged(self) -> str:
        """Everything that nginx has written down, wherever."""
        files = ("log", "giphynavigator.log", "giphynavigator.error.log")
        return "".join((self.folder / name).read_text("utf-8") for name in files)


class Here(AbstractResolver):
    """Every name leads to this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = {"hostname": host, "host": HOST, "port": port, "proto": 0, "flags": 0}
        return [ResolveResult(**found, family=socket.AF_INET)]

    async def close(self) -> None:
        pass


def replaced(text: str, changes: dict[str, str]) -> str:
    """The text with all of the changes, each of which must have something to change."""
    for old, new in changes.items():
        assert old in text, f"the shipped configuration has no {old!r}"
        text = text.replace(old, new)
    return text
