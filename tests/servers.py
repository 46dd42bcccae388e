"""System servers for tests: each on a free port, in a folder of its own.

A server that is not installed skips its tests and is named at the end of the run;
with CI=true in the environment it fails them.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

HOST = "127.0.0.1"
PATIENCE = 10.0  # seconds for a server to come up or go down
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin")

_missing: set[str] = set()


def find(name: str) -> str:
    """Return the path of a server's binary, or skip the test; fail it with CI=true."""
    path = shutil.which(name, path=os.pathsep.join((os.environ["PATH"], *PLACES)))
    if path:
        return path
    _missing.add(name)
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed", pytrace=False)
    pytest.skip(f"{name} is not installed")


def summary_lines() -> list[str]:
    """Return what the run has to say at its end, one line per missing server."""
    return [
        f"{name} is not installed: the tests that need it did not run"
        for name in sorted(_missing)
    ]


def free_port() -> int:
    """Return a port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A process that listens on a port; as a context, it is started and stopped."""

    binary: str

    def __init__(self, port: int | None = None) -> None:
        self._path = find(self.binary)
        self.port = port or free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="giphynavigator-"))
        self._process: subprocess.Popen[bytes] | None = None

    def arguments(self) -> Sequence[str]:
        raise NotImplementedError

    def start(self) -> None:
        """Start, and return when connections are taken."""
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [self._path, *self.arguments()],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_listening()

    def stop(self) -> None:
        """Stop as an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop as a power cut would."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Stop answering, with all connections left open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on as if nothing had been."""
        self._signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self._process.pid, number)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._signal(number)
        self._signal(signal.SIGCONT)
        self._process.wait(PATIENCE)
        self._process = None

    def _wait_until_listening(self) -> None:
        assert self._process is not None
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self._process.poll() is None:
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.005)
            else:
                return
        self.kill()
        said = (self.folder / "log").read_text(errors="replace")
        shutil.rmtree(self.folder, ignore_errors=True)
        pytest.fail(f"{self.binary} did not start:\n{said}", pytrace=False)


class RedisServer(Server):
    """A Redis that keeps nothing on disk, unless options say otherwise."""

    binary = "redis-server"

    def __init__(self, *options: str, port: int | None = None) -> None:
        super().__init__(port)
        self._options = options

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def arguments(self) -> Sequence[str]:
        where = ("--port", str(self.port), "--bind", HOST, "--dir", str(self.folder))
        return (*where, "--save", "", "--appendonly", "no", *self._options)


class NginxServer(Server):
    """An nginx in the foreground; `conf` is what stands inside `http {}`.

    The configuration listens on `port`, which the test picks by `free_port()`.
    """

    binary = "nginx"

    def __init__(self, conf: str, *, port: int) -> None:
        super().__init__(port)
        (self.folder / "nginx.conf").write_text(self._around(conf))

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def arguments(self) -> Sequence[str]:
        return ("-p", str(self.folder), "-c", "nginx.conf", "-e", "stderr")

    def _around(self, conf: str) -> str:
        user = "user root;" if os.geteuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = "\n".join(f"{kind}_temp_path {kind};" for kind in kinds)
        return (
            f"{user}\ndaemon off;\npid nginx.pid;\nerror_log stderr;\n"
            "events { worker_connections 1024; }\n"
            f"http {{\naccess_log off;\n{folders}\n{conf}\n}}\n"
        )
