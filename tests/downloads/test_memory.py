"""How much memory a file takes on its way to the disk: as good as none."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.downloads.media_server import Asked, Line, MediaServer
from tests.processes import command, environment

MB = 1_000_000
SMALL, LARGE = 1 * MB, 256 * MB
ALLOWED = 30 * MB

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="ru_maxrss is in other units elsewhere"
)


def of_size(size: int):
    """Serves so many bytes without having them."""

    async def behave(_: Asked, line: Line) -> None:
        await line.head("200 OK", Content_Length=size, ETag='"1"')
        await line.body(b"GIF89a" + bytes(MB - 6))
        for _ in range(size // MB - 1):
            await line.body(bytes(MB))

    return behave


def peak(arguments: list[str]) -> int:
    """Run a command to its good end, and give the bytes that it had at most."""
    process = subprocess.Popen(
        command(arguments), env=environment({}), stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss * 1024


def taken_away(folder: Path) -> list[int]:
    """The lengths of the files, which nobody wants to keep."""
    files = list(folder.glob("*.gif"))
    sizes = sorted(path.stat().st_size for path in files)
    for path in files:
        path.unlink()
    return sizes


async def test_memory_does_not_grow_with_the_file(
    media: MediaServer, config: Path, folder: Path
) -> None:
    sizes = {"/small.gif": SMALL, "/large.gif": LARGE}
    media.behaviours = {path: of_size(size) for path, size in sizes.items()}
    peaks = [
        await asyncio.to_thread(
            peak,
            ["download", media.url(path), "--to", str(folder), "--config", str(config)],
        )
        for path in sizes
    ]

    assert taken_away(folder) == [SMALL, LARGE]
    assert peaks[1] - peaks[0] <= ALLOWED
