"""The watched service in a process of its own, and good clients in another."""

import asyncio
import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.processes import REPOSITORY, environment, fetch
from tests.servers import lacking
from tests.starved import SCHEDULER

OPEN_FILES = 6000
CONFIG = "log: {level: info, access: true}"
UNSEEN = re.compile(r"never retrieved|Traceback|unexpected fault")


@dataclass
class State:
    """What the service is made of at one moment; memory in bytes, time in seconds.

    Of the time before it, the longest stall and how many turns of the loop were late.
    """

    stall: float
    turns: int
    late: int
    tasks: int
    files: int
    memory: int
    peak: int


class Watched:
    """The service, at `host` and `port`."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log
        self.url: str = json.loads(process.stdout.readline())["url"]
        _, self.host, port = self.url.replace("//", "").split(":")
        self.port = int(port)
        self.pid = str(process.pid)

    def look(self) -> State:
        """How it is now; how long it stood still, and its peak, since the last look."""
        self._process.send_signal(signal.SIGUSR1)
        said = json.loads(self._process.stdout.readline())
        place = Path("/proc", self.pid)
        status = (place / "status").read_text()
        memory, peak = (
            int(re.search(rf"{name}:\s+(\d+)", status)[1]) * 1024
            for name in ("VmRSS", "VmHWM")
        )
        (place / "clear_refs").write_text("5")  # the peak begins anew
        files = len(list((place / "fd").iterdir()))
        return State(**said, files=files, memory=memory, peak=peak)

    async def settled(self, *, files: int, tasks: int, patience: float = 15) -> State:
        """How it is once it has let go of what it need not hold; or how it stays."""
        for _ in range(int(patience * 10)):
            state = self.look()
            if state.files <= files and state.tasks <= tasks:
                break
            await asyncio.sleep(0.1)
        return state

    def failures(self) -> list[str]:
        """What it counts of its own answers with 5xx."""
        numbers = fetch(f"{self.url}/metrics").decode()
        return re.findall(r'(?m)^giphynavigator_http_requests_.*"5\d\d".*$', numbers)

    def complaints(self) -> list[str]:
        """Lines of its log that tell of what nobody foresaw."""
        return [line for line in self.lines() if UNSEEN.search(line)]

    def lines(self) -> list[str]:
        """Its log."""
        return self._log.read_text(errors="replace").splitlines()


@contextmanager
def watched(folder: Path, *, config: str = CONFIG, **environ: str) -> Iterator[Watched]:
    """A service with that many files to open, whose log is in the folder."""
    if not SCHEDULER.exists():
        lacking("the /proc of Linux")
    allow_files()
    settings = folder / "config.yml"
    settings.write_text(config, encoding="utf-8")
    log = folder / "log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.abuse.watched", str(settings)],
            cwd=REPOSITORY,
            env=environment({"DATABASE_URL": "sqlite:///test.db", **environ}),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        yield Watched(process, log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def allow_files() -> None:
    """Let this process, and those that it starts, open enough files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        lacking(f"leave to open {OPEN_FILES} files (ulimit -n)")
    if soft < OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


@dataclass
class Answered:
    """How good clients fared; seconds."""

    count: int = 0
    failed: int = 0
    p99: float = 0.0


@contextmanager
def good_clients(service: Watched) -> Iterator[Answered]:
    """Clients that ask decently while the block lasts; then it says how they fared."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.abuse.good_clients", service.url, service.pid],
        cwd=REPOSITORY,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    answered = Answered()
    try:
        process.stdout.readline()  # the first answers are there
        yield answered
        process.send_signal(signal.SIGTERM)
        found = json.loads(process.stdout.readline())
        answered.__dict__.update(found)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
