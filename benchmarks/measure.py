"""Processes, and what the kernel says they used. Linux only: it reads /proc."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

from msgspec import Struct

ROOT: Final = Path(__file__).parent.parent
ADDRESS: Final = re.compile(r"^(?:Giphy Navigator \S+ on )?(http://\S+)$", re.MULTILINE)
PATIENCE: Final = 20.0
"""Seconds that a server may take to say where it is."""

SERVE: Final = ("-m", "giphynavigator", "serve", "--port", "0")
PLENTY: Final = 1_000_000_000
"""Calls an hour: a quota that is counted and never spent."""


class Process(Struct):
    """A server that runs: its address, and what it used so far."""

    address: str
    pid: int

    def cpu(self) -> float:
        """Give the seconds on a CPU of all its threads."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        spent = ((task / "schedstat").read_text().split()[0] for task in tasks)
        return sum(map(int, spent)) / 1e9

    def memory(self) -> int:
        """Give its resident bytes."""
        return resident(str(self.pid))


def resident(pid: str = "self") -> int:
    """Give the resident bytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (row for row in status.splitlines() if row.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


@contextmanager
def contender(name: str, *arguments: str) -> Iterator[Process]:
    """Run one of the contenders."""
    with running(["-m", f"benchmarks.contenders.{name}", *arguments], {}) as process:
        yield process


@contextmanager
def navigator(
    api_url: str, *, redis_url: str = "", cache: Mapping[str, int] | None = None
) -> Iterator[Process]:
    """Run the service itself, with a quota that is counted and never spent."""
    config = {
        "log": {"access": False, "level": "error"},
        "quota": {"calls": PLENTY},
        "cache": cache or {},
    }
    environ = {"GIPHY_API_KEY": "any", "GIPHY_API_URL": api_url, "REDIS_URL": redis_url}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "config.yml")
        file.write_text(json.dumps(config))
        with running([*SERVE, "--config", str(file)], environ) as process:
            yield process


@contextmanager
def running(arguments: Sequence[str], environ: Mapping[str, str]) -> Iterator[Process]:
    """Run Python with these arguments until the end of the context."""
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**clean_environment(), **environ},
            stdout=said,
            stderr=said,
        ) as process,
    ):
        try:
            yield Process(
                wait_for_address(process, Path(f"/proc/self/fd/{said.fileno()}")),
                process.pid,
            )
        finally:
            process.kill()


def clean_environment() -> dict[str, str]:
    """Give the environment without what would set up the service."""
    ours = re.compile("GIPHY|REDIS_URL|DATABASE_URL|HOST$|PORT$|PROMETHEUS")
    return {name: value for name, value in os.environ.items() if not ours.match(name)}


def wait_for_address(process: subprocess.Popen[bytes], said: Path) -> str:
    """Give the address that a server prints once it serves."""
    give_up = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < give_up:
        if found := ADDRESS.search(said.read_text()):
            return found[1]
        time.sleep(0.002)
    raise SystemExit(f"a server did not start:\n{said.read_text()}")


def ask(url: str, method: str = "GET", body: object = None) -> Any:
    """Give the JSON that a server answers with."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, method=method)) as response:
        return json.loads(response.read())


class Upstream(Struct):
    """The sandbox in its own process."""

    process: Process

    @property
    def api_url(self) -> str:
        """Where Giphy's API is."""
        return self.process.address

    @property
    def _control(self) -> str:
        return self.api_url.removesuffix("/v1") + "/sandbox"

    def calls(self) -> int:
        """Give how many calls came so far."""
        return int(ask(f"{self._control}/calls")["count"])

    def slow_down(self, seconds: float) -> None:
        """Answer every call so much later."""
        fault = {"name": "slow", "delay": seconds}
        ask(f"{self._control}/fault", "PUT", fault)

    def hurry(self) -> None:
        """Answer at once again."""
        ask(f"{self._control}/fault", "DELETE")


@contextmanager
def upstream() -> Iterator[Upstream]:
    """Run the sandbox."""
    with contender("sandbox") as process:
        yield Upstream(process)
