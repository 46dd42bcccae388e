"""Who may write: by token, by session, or on this very machine; from no other page."""

import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request

from giphynavigator.application import create_app
from giphynavigator.commands.doctor import examine
from giphynavigator.security.access import (
    OPEN,
    PROXY_HEADERS,
    READING,
    SAFE,
    WritingClosed,
)
from giphynavigator.security.tokens import Tokens
from giphynavigator.settings import Secret
from tests.guarding import BEARER, LOOPBACK, OTHER, TOKEN, guarded_by
from tests.problems import assert_problem

CLOSED = (
    "writing needs a token here, and there are none yet: "
    "GIPHYNAVIGATOR_TOKENS sets them"
)
NEEDED = "writing needs a token: send Authorization: Bearer, or sign in at /sign-in"
FOREIGN = "pages of other origins may read here, and change nothing"

NOTE = {"title": "a note"}
WRITES = [
    ("POST", "/notes", 201),
    ("PUT", "/notes/7", 404),
    ("PATCH", "/notes/7", 404),
    ("DELETE", "/notes/7", 404),
]
TOKENS = (OTHER, TOKEN)
PROXY = {"proxies": (LOOPBACK,)}
ELSEWHERE = {"host": "0.0.0.0"}
CLIENT = {"X-Forwarded-For": "203.0.113.9"}

MAY_WRITE: list[tuple[tuple[str, ...], dict[str, Any], dict[str, str]]] = [
    # tokens, where it is bound and behind what, headers
    ((), {}, {}),
    ((), {"host": "localhost"}, {}),
    ((), {"host": "::1"}, {}),
    ((), {}, {"Host": "localhost:8080"}),
    ((), {"hosts": ("gifs.example",)}, {"Host": "gifs.example"}),
    ((), {}, {"Authorization": "Bearer of tidings"}),
    (TOKENS, {}, BEARER),
    (TOKENS, {}, {"Authorization": f"Bearer {OTHER}"}),
    (TOKENS, {}, {"Authorization": f"bearer  {TOKEN} "}),
    (TOKENS, {}, {**BEARER, "Host": "backend"}),
    (TOKENS, {}, {**BEARER, "Cookie": "giphynavigator_session=forged"}),
    (TOKENS, ELSEWHERE, BEARER),
    (TOKENS, PROXY, {**BEARER, **CLIENT}),
]
MAY_NOT_WRITE: list[tuple[tuple[str, ...], dict[str, Any], dict[str, str]]] = [
    ((), ELSEWHERE, {}),
    ((), {"host": "::"}, {}),
    ((), {"host": "192.0.2.7"}, {}),
    ((), PROXY, {}),
    ((), {"proxies": ("10.0.0.0/8",)}, {}),
    ((), PROXY, CLIENT),
    *(((), {}, {name: "203.0.113.9"}) for name in PROXY_HEADERS),
    ((), {}, {"Host": "backend"}),
    ((), {}, {"Host": "10.0.0.7:8080"}),
    ((), ELSEWHERE, BEARER),
    (TOKENS, {}, {}),
    (TOKENS, {}, {"Host": "localhost"}),
    (TOKENS, ELSEWHERE, {}),
    (TOKENS, PROXY, CLIENT),
    (TOKENS, {}, {"Authorization": TOKEN}),
    (TOKENS, {}, {"Authorization": f"Basic {TOKEN}"}),
    (TOKENS, {}, {"Authorization": "Bearer"}),
    (TOKENS, {}, {"Authorization": "Bearer "}),
    (TOKENS, {}, {"Authorization": f"Bearer {TOKEN[:-1]}"}),
    (TOKENS, {}, {"Authorization": f"Bearer {TOKEN}x"}),
    (TOKENS, {}, {"Authorization": f"Bearer {OTHER},{TOKEN}"}),
    (TOKENS, {}, {"Authorization": f"Bearer {TOKEN.upper()}"}),
    (TOKENS, {}, {"Authorization": "Bearer \udcff"}),
    (TOKENS, {}, {"Cookie": "giphynavigator_session=forged"}),
    (TOKENS, {}, {"Cookie": f"giphynavigator_session={TOKEN}"}),
    (TOKENS, {}, {"X-Forwarded-For": "127.0.0.1"}),
]


@pytest.mark.parametrize(("tokens", "place", "headers"), MAY_WRITE)
async def test_who_may_write_does(serving, tokens, place, headers) -> None:
    client = await serving(guarded_by(*tokens, **place))

    for method, path, status in WRITES:
        answer = await client.request(method, path, json=NOTE, headers=headers)
        assert answer.status == status


@pytest.mark.parametrize(("tokens", "place", "headers"), MAY_NOT_WRITE)
async def test_who_may_not_write_is_told_why_and_reads(
    serving, tokens, place, headers
) -> None:
    client = await serving(guarded_by(*tokens, **place))

    for method, path, _ in WRITES:
        answer = await client.request(method, path, json=NOTE, headers=headers)
        await assert_problem(answer, *((401, NEEDED) if tokens else (403, CLOSED)))
        assert answer.headers.get("WWW-Authenticate") == ("Bearer" if tokens else None)
    read = await client.get("/notes", headers=headers)
    assert await read.json() == {"notes": [], "total": 0}


async def test_a_client_on_another_machine_never_writes_without_token(serving) -> None:
    client = await serving(guarded_by())
    access = client.app.container.access()

    async def write_from(remote: str) -> None:
        request = make_mocked_request("POST", "/notes").clone(remote=remote)
        request._match_info = await client.app.router.resolve(request)
        await access.check(request)

    await write_from("127.0.0.1")
    for remote in ("203.0.113.9", "10.0.0.7", "::ffff:203.0.113.9", ""):
        with pytest.raises(WritingClosed):
            await write_from(remote)


def unsafe_routes(app: web.Application) -> Iterator[tuple[str, str, str | None]]:
    """Method, path and name of every route that could change something."""
    for route in app.router.routes():
        if route.method in SAFE or route.resource is None:
            continue
        parts = route.resource.get_info().get("formatter", route.resource.canonical)
        path = parts.format_map(dict.fromkeys(("id", "name", "tracking"), "1"))
        yield "POST" if route.method == "*" else route.method, path, route.name


async def test_no_route_forgets_to_ask_who_writes(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    routes = list(unsafe_routes(client.app))

    for method, path, name in routes:
        answer = await client.request(method, path)
        if name not in OPEN:
            assert (method, path, answer.status) == (method, path, 401)
        elif name != "session":  # which has a 401 of its own
            assert (method, path, answer.status != 401) == (method, path, True)
    assert {name for *_, name in routes} >= OPEN


async def test_no_route_forgets_to_ask_which_page_writes(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    evil = {**BEARER, "Origin": "https://evil.example"}

    for method, path, name in unsafe_routes(client.app):
        answer = await client.request(method, path, headers=evil)
        assert (method, path, answer.status == 403) == (
            method,
            path,
            name not in READING,
        )


OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://{own}"},
    {"Origin": "HTTP://{own}"},
    {"Origin": "https://{own}"},
    {"Origin": "http://gifs", "Host": "gifs"},
    {"Origin": "https://gifs", "Host": "gifs:443"},
]
OTHERS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "rubbish"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://{own}"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "{own}"},
    {"Origin": "http://"},
    {"Origin": "http://[::1"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://{own}.evil.example"},
    {"Origin": "http://{own}@evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://localhost"},
    {"Origin": "http://{own}", "X-Forwarded-Host": "gifs.example"},
    {"Origin": "https://gifs.example", "Host": "gifs"},
]


def filled(headers: dict[str, str], client: TestClient) -> dict[str, str]:
    own = f"{client.host}:{client.port}"
    return {**BEARER, **{k: v.format(own=own) for k, v in headers.items()}}


@pytest.mark.parametrize("headers", OURS)
async def test_our_own_pages_and_programs_write(serving, headers) -> None:
    client = await serving(guarded_by(TOKEN))

    answer = await client.post("/notes", json=NOTE, headers=filled(headers, client))

    assert answer.status == 201


@pytest.mark.parametrize("headers", OTHERS)
async def test_other_pages_change_nothing(serving, headers) -> None:
    proxies = (LOOPBACK,) if "X-Forwarded-Host" in headers else ()
    client = await serving(guarded_by(TOKEN, proxies=proxies))
    foreign = filled(headers, client)

    for path in ("/notes", "/session", "/session/end"):
        answer = await client.post(path, json=NOTE, headers=foreign)
        await assert_problem(answer, 403, FOREIGN)
    assert (await client.get("/notes", headers=foreign)).status == 200


async def test_our_pages_write_through_a_trusted_proxy(serving) -> None:
    client = await serving(guarded_by(TOKEN, proxies=(LOOPBACK,)))
    page = {**BEARER, **CLIENT, "Origin": "https://gifs.example"}
    forwarded = {**page, "X-Forwarded-Host": "gifs.example, backend"}

    through = await client.post("/notes", json=NOTE, headers=forwarded)
    silent = await client.post("/notes", json=NOTE, headers=page)

    assert (through.status, silent.status) == (201, 403)


async def test_a_proxy_that_is_not_trusted_is_not_believed(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    evil = {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}

    answer = await client.post("/notes", json=NOTE, headers={**BEARER, **evil})

    await assert_problem(answer, 403, FOREIGN)


async def test_a_batch_is_a_search_and_so_is_anybodys(serving) -> None:
    client = await serving(guarded_by(TOKEN, host="0.0.0.0"))
    elsewhere = {"Origin": "https://wall.example", "Sec-Fetch-Site": "cross-site"}

    answer = await client.post("/batch", json={"queries": [""]}, headers=elsewhere)

    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("method", "status"), [("DELETE", 405), ("PROPFIND", 405)])
async def test_what_is_not_there_is_not_asked_for_a_token(
    serving, method: str, status: int
) -> None:
    client = await serving(guarded_by(TOKEN))

    assert (await client.request(method, "/gifs")).status == status
    assert (await client.request(method, "/nowhere")).status == 404


@pytest.mark.parametrize("shown", ["", "x", OTHER, TOKEN, 5000 * "x", "\udcff"])
def test_every_token_is_compared_in_constant_time_and_at_one_length(
    monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    tokens = Tokens([Secret(TOKEN), Secret("short"), Secret(OTHER)])

    number = tokens.number_of(shown)

    assert number == {TOKEN: 0, OTHER: 2}.get(shown)
    assert compared == 3 * [(64, 64)]


async def test_a_token_is_in_no_log_no_answer_and_nothing_printed(
    serving, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    client = await serving(settings := guarded_by(TOKEN))
    container = client.app.container
    sent = [
        {"headers": BEARER, "json": NOTE},
        {"headers": BEARER, "data": b"{"},
        {"headers": {**BEARER, "Origin": "null"}},
        {"headers": {"Authorization": f"Bearer {TOKEN}x"}},
        {"data": {"token": TOKEN, "next": "/"}},
        {"data": {"token": f"{TOKEN}x"}, "headers": {"Accept": "text/html"}},
        {"data": {"tokem": TOKEN}},
        {"data": f'{{"token": "{TOKEN}'},
        {"json": {"token": [TOKEN]}},
    ]

    said = []
    for path in ("/notes", "/session", "/session/end", "/nowhere"):
        for request in sent:
            answer = await client.post(path, allow_redirects=False, **request)
            said.append(f"{answer.status} {answer.headers} {await answer.text()}")
    said += map(repr, (settings, container.config(), container.tokens()))

    assert TOKEN not in "\n".join(said)
    assert TOKEN not in caplog.text
    assert TOKEN in repr(BEARER)  # it would have been seen


@pytest.mark.parametrize(
    ("environ", "settings", "line"),
    [
        ({}, "", "ok   writing   this machine alone"),
        (
            {"HOST": "0.0.0.0"},
            "",
            "ok   writing   nobody -> set GIPHYNAVIGATOR_TOKENS",
        ),
        (
            {},
            "server: {trusted_proxies: [127.0.0.1]}",
            "ok   writing   nobody -> set GIPHYNAVIGATOR_TOKENS",
        ),
        (
            {"GIPHYNAVIGATOR_TOKENS": f"{16 * 'a'},{40 * 'b'}"},
            "",
            "ok   writing   who has one of GIPHYNAVIGATOR_TOKENS",
        ),
        (
            {"GIPHYNAVIGATOR_TOKENS": f"{40 * 'a'},{15 * 'b'}"},
            "",
            "BAD  writing   a token is short -> make it 16 characters or more",
        ),
    ],
)
async def test_doctor_says_who_may_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environ, settings: str, line: str
) -> None:
    (tmp_path / "config.yml").write_text(settings, encoding="utf-8")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    findings = await examine(tmp_path / "config.yml", online=False)

    assert line in [finding.line() for finding in findings]


def test_the_address_on_the_command_line_is_the_one_that_counts() -> None:
    settings = guarded_by().bound_to("0.0.0.0")

    app = create_app(settings)

    assert app.container.hosts().on_loopback is False
    app.container.unwire()
