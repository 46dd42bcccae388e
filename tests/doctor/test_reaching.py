"""Whether somebody is there, and if not, why."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from yarl import URL

from giphynavigator.commands.reaching import reach, why
from tests.conftest import CANARY
from tests.servers import find, free_port


@pytest.fixture
def certified(tmp_path: Path) -> ssl.SSLContext:
    """Who speaks TLS by a certificate that he has made for himself."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [find("openssl"), "req", "-x509", "-newkey", "ec", "-nodes", "-days", "1"]
    curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *curve, *files], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


async def hush(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hear somebody out, and say nothing."""
    await reader.read()
    writer.close()


@asynccontextmanager
async def listening(**options) -> AsyncIterator[int]:
    """A server that says nothing by itself, and its port."""
    server = await asyncio.start_server(hush, "127.0.0.1", 0, **options)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_why_nobody_is_reached_is_told(certified: ssl.SSLContext) -> None:
    async def trouble(url: str) -> str:
        return (await reach(URL(url), patience=0.3)).trouble

    async with listening() as plain, listening(ssl=certified) as secure:
        assert await trouble(f"http://127.0.0.1:{plain}") == ""
        assert await trouble(f"https://127.0.0.1:{plain}") == "it does not answer"
        untrusted = await trouble(f"https://127.0.0.1:{secure}")
    assert untrusted == "its certificate is not to be trusted"
    assert await trouble(f"http://127.0.0.1:{free_port()}") == "nobody listens there"
    assert await trouble("http://nowhere.invalid") == "there is no such host"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ssl.SSLError(1, "wrong version number"), "it does not speak TLS there"),
        (FileNotFoundError(2, "x"), "there is no such socket"),
        (OSError(113, f"what {CANARY} says"), "No route to host"),
        (ConnectionResetError(), "ConnectionResetError"),
    ],
)
def test_no_reason_quotes_what_a_foreign_error_says(error: OSError, words: str) -> None:
    assert why(error) == words
