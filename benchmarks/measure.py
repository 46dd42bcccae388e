"""Processes, the load on them, and the CPU time that they took for it."""

import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from msgspec import Struct


class Process(Struct):
    """A server that runs: its address, and what it used so far."""

    address: str
    pid: int

    def cpu(self) -> float:
        """Give the seconds on a CPU of all its threads, as the kernel counts them."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        spent = ((task / "schedstat").read_text().split()[0] for task in tasks)
        return sum(map(int, spent)) / 1e9

    def memory(self) -> int:
        """Give its resident bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        (line,) = (row for row in status.splitlines() if row.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024


@contextmanager
def server(*arguments: str) -> Iterator[Process]:
    """Run one of the contenders."""
    command = [sys.executable, "-m", "benchmarks.contenders", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout  # it is a pipe
            yield Process(process.stdout.readline().strip(), process.pid)
        finally:
            process.kill()


async def load(address: str, paths: Iterable[str], *, at_once: int) -> None:
    """Get every path, so many at once over connections that are kept."""
    waiting = iter(paths)

    async def visit(session: aiohttp.ClientSession) -> None:
        for path in waiting:
            async with session.get(address + path) as response:
                await response.read()
                response.raise_for_status()

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(visit(session))


def cpu_per_request(process: Process, paths: list[str], *, at_once: int = 40) -> float:
    """Give the seconds of CPU that the server takes for one of these requests."""
    before = process.cpu()
    asyncio.run(load(process.address, paths, at_once=at_once))
    return (process.cpu() - before) / len(paths)
