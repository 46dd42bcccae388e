"""Tricks with paths, headers and names: what comes of them is a plain refusal."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.abuse.attacker import Attacker
from tests.abuse.attacks import get, post
from tests.abuse.service import Watched, watched

PATHS = (
    "/static/../../../../etc/passwd",
    "/static/..%2f..%2f..%2fetc%2fpasswd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/%252e%252e%252fetc%252fpasswd",
    "/static/....//....//etc/passwd",
    "/static/..\\..\\..\\etc\\passwd",
    "/static/..%5c..%5cetc%5cpasswd",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/%00/etc/passwd",
    "/static/site.css%00.js",
    "/static/..%c0%af..%c0%afetc/passwd",
    "/static/../settings.py",
    "/static/../giphynavigator.db",
    "/static/site/../../templates/base.html",
    "/static/.",
    "/static/..",
    "/static/",
    "/static",
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd",
    "file:///etc/passwd",
    "/sandbox/media/x/../../../../etc/passwd",
    "/sandbox/media/v1.x/..%2f..%2fetc%2fpasswd/200.gif",
    "/sandbox/control",
    "/sandbox/fault",
)
LINES = "%0d%0aSet-Cookie:%20caught=1%0d%0a%0d%0acaught"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("tricks")
    with watched(folder, GIPHYNAVIGATOR_TOKENS="a-token-that-is-long") as found:
        yield found


@pytest.fixture
def attacker(service: Watched) -> Attacker:
    return Attacker(service.host, service.port)


def status_of(said: bytes) -> int:
    return int(said.split()[1])


def head_of(said: bytes) -> bytes:
    return said.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("path", PATHS)
async def test_no_path_leads_out_of_the_static_files(
    attacker: Attacker, path: str
) -> None:
    said = await attacker.send(get(path))

    assert status_of(said) in {400, 404}
    assert b"root:" not in said
    assert b"giphynavigator/" not in said


@pytest.mark.parametrize(
    "request_",
    [
        get(f"/?query=a{LINES}"),
        get(f"/gifs/a{LINES}"),
        get(f"/nothing{LINES}"),
        get(f"/sign-in?next=/{LINES}"),
        get(f"/v1/gifs/a{LINES}"),
        get(f"/poll/1{LINES}"),
        get("/livez", f"X-Request-ID: a{LINES}"),
        get("/livez", "X-Request-ID: a\r\n Set-Cookie: caught=1"),
        get("/livez", b"X-Request-ID: a\xe5\x98\x8d\xe5\x98\x8aSet-Cookie: caught=1"),
        get("/nothing", f"Host: a{LINES}"),
        get("/livez", "Origin: a\rSet-Cookie: caught=1"),
        get("/livez", "Origin: a\nSet-Cookie: caught=1"),
        post("/session", f"token=a&next=/{LINES}".encode(), "Content-Length: 56"),
        post("/session/end", f"next=/{LINES}".encode(), "Content-Length: 48"),
    ],
)
async def test_nobody_writes_headers_of_an_answer(
    attacker: Attacker, request_: bytes
) -> None:
    said = await attacker.send(request_)

    assert status_of(said) < 500
    for line in head_of(said).split(b"\r\n"):
        assert not line.lower().startswith(b"set-cookie: caught")
    assert b"\r\n\r\ncaught" not in said


@pytest.mark.parametrize(
    "next_", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil"]
)
async def test_who_signs_out_is_led_nowhere_else(
    attacker: Attacker, next_: str
) -> None:
    body = f"next={quote(next_, safe='')}".encode()

    said = await attacker.send(
        post("/session/end", body, f"Content-Length: {len(body)}")
    )

    assert b"\r\nLocation: /\r\n" in said


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "a b", ""])
async def test_a_strangers_name_is_sent_away(attacker: Attacker, host: str) -> None:
    lines = f"GET /notes HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"

    said = await attacker.send(lines.encode())

    assert status_of(said) in {400, 421}


async def test_who_says_that_he_is_this_machine_still_needs_a_token(
    attacker: Attacker,
) -> None:
    said = await attacker.send(
        post(
            "/notes",
            b'{"title": "x"}',
            "Content-Length: 14",
            "X-Forwarded-For: 127.0.0.1",
            "X-Real-IP: 127.0.0.1",
            "Forwarded: for=127.0.0.1",
        )
    )

    assert status_of(said) == 401


async def test_a_client_who_names_addresses_is_one_client_all_the_same(
    attacker: Attacker,
) -> None:
    said = [
        await attacker.send(get("/quota", f"X-Forwarded-For: 10.0.0.{n}"))
        for n in range(80)
    ]

    assert status_of(said[0]) == 200
    assert 429 in {status_of(answer) for answer in said}  # two a second may come again


async def test_a_request_that_two_servers_would_read_differently_is_refused(
    attacker: Attacker,
) -> None:
    inner = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    both = f"Content-Length: {len(inner)}", "Transfer-Encoding: chunked"

    said = await attacker.send(post("/livez", b"0\r\n\r\n" + inner, *both))

    assert status_of(said) == 400
    assert b"giphynavigator_" not in said


def test_the_log_of_all_this_has_no_fault_and_no_broken_line(service: Watched) -> None:
    assert service.complaints() == []
    assert not [line for line in service.lines() if line.startswith("caught")]
