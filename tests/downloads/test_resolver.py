"""The session for media, when a name leads elsewhere than it should."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from giphynavigator.downloads.resolver import create_media_session
from giphynavigator.downloads.wire import MediaClient
from giphynavigator.errors import NavigatorError
from giphynavigator.media_origins import MediaOrigins, OriginRefused
from tests.downloads.media_server import MediaServer, whole
from tests.downloads.pictures import gif


class Rebinding(AbstractResolver):
    """Gives one address after the other."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self._addresses.pop(0)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=0,
            )
        ]

    async def close(self) -> None:
        pass


async def test_a_name_that_turns_private_is_refused_before_it_is_connected_to(
    media: MediaServer,
) -> None:
    port = media.host.rpartition(":")[2]
    origins = MediaOrigins([f"media0.example:{port}"])
    resolver = Rebinding("127.0.0.1")

    async with create_media_session(origins, resolver) as session:
        with pytest.raises(OriginRefused, match="a private address"):
            async with MediaClient(session, origins).get(
                URL(f"https://media0.example:{port}/a.gif")
            ):
                pass

    assert media.asked == []


async def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(
    media: MediaServer,
) -> None:
    media.behaviours["/a.gif"] = whole(gif())
    port = media.host.rpartition(":")[2]
    origins = MediaOrigins([f"localhost:{port}"])
    resolver = Rebinding("127.0.0.1", "10.0.0.1")

    async with (
        create_media_session(origins, resolver) as session,
        MediaClient(session, origins).get(
            URL(f"http://localhost:{port}/a.gif")
        ) as body,
    ):
        found = b"".join([piece async for piece in body.pieces()])

    assert found == gif()


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f000001"])
async def test_a_number_that_some_read_as_an_address_is_none(
    media: MediaServer, host: str
) -> None:
    port = media.host.rpartition(":")[2]
    origins = MediaOrigins([f"{host}:{port}"])

    async with create_media_session(origins) as session:
        with pytest.raises(NavigatorError):
            async with MediaClient(session, origins).get(
                URL(f"https://{host}:{port}/a.gif")
            ):
                pass

    assert media.asked == []
