"""What a real process writes at DEBUG, through every fault of Giphy's."""

import asyncio
import logging
import socket
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.http_exceptions import BadStatusLine

from giphynavigator.logs import is_worth_a_line
from giphynavigator.sandbox.application import Sandbox
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


def test_the_access_log_has_the_path_and_not_the_query() -> None:
    with running("serve", "--port", "0") as (address, process):
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(b"GET /?query=very-secret HTTP/1.1\r\nHost: x\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 200")
        process.terminate()
        log = process.stderr.read()

    assert "GET / 200" in log
    assert "very-secret" not in log


def test_the_access_log_can_be_silenced(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("log: {access: false}\n")
    serving = running("serve", "--port", "0", "--config", str(config))

    with serving as (address, process):
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
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
