"""The program as processes, as people start them."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent

IN_MEMORY = "sqlite+aiosqlite:///:memory:"
"""The database of tests that are about something else: it leaves no file behind."""


@contextmanager
def running(*arguments: str, **environ: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """A command that serves, with the address that its banner names.

    What it said until then is in `said` of the process; the rest is in its stderr.
    """
    process = subprocess.Popen(
        command(arguments),
        cwd="/",
        env=environment(environ),
        stderr=subprocess.PIPE,
        text=True,
    )
    process.said = []
    try:
        for line in process.stderr:
            process.said.append(line)
            if " on http://" in line:
                yield line.split(" on ")[1].strip(), process
                break
        else:
            pytest.fail(f"it ended without a banner: {''.join(process.said)}")
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def ended(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command that has come to its end, with all it said."""
    return subprocess.run(
        command(arguments),
        cwd="/",
        env=environment(environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def command(arguments: Iterable[str]) -> list[str]:
    return [sys.executable, "-m", "giphynavigator", *arguments]


def environment(more: dict[str, str]) -> dict[str, str]:
    """What a command is told of the world: nothing of ours but where things are."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "DATABASE_URL": IN_MEMORY,
        **more,
    }


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()
