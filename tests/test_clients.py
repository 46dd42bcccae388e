from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request
from multidict import CIMultiDict

from giphynavigator.application import create_app
from giphynavigator.security.clients import Clients
from giphynavigator.security.tokens import Tokens
from giphynavigator.settings import Secret
from tests.conftest import asking
from tests.problems import assert_problem

TOKEN = "the-teams" + "-token"


def request_from(remote: str | None, **headers: str) -> web.Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_mocked_request("GET", "/", headers=named).clone(remote=remote)


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("127.0.0.1", "203.0.113.9", "127.0.0.1"),
        ("198.51.100.1", None, "198.51.100.1"),
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "6.6.6.6, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("10.0.0.5", "10.1.2.3", "10.1.2.3"),
        ("10.0.0.5", "rubbish", "unknown"),
        ("::ffff:10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("", None, "unknown"),
    ],
)
def test_a_client_is_who_a_trusted_proxy_says(
    remote: str, forwarded: str | None, client: str | None
) -> None:
    clients = Clients(["10.0.0.0/8"], Tokens([]))
    headers = {"X_Forwarded_For": forwarded} if forwarded else {}

    assert clients.client_of(request_from(remote, **headers)) == client


@pytest.mark.parametrize(
    ("authorization", "client"),
    [
        (f"Bearer {TOKEN}", "token 1"),
        (f"bearer  {TOKEN} ", "token 1"),
        ("Bearer other", "198.51.100.1"),
        (f"Basic {TOKEN}", "198.51.100.1"),
        ("Bearer żółw", "198.51.100.1"),
    ],
)
def test_a_token_is_a_client_only_if_it_is_ours(
    authorization: str, client: str
) -> None:
    clients = Clients([], Tokens([Secret("first"), Secret(TOKEN)]))
    request = request_from("198.51.100.1", Authorization=authorization)

    assert clients.client_of(request) == client


@pytest.fixture
async def limited(aiohttp_client) -> AsyncIterator[TestClient]:
    """A service that believes its loopback proxy and lets a client ask twice."""
    app = create_app(asking("http://127.0.0.1:9/v1"))
    app.container.config.from_dict(
        {
            "server": {"trusted_proxies": ["127.0.0.0/8"]},
            "limits": {"per_minute": 1, "burst": 2},
        }
    )
    yield await aiohttp_client(app)
    app.container.unwire()


async def test_a_client_that_asks_too_often_is_told_when_to_come_again(
    limited: TestClient,
) -> None:
    one = {"X-Forwarded-For": "203.0.113.9"}
    other = {"X-Forwarded-For": "203.0.113.10"}

    answers = [await limited.get("/quota", headers=one) for _ in range(3)]
    fair = await limited.get("/quota", headers=other)

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert 55 <= int(answers[2].headers["Retry-After"]) <= 60
    await assert_problem(answers[2], 429, "you ask too often")
    assert fair.status == 200


async def test_clients_on_this_machine_are_not_limited(limited: TestClient) -> None:
    answers = [await limited.get("/quota") for _ in range(10)]

    assert {answer.status for answer in answers} == {200}


async def test_a_line_of_the_callers_own_does_not_hide_what_the_proxy_says(
    limited: TestClient,
) -> None:
    statuses = []
    for number in range(3):
        lines = CIMultiDict({"X-Forwarded-For": f"10.0.0.{number}"})
        lines.add("X-Forwarded-For", "203.0.113.9")
        statuses.append((await limited.get("/quota", headers=lines)).status)

    assert statuses == [200, 200, 429]
