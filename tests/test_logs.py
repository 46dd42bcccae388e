"""What a real process writes at DEBUG, through every fault of Giphy's."""

import asyncio
import json
import logging
import re
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from aiohttp import ClientSession
from aiohttp.http_exceptions import BadStatusLine

from giphynavigator.logs import formatter_for, is_worth_a_line
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import LogSettings, Secret
from tests.conftest import CANARY
from tests.test_commands import running
from tests.test_giphy import FAULTS

MEGABYTE = 1024 * 1024


def peak_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (row for row in status.splitlines() if row.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


async def test_every_fault_leaves_no_key_in_the_log_and_memory_in_bounds(
    upstream: Sandbox, tmp_path: Path
) -> None:
    config = tmp_path / "config.yml"
    config.write_text("log: {level: debug}\ngiphy: {request_timeout: 0.5}\n")
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": CANARY}
    serving = running("serve", "--port", "0", "--config", str(config), **environ)

    with serving as (address, process):
        async with ClientSession() as session:
            for number, (fault, _, _) in enumerate(FAULTS):
                upstream.faults.set(fault)
                async with session.get(f"{address}/?query=secret+{number}") as answer:
                    assert CANARY not in await answer.text()
        memory = peak_memory(process.pid)
        process.terminate()
        log = await asyncio.to_thread(process.stderr.read)

    assert CANARY not in log
    assert "Traceback" not in log
    assert "secret 0" in log  # at debug, and nowhere else
    assert memory < 250 * MEGABYTE


def test_the_access_log_has_the_route_and_not_what_is_searched_for() -> None:
    with running("serve", "--port", "0") as (address, process):
        for path in ("/?query=very-secret", "/v1/tags/related/very-secret"):
            with urlopen(address + path) as answer:
                assert answer.status == 200
        process.terminate()
        log = process.stderr.read()

    assert "GET / 200" in log
    assert "GET /v1/tags/related/" in log
    assert "very-secret" not in log


def test_the_access_log_can_be_silenced(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("log: {access: false}\n")
    serving = running("serve", "--port", "0", "--config", str(config))

    with serving as (address, process):
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 200")
        process.terminate()
        log = process.stderr.read()

    assert "GET / 200" not in log


def test_a_request_that_is_no_http_is_no_news() -> None:
    def record(error: Exception | None) -> logging.LogRecord:
        info = (type(error), error, None) if error else None
        return logging.LogRecord("aiohttp.server", 40, "", 0, "", None, info)

    assert not is_worth_a_line(record(BadStatusLine("secret")))
    assert is_worth_a_line(record(RuntimeError()))
    assert is_worth_a_line(record(None))


@pytest.mark.parametrize(
    "rubbish", [b"\xff\xfe\r\n\r\n", b"GET /?q=\xff HTTP/1.1\r\n\r\n"]
)
def test_rubbish_is_not_quoted_in_the_log(rubbish: bytes) -> None:
    with running("serve", "--port", "0") as (address, process):
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(rubbish)
            raw.recv(100)
        process.terminate()
        log = process.stderr.read()

    assert "Traceback" not in log


def lines_of(tmp_path: Path, log: str, **headers: str) -> list[str]:
    """What a real process writes about two searches, the second of them a hit."""
    config = tmp_path / "config.yml"
    config.write_text(f"log: {log}\n", encoding="utf-8")
    with running("serve", "--port", "0", "--config", str(config)) as (address, process):
        for _ in range(2):
            with urlopen(Request(f"{address}/gifs?query=secret", headers=headers)):
                pass
        with suppress(HTTPError):
            urlopen(f"{address}/nope")
        process.terminate()
        written: str = process.stderr.read()
    assert "secret" not in written
    return written.splitlines()


def test_a_line_for_each_request_says_what_became_of_it(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, "{}", **{"X-Request-ID": "mine"})

    said = [line.partition("access: ")[2] for line in lines if "access: " in line]
    plain = [re.sub(r"\d+\.\d ms", "1.0 ms", line) for line in said]
    assert plain[:2] == [
        "GET /gifs 200 1.0 ms miss request_id=mine",
        "GET /gifs 200 1.0 ms hit request_id=mine",
    ]
    assert re.fullmatch(r"GET /nope 404 1.0 ms - request_id=\w+-\w+", plain[2])


def test_lines_of_json_have_the_same_in_members(tmp_path: Path) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = {"X-Request-ID": "mine", "traceparent": parent}

    lines = lines_of(tmp_path, "{format: json}", **headers)

    said = [json.loads(line) for line in lines if line.startswith("{")]
    first, _, third = [line for line in said if line["logger"].endswith("access")]
    time, ms = datetime.fromisoformat(first.pop("time")), first.pop("ms")
    message = first.pop("message")
    assert time.tzinfo is not None
    assert message == f"GET /gifs 200 {ms:.1f} ms miss"
    assert first == {
        "level": "info",
        "logger": "giphynavigator.access",
        "method": "GET",
        "route": "/gifs",
        "status": 200,
        "cache": "miss",
        "request_id": "mine",
        "trace_id": parent.split("-")[1],
    }
    assert (third["route"], third["status"]) == ("/nope", 404)


def written(settings: LogSettings, *secrets: str, error: bool = False) -> str:
    """What one line looks like."""
    fault = RuntimeError(secrets)
    cause = (type(fault), fault, None) if error else None
    record = logging.LogRecord("here", 30, "", 0, "it was %s", (secrets,), cause)
    return formatter_for(settings, [Secret(text) for text in secrets]).format(record)


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_secret_that_gets_into_a_line_is_blacked_out(kind) -> None:
    line = written(LogSettings(format=kind), CANARY, CANARY + "longer", error=True)

    assert CANARY not in line
    assert "longer" not in line
    assert line.count("***") == 4


def test_a_line_of_json_is_one_line_whatever_it_says() -> None:
    line = written(LogSettings(format="json"), "two\nlines", error=True)

    assert "\n" not in line
    assert json.loads(line)["traceback"].startswith("RuntimeError")
