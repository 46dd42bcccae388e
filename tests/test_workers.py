"""Several processes on one port, and the one that looks after them."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from giphynavigator.commands.main import main
from giphynavigator.serving.server import LIMIT
from giphynavigator.serving.workers import DEATHS
from tests.conftest import CANARY
from tests.processes import ended, fetch, running
from tests.raw_clients import Clients

TWO = ("serve", "--workers", "2", "--port", "0")


def listeners(lines: Iterable[str]) -> list[int]:
    """The workers that are said to listen."""
    return [int(pid) for pid in re.findall(r"worker (\d+) listens", "".join(lines))]


def read_until(process: subprocess.Popen, words: str) -> list[str]:
    """What the process says up to a line with these words."""
    lines = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            return lines
    pytest.fail(f"it never said {words!r}")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_each_worker_answers_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    environ = {"GIPHY_API_KEY": CANARY, "GIPHY_API_URL": "http://127.0.0.1:9/v1"}
    with running(*TWO, TMPDIR=str(tmp_path), **environ) as (url, process):
        first, second = listeners(process.said)
        lent = [path.name for path in tmp_path.iterdir()]
        quota = json.loads(fetch(f"{url}/quota"))

        os.kill(first, signal.SIGKILL)
        lines = read_until(process, " listens")
        os.kill(second, signal.SIGKILL)
        lines += read_until(process, f"worker {second} ended with -9")
        by_the_new_one = fetch(f"{url}/livez")
        process.send_signal(signal.SIGTERM)
        status = process.wait(LIMIT)
        lines += process.stderr.readlines()

    assert by_the_new_one == b'{"status":"ok"}'
    assert quota["limit"] == 50  # of a hundred
    assert f"worker {first} ended with -9" in "".join(lines)
    assert "".join(process.said + lines).count("Giphy Navigator") == 1
    assert (status, len(lent), list(tmp_path.iterdir())) == (0, 1, [])
    assert not any(is_running(pid) for pid in listeners(process.said + lines))


async def test_sigterm_to_all_drops_nobody(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("log: {access: false}", encoding="utf-8")
    with running(*TWO, "--config", str(config)) as (url, process):
        clients = Clients(f"{url}/?query=cats")
        asking = [asyncio.create_task(clients.ask_until_refused()) for _ in range(50)]
        await clients.answered(500)
        # As a service manager does it: to the one in charge and to everybody else.
        for pid in (*listeners(process.said), process.pid):
            os.kill(pid, signal.SIGTERM)
        status = await asyncio.to_thread(process.wait, LIMIT)
        await asyncio.gather(*asking)

    assert (clients.dropped, set(clients.statuses)) == ([], {200})
    assert status == 0


def test_workers_that_only_die_end_the_whole() -> None:
    with running("serve", "--workers", "3", "--port", "0") as (_, process):
        lines = list(process.said)
        for pid in listeners(lines):
            os.kill(pid, signal.SIGKILL)
        for line in process.stderr:
            lines.append(line)
            for pid in listeners([line]):
                os.kill(pid, signal.SIGKILL)
        status = process.wait(LIMIT)

    assert (status, lines[-1]) == (
        1,
        f"Error: more than {DEATHS} workers died within 30 s\n",
    )
    assert "Traceback" not in "".join(lines)


def test_a_second_signal_ends_all_at_once() -> None:
    with running(*TWO) as (_, process):
        process.send_signal(signal.SIGINT)
        read_until(process, "no new requests")
        process.send_signal(signal.SIGINT)
        status = process.wait(LIMIT)
        said = process.stderr.read()

    assert status == 1
    assert said.endswith("Error: workers ended before they had answered everybody\n")
    assert not any(is_running(pid) for pid in listeners(process.said))


def test_workers_end_when_nobody_is_left_to_look_after_them() -> None:
    with running(*TWO) as (url, process):
        process.kill()

        connect_until_refused(int(url.rsplit(":", 1)[1]))


def connect_until_refused(port: int) -> None:
    """Connect again and again; one that meets the very end may be reset instead."""
    with suppress(ConnectionRefusedError):
        while True:
            with suppress(ConnectionResetError):
                socket.create_connection(("127.0.0.1", port), timeout=LIMIT).close()


def test_the_port_of_other_workers_is_not_joined() -> None:
    with running(*TWO) as (url, _):
        port = url.rsplit(":", 1)[1]
        done = ended(*TWO[:-1], port)

    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in done.stderr.splitlines()[-1]


def test_where_ports_are_not_shared_one_worker_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(socket, "SO_REUSEPORT")

    done = CliRunner().invoke(main, TWO)

    sentence = "this system gives a port to one process: take one worker"
    assert (done.exit_code, done.stderr) == (1, f"Error: {sentence}\n")
