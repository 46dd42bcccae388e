"""System servers for tests: each on a free port, in a folder of its own.

A server that is not installed skips its tests and is named at the end of the run;
with CI=true in the environment it fails them.
"""

import glob
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

import pytest

HOST = "127.0.0.1"
PATIENCE = 10.0  # seconds for a server to come up or go down
PLACES = (
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True),  # noqa: PTH207
)

_missing: set[str] = set()

_ports = itertools.count(20_000 + os.getpid() % 100 * 100)
"""Of this process, below those that the kernel gives to whoever connects."""


def find(*names: str) -> str:
    """Return the path of a server's binary, by the first of its names that there is.

    Without any, skip the test; fail it with CI=true.
    """
    places = os.pathsep.join((os.environ["PATH"], *PLACES))
    paths = (shutil.which(name, path=places) for name in names)
    return next(filter(None, paths), None) or lacking(names[-1])


def lacking(name: str) -> NoReturn:
    """Skip the test for want of something; fail it with CI=true."""
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
    """Return a port that nobody listens on, and that nobody else is given."""
    return next(filter(is_free, _ports))


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe, suppress(OSError):
        probe.bind((HOST, port))
        return True
    return False


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

    def identity(self) -> dict[str, Any]:
        """Who the process is, as Popen takes it; we ourselves, unless it refuses."""
        return {}

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
                **self.identity(),
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

    def takes_connections(self) -> bool:
        """Whether it is up."""
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True

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
        family = children(self._process.pid)
        self._signal(number)
        self._signal(signal.SIGCONT)
        self._process.wait(PATIENCE)
        wait_until_ended(family)  # PostgreSQL's hold on to its memory
        self._process = None

    def _wait_until_listening(self) -> None:
        assert self._process is not None
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self._process.poll() is None:
            if self.takes_connections():
                return
            time.sleep(0.005)
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


class PostgresServer(Server):
    """A PostgreSQL with databases that are made when they are asked for.

    It writes to the disk at its leisure, which no end of a process can harm, unless
    it is `durable`: then as it does by itself.
    """

    binary = "postgres"

    def __init__(self, *, durable: bool = False, port: int | None = None) -> None:
        initdb = find("initdb")
        super().__init__(port)
        self._fast = () if durable else FAST
        self._numbers = itertools.count(1)
        if who := self.identity():
            os.chown(self.folder, who["user"], who["group"])
        subprocess.run(
            [initdb, *INITDB, "--pgdata", "data"],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **who,
        )

    def arguments(self) -> Sequence[str]:
        where = ("-D", "data", "-h", HOST, "-p", str(self.port), "-k", ".")
        return (*where, *self._fast)

    def identity(self) -> dict[str, Any]:
        """The user postgres where we are root, whom PostgreSQL refuses."""
        if os.geteuid() != 0:
            return {}
        user = pwd.getpwnam("postgres")
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"test{next(self._numbers)}"
        place = ("-h", HOST, "-p", str(self.port), "-U", "postgres")
        subprocess.run([find("createdb"), *place, name], check=True)
        return f"postgresql://postgres@{HOST}:{self.port}/{name}"

    def takes_connections(self) -> bool:
        """Whether it is up, and not still starting."""
        asked = [find("pg_isready"), "-q", "-h", HOST, "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def stop(self) -> None:
        """Stop without waiting for clients to leave."""
        self._end(signal.SIGINT)

    def _signal(self, number: signal.Signals) -> None:
        """Send it to the children too, which are not of the same process group."""
        assert self._process is not None
        for pid in (self._process.pid, *children(self._process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


INITDB = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
FAST = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def children(parent: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    listed = subprocess.run(
        [find("pgrep"), "-P", str(parent)], check=False, capture_output=True, text=True
    )
    return [int(pid) for pid in listed.stdout.split()]


def wait_until_ended(pids: Iterable[int]) -> None:
    """Return when none of the processes runs, whether or not anybody has noticed."""
    give_up = time.monotonic() + PATIENCE
    while any(map(is_running, pids)) and time.monotonic() < give_up:
        time.sleep(0.005)


def is_running(pid: int) -> bool:
    """Whether it is a process, and not what is left of one."""
    asked = [find("ps"), "-o", "state=", "-p", str(pid)]
    state = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    return state.strip() not in {"", "Z"}


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
