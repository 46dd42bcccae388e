"""Real replicas behind nginx as it is shipped: what gets through, and how they end."""

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.deploy.front import NAME, Front
from tests.deploy.load import Load
from tests.deploy.replicas import TOKEN, Deployment, deployed
from tests.processes import fetch
from tests.servers import HOST, PostgresServer

METRICS = (
    "/metrics",
    "/metrics?x=1",
    "//metrics",
    "/metrics/",
    "/Metrics",
    "/%6detrics",
    "/%6Detrics?",
    "/x/../metrics",
    "/x/%2e%2e/metrics",
    "/./metrics",
    "/metrics%20",
    "/metrics%23",
    "/metrics%3Fx",
    "/metrics;x",
    "/metrics/.",
    "/livez/../metrics",
    "/%2e/metrics",
    "/%2Fmetrics",
    "/\\metrics",
    f"https://{NAME}/metrics",
    f"https://{NAME}//metrics",
    "metrics",
    "*",
)


@pytest.fixture(scope="module")
def deployment(
    tmp_path_factory: pytest.TempPathFactory,
    certificate: Path,
    postgres_server: PostgresServer,
) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployed")
    with deployed(folder, certificate, postgres_server) as found:
        yield found


@pytest.fixture
async def visitor(deployment: Deployment) -> AsyncIterator[ClientSession]:
    """Somebody outside, at 127.0.1.1."""
    async with deployment.front.visitor() as session:
        yield session


@pytest.mark.parametrize("target", METRICS)
async def test_no_spelling_of_metrics_brings_the_numbers(
    deployment: Deployment, target: str
) -> None:
    head = f"GET {target} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n"

    answer = await deployment.front.raw(head.encode())

    assert answer.split()[1] in {b"400", b"404"}
    assert b"giphynavigator_" not in answer


async def test_prometheus_still_gets_them_from_the_replicas(
    deployment: Deployment,
) -> None:
    for port in deployment.ports:
        numbers = await asyncio.to_thread(fetch, f"http://{HOST}:{port}/metrics")

        assert b"giphynavigator_build_info" in numbers


async def test_a_client_cannot_be_somebody_else_at_each_request(
    deployment: Deployment,
) -> None:
    async with deployment.front.visitor("127.0.9.9") as visitor:
        answers = [
            await visitor.get("/quota", headers={"X-Forwarded-For": f"10.0.0.{n}"})
            for n in range(80)
        ]

    statuses = [answer.status for answer in answers]
    assert statuses[:60] == [200] * 60
    assert 429 in statuses[60:]  # not all: two a second may come again


async def test_searches_are_kept_by_nginx_and_nothing_personal_is(
    visitor: ClientSession,
) -> None:
    page, token = {"Accept": "text/html"}, {"Authorization": f"Bearer {TOKEN}"}
    said = {}
    for path, headers in (
        ("/?query=dogs", {}),
        ("/gifs?query=dogs", {}),
        ("/v1/gifs/search?q=dogs&api_key=any", {}),
        ("/?query=dogs", page),
        ("/sign-in", page),
        ("/notes", {}),
        ("/notes", token),
        ("/quota", {}),
        ("/livez", {}),
        ("/readyz", {}),
    ):
        await visitor.get(path, headers=headers)
        again = await visitor.get(path, headers=headers)
        assert again.status == 200, path
        said[path, *headers] = again.headers.getall("Cache-Status")[-1]

    assert [key for key, value in said.items() if value == "nginx; hit"] == [
        ("/?query=dogs",),
        ("/gifs?query=dogs",),
        ("/v1/gifs/search?q=dogs&api_key=any",),
    ]


async def test_a_static_file_is_read_from_a_replica_once(
    visitor: ClientSession,
) -> None:
    page = await visitor.get("/?query=dogs", headers={"Accept": "text/html"})
    (style, *_) = re.findall(r'href="(/static/\S+\.css)"', await page.text())
    first, second = await visitor.get(style), await visitor.get(style)

    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert second.headers["Cache-Status"] == "nginx; hit"
    assert await first.read() == await second.read()


async def test_a_note_is_written_and_changed_by_its_tag_through_gzip(
    visitor: ClientSession,
) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    body = json.dumps({"title": "x", "description": "y" * 2000})
    written = await visitor.post("/notes", data=body, headers=token)
    where = written.headers["Location"]
    tag = {"If-Match": (await visitor.get(where)).headers["ETag"], **token}
    first = await visitor.put(where, data=body, headers=tag)
    second = await visitor.put(where, data=body, headers=tag)

    assert (written.status, first.status, second.status) == (201, 200, 412)


async def test_a_session_begins_by_a_cookie_for_https_alone(
    visitor: ClientSession,
) -> None:
    answer = await visitor.post(
        "/session",
        data={"token": TOKEN},
        headers={"Origin": f"https://{NAME}", "Accept": "text/html"},
        allow_redirects=False,
    )

    assert answer.status == 303
    (cookie,) = answer.headers.getall("Set-Cookie")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


async def test_a_page_elsewhere_cannot_write_through_nginx(
    visitor: ClientSession,
) -> None:
    answer = await visitor.post(
        "/notes",
        data=json.dumps({"title": "x"}),
        headers={
            "Authorization": f"Bearer {TOKEN}",
            "Origin": "https://evil.example",
            "X-Forwarded-Host": "evil.example",
        },
    )

    assert answer.status == 403


async def test_live_results_pass(deployment: Deployment) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    asked = {"question": "Which?", "choices": [{"text": "a"}, {"text": "b"}]}
    front = deployment.front
    async with front.visitor() as one, front.visitor("127.0.1.2") as other:
        made = await one.post("/polls", data=json.dumps(asked), headers=token)
        where = made.headers["Location"]
        choice = (await made.json())["choices"][0]["id"]
        async with one.ws_connect(f"{where}/live") as live, asyncio.timeout(10):
            before = await live.receive_json()
            voted = await other.post(f"{where}/vote", params={"choice": choice})
            after = await live.receive_json()

    assert (made.status, voted.status) == (201, 200)
    assert (before["voters"], after["voters"]) == (0, 1)
    assert after["votes"][str(choice)] == 1


def test_without_nginx_the_replicas_go_on_and_it_comes_back_as_it_was(
    deployment: Deployment,
) -> None:
    deployment.front.kill()
    alone = [fetch(f"http://{HOST}:{port}/livez") for port in deployment.ports]
    deployment.front.start()

    assert [json.loads(said)["status"] for said in alone] == ["ok", "ok"]
    assert deployment.front.logged() != ""


def everything(number: int) -> tuple[str, str]:
    """What people and programs ask for, most of it not to be had from nginx."""
    limit, offset = 1 + number % 25, number // 25 % 25
    kinds = (
        (f"/gifs?query=cats&limit={limit}&offset={offset}", "*/*"),
        ("/?query=cats", "*/*"),
        (f"/?query=cats&limit={limit}", "text/html"),
        ("/notes", "*/*"),
        ("/quota", "*/*"),
    )
    return kinds[number % len(kinds)]


async def test_a_replica_that_hangs_fails_nobody(
    deployment: Deployment, certificate: Path
) -> None:
    hanging, _ = deployment.replicas
    patience = {"proxy_read_timeout 15s": "proxy_read_timeout 1s"}
    with Front(deployment.ports, certificate, patience) as front:
        async with Load(front, everything, rate=50) as load:
            await load.more(20)
            hanging.process.send_signal(signal.SIGSTOP)
            await load.more(150)
            hanging.process.send_signal(signal.SIGCONT)
            await load.more(50)

    assert (load.failures, set(load.statuses)) == ([], {200})
    assert sum(seconds > 1 for seconds in load.seconds) < len(load.seconds) / 5


async def test_no_get_fails_while_replicas_are_killed_ended_and_started_again(
    deployment: Deployment,
) -> None:
    first, second = deployment.replicas
    async with Load(deployment.front, everything, rate=200) as load:
        await load.more(200)
        killed = await asyncio.to_thread(first.end, signal.SIGKILL)
        await load.more(100)
        await asyncio.to_thread(first.start)
        await load.more(400)  # two seconds, as docs/operating.md has it
        ended = await asyncio.to_thread(second.end, signal.SIGTERM)
        await load.more(100)
        await asyncio.to_thread(second.start)
        await load.more(400)
        ended_too = await asyncio.to_thread(first.end, signal.SIGTERM)
        await load.more(200)

    retried = re.findall(r":\d+, 127\.0\.0\.1:\d+ 502, 200", deployment.front.logged())
    assert (killed, ended, ended_too) == (-signal.SIGKILL, 0, 0)
    assert (load.failures, set(load.statuses)) == ([], {200})
    assert load.statuses[200] == load.asked >= 1400
    assert len(retried) > 0
