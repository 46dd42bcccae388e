"""Gzip is for those who say that they understand it, wherever it is there."""

import pytest
from aiohttp.test_utils import TestClient

from giphynavigator.web.assets import all_assets

PAGE = {"Accept": "text/html"}
PACKED = ["/openapi.json", "/docs", "/", all_assets().address("site.css")]


@pytest.mark.parametrize("path", PACKED)
@pytest.mark.parametrize(
    "codings", ["gzip", "br, GZIP;q=0.5", "deflate;q=1 , gzip ; q=0.001"]
)
async def test_who_takes_gzip_is_sent_it(
    client: TestClient, path: str, codings: str
) -> None:
    headers = {**PAGE, "Accept-Encoding": codings}
    answer = await client.get(path, headers=headers)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"].split(", ")
    assert await answer.text()  # the client has unpacked it


@pytest.mark.parametrize("path", PACKED)
@pytest.mark.parametrize(
    "codings", ["", "identity", "gzip;q=0", "br, gzip;q=0.000", "gzip;q=any", "gzipped"]
)
async def test_who_does_not_is_sent_what_anybody_can_read(
    client: TestClient, path: str, codings: str
) -> None:
    headers = {**PAGE, "Accept-Encoding": codings}
    answer = await client.get(path, headers=headers)

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"].split(", ")
    assert (await answer.read())[:2] != b"\x1f\x8b"
