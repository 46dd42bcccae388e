"""A PostgreSQL of our own for a while, when its server is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

PLACES: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
INITDB: Final = "-A trust -U postgres -E UTF8 --locale=C.UTF-8"


@contextmanager
def postgres_server() -> Iterator[str | None]:
    """Run one that syncs every commit, and give its URL; None if there is none."""
    path = os.pathsep.join((os.environ["PATH"], *map(str, PLACES)))
    pg_ctl = shutil.which("pg_ctl", path=path)
    if pg_ctl is None:
        yield None
        return
    folder, port = tempfile.mkdtemp(), free_port()
    who = identity(folder)

    def run(*arguments: str) -> None:
        command = [pg_ctl, "-D", "data", "-w", *arguments]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, cwd=folder, check=True, **silent, **who)

    try:
        run("initdb", "-o", INITDB)
        run("start", "-o", f"-h 127.0.0.1 -p {port} -k .")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        run("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Give a port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def identity(folder: str) -> dict[str, Any]:
    """Give who owns the folder: postgres where we are root, whom it refuses."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
