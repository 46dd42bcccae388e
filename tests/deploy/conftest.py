import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.deploy.front import NAME, Front
from tests.deploy.stand_in import StandIn
from tests.servers import find


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for gifs.example.com, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    whose = ("-nodes", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
    files = ("-keyout", "privkey.pem", "-out", "fullchain.pem", "-days", "2")
    subprocess.run(
        [find("openssl"), "req", *kind, *whose, *files],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
async def replica(aiohttp_server) -> StandIn:
    """A stand-in for the replicas: nginx may ask it at `port`."""
    stand_in = StandIn()
    stand_in.port = (await aiohttp_server(stand_in.app)).port
    return stand_in


@pytest.fixture
def front(replica: StandIn, certificate: Path) -> Iterator[Front]:
    with Front((replica.port, replica.port), certificate) as nginx:
        yield nginx


@pytest.fixture
async def visitor(front: Front) -> AsyncIterator[ClientSession]:
    """Somebody outside, at 127.0.1.1."""
    async with front.visitor() as session:
        yield session
