"""Replicas as processes, each on a port that it comes back to."""

import random
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.front import CONF, Front
from tests.processes import running
from tests.servers import HOST, PostgresServer, RedisServer

_, _, told = CONF.partition("tell the replicas in config.yml:\n#")
SETTINGS = told.partition("\n")[0].strip()
"""What the shipped configuration says that the replicas' must have."""
TOKEN = "let-me-write"


def lasting_port() -> int:
    """A free port that the system lends to no connection while nobody listens."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return port


class Replica:
    """One process of the service; `start` it, `end` it, `start` it again."""

    def __init__(self, config: Path, environ: dict[str, str]) -> None:
        self.port = lasting_port()
        self._config = config
        self._environ = environ
        self._running = ExitStack()

    def start(self) -> None:
        """Start, and return when it listens."""
        arguments = ("serve", "--port", str(self.port), "--config", str(self._config))
        _, self.process = self._running.enter_context(
            running(*arguments, **self._environ)
        )

    def end(self, number: signal.Signals) -> int:
        """Send a signal, and return what the process ended with."""
        self.process.send_signal(number)
        status = self.process.wait(20)
        self.close()
        return status

    def close(self) -> None:
        self._running.close()


@dataclass
class Deployment:
    """Two replicas that share Redis and PostgreSQL, behind nginx as it is shipped."""

    front: Front
    replicas: list[Replica]

    @property
    def ports(self) -> list[int]:
        return [replica.port for replica in self.replicas]


@contextmanager
def deployed(
    folder: Path, certificate: Path, postgres: PostgresServer
) -> Iterator[Deployment]:
    """A deployment with a Giphy, a Redis and a database of its own."""
    config = folder / "config.yml"
    config.write_text(f"{SETTINGS}\nlog: {{level: warning, access: false}}\n")
    with ExitStack() as stack:
        giphy, _ = stack.enter_context(running("sandbox", "--port", "0"))
        environ = {
            "GIPHY_API_URL": giphy,
            "GIPHY_API_KEY": "any",
            "REDIS_URL": stack.enter_context(RedisServer()).url,
            "DATABASE_URL": postgres.new_database(),
            "GIPHYNAVIGATOR_TOKENS": TOKEN,
        }
        replicas = [Replica(config, environ) for _ in range(2)]
        for replica in replicas:
            stack.callback(replica.close)
            replica.start()
        ports = [replica.port for replica in replicas]
        front = stack.enter_context(Front(ports, certificate))
        yield Deployment(front, replicas)
