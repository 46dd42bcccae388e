"""By which names the service may be asked: a stranger's page has its own."""

import asyncio

import pytest
from aiohttp.test_utils import make_mocked_request

from giphynavigator.security.hosts import Hosts, UnknownHost
from giphynavigator.settings import ServerSettings
from tests.guarding import guarded_by
from tests.problems import assert_problem

OWN = [
    "localhost",
    "localhost:8080",
    "LocalHost.:1",
    "127.0.0.1",
    "127.0.0.1:65535",
    "127.9.9.9",
    "127.0.0.1.",
    "[::1]",
    "[::1]:8080",
    "[0:0:0:0:0:0:0:1]:80",
    "gifs.example",
    "GIFS.example:443",
]
NOBODYS = ["gifs", "backend_1:80", "10.0.0.7:8080", "[fe80::1]", "0.0.0.0:8080"]
STRANGERS = [
    "evil.example",
    "localhost.evil.example",
    "evil.localhost.example:8080",
    "127.0.0.1.evil.example",
    "127.0.0.256",
    "gifs.example.evil.example",
    "evil.gifs.example",
    "xgifs.example",
]
NONSENSE = [
    "",
    ":8080",
    "a b",
    "localhost:http",
    "localhost:8080:8080",
    "localhost@evil.example",
    "evil.example@localhost",
    "localhost/evil.example",
    "localhost, evil.example",
    "[::1",
    "[evil.example]",
    "[]",
    "l\u00f6calhost",
    "\u00ff",
    "localhost\n",
]


def knows(hosts: Hosts, host: str | None) -> tuple[bool, bool]:
    """Whether such a Host is answered to, and whether it is the service's own."""
    request = make_mocked_request("GET", "/", headers={"Host": host} if host else {})
    if host == "":
        request = make_mocked_request("GET", "/", headers={"Host": ""})
    try:
        hosts.check(request)
    except UnknownHost:
        return False, hosts.is_own(request)
    return True, hosts.is_own(request)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        *((host, (True, True)) for host in OWN),
        *((host, (True, False)) for host in NOBODYS),
        *((host, (False, False)) for host in STRANGERS + NONSENSE),
        (None, (True, True)),
    ],
)
def test_on_the_loopback_strangers_names_are_refused(
    host: str | None, known: tuple[bool, bool]
) -> None:
    for bound_to in ("127.0.0.1", "localhost", "::1"):
        assert knows(Hosts(bound_to, ["Gifs.Example"]), host) == known


@pytest.mark.parametrize("host", [*OWN, *NOBODYS, *STRANGERS, *NONSENSE])
def test_elsewhere_every_name_is_its_own_until_some_are_listed(host: str) -> None:
    for bound_to in ("0.0.0.0", "::", "10.0.0.7", ""):
        assert knows(Hosts(bound_to, []), host) == (True, True)


def test_elsewhere_with_a_list_only_what_is_listed_is_its_own() -> None:
    hosts = Hosts("0.0.0.0", ["gifs.example"])

    assert knows(hosts, "gifs.example:443") == (True, True)
    assert knows(hosts, "127.0.0.1:8080") == (True, False)  # a probe
    assert knows(hosts, "evil.example") == (False, False)


async def test_who_asks_by_a_strangers_name_is_sent_away(serving) -> None:
    client = await serving(guarded_by())
    evil = {"Host": "evil.example"}

    paths = ("/quota", "/livez", "/nowhere", "/notes")
    answers = [await client.get(path, headers=evil) for path in paths]
    written = await client.post("/notes", json={"title": "x"}, headers=evil)

    for answer in (*answers, written):
        detail = (
            "this service is not 'evil.example'; "
            "server.hosts in its settings lists the names that it has"
        )
        await assert_problem(answer, 421, detail)


async def test_names_of_the_settings_are_answered_to(serving) -> None:
    client = await serving(guarded_by(hosts=("gifs.example",)))

    known = await client.get("/quota", headers={"Host": "gifs.example"})
    other = await client.get("/quota", headers={"Host": "evil.example"})

    assert (known.status, other.status) == (200, 421)


async def test_who_speaks_an_http_older_than_host_is_answered(serving) -> None:
    client = await serving(guarded_by())
    reader, writer = await asyncio.open_connection(client.host, client.port)

    writer.write(b"GET /livez HTTP/1.0\r\n\r\n")
    answer = await reader.read()
    writer.close()

    assert b" 200 OK\r\n" in answer


@pytest.mark.parametrize("host", ["http://gifs.example", "gifs.example:80", "a b", ""])
def test_what_is_no_name_is_not_in_the_settings(host: str) -> None:
    with pytest.raises(ValueError, match="hosts must be names without a port"):
        ServerSettings(hosts=(host,))
