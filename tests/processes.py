"""The program as processes, as people start them."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


@contextmanager
def running(*arguments: str, **environ: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """A command that serves, with the address that its banner names.

    What it said until then is in `said` of the process; the rest is in its stderr.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "giphynavigator", *arguments],
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **environ},
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
            pytest.fail("it ended without a banner")
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()
