"""A Redis of our own for a while, when its server is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import redis
from msgspec import Struct

from benchmarks.measure import PATIENCE, Process

PLACES: Final = ("/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin")
OURS: Final = ("info", "config")
"""What the benchmark itself says to Redis."""


class RedisServer(Struct):
    """A Redis that runs, and what it says of itself."""

    url: str
    process: Process

    def info(self, section: str) -> dict[str, Any]:
        """Give a section of its statistics."""
        with redis.Redis.from_url(self.url) as client:
            return dict(client.info(section))

    def commands(self) -> dict[str, int]:
        """Count the commands so far, by name."""
        stats = self.info("commandstats")
        named = {
            name.removeprefix("cmdstat_"): each["calls"] for name, each in stats.items()
        }
        return {
            name: calls
            for name, calls in named.items()
            if not name.startswith((*OURS, "client", "hello"))
        }

    def most_clients(self) -> int:
        """Give how many connections it accepts."""
        with redis.Redis.from_url(self.url) as client:
            return int(client.config_get("maxclients")["maxclients"])


@contextmanager
def redis_server() -> Iterator[RedisServer | None]:
    """Run one that keeps nothing on disk; give None when there is none to run."""
    binary = shutil.which(
        "redis-server", path=os.pathsep.join((os.environ["PATH"], *PLACES))
    )
    if binary is None:
        yield None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with subprocess.Popen(
            [*command, "--dir", folder], stdout=subprocess.DEVNULL
        ) as process:
            url = f"redis://127.0.0.1:{port}/0"
            try:
                wait_for(url)
                yield RedisServer(url, Process(url, process.pid))
            finally:
                process.kill()


def wait_for(url: str) -> None:
    """Return when Redis answers."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with redis.Redis.from_url(url) as client:
                client.ping()
        except redis.ConnectionError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return
