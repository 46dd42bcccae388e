"""Several processes, counted together."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from giphynavigator.metrics import workers
from tests.metrics.reading import Numbers

REPOSITORY = Path(__file__).parent.parent.parent

# The parent has imported everything before it forks.
FORKING = """
import os
from prometheus_client import CollectorRegistry
from giphynavigator.metrics.exposition import Exposition
from giphynavigator.metrics.recorder import MetricsRecorder
from giphynavigator.metrics.workers import (
    counted_together, create_registry, forget_worker
)

def work(number):
    recorder = MetricsRecorder(create_registry(), redis=not SUM)
    for _ in range(number):
        recorder.sent()
    recorder.quota(10 * number, resets_in=60 * number)
    recorder.redis(up=number != 2)
    recorder.database(up=number != 3)
    recorder.flying(number)
    recorder.answered("ok", 0.01)
    if number == 3:
        recorder.breaker("open")
    os._exit(0)

with counted_together():
    pids = []
    for number in (1, 2, 3):
        pid = os.fork() or work(number)
        os.waitpid(pid, 0)
        pids.append(pid)
    print(Exposition(CollectorRegistry()).text()[0].decode())
    print("THEN")
    forget_worker(pids[2])
    print(Exposition(CollectorRegistry()).text()[0].decode())
print("THEN", os.environ.get("PROMETHEUS_MULTIPROC_DIR"))
"""


def forked(*, shared: bool) -> tuple[Numbers, Numbers]:
    done = subprocess.run(
        [sys.executable, "-c", f"SUM = {not shared}\n{FORKING}"],
        capture_output=True,
        cwd=REPOSITORY,
        text=True,
        check=True,
    )
    three, two, folder = done.stdout.split("THEN")
    assert folder.strip() == "None"
    return Numbers(three), Numbers(two)


def test_workers_are_summed_and_the_dead_leave_only_what_they_counted() -> None:
    three, two = forked(shared=False)

    count = "giphy_answer_duration_seconds_count"
    assert (three("giphy_calls_total"), two("giphy_calls_total")) == (6, 6)
    assert (three(count, outcome="ok"), two(count, outcome="ok")) == (3, 3)
    assert (three("searches_in_flight"), two("searches_in_flight")) == (6, 3)
    assert (three("quota_left"), two("quota_left")) == (60, 30)


def test_the_breakers_of_all_workers_are_counted_by_state() -> None:
    three, two = forked(shared=False)

    closed, opened = {"state": "closed"}, {"state": "open"}
    assert three("breaker_state", **closed) == 2
    assert three("breaker_state", **opened) == 1
    assert two("breaker_state", **closed) == 2
    assert two("breaker_state", **opened) == 0


def test_of_a_quota_that_is_shared_the_last_word_counts() -> None:
    three, two = forked(shared=True)

    assert (three("quota_left"), two("quota_left")) == (30, 20)
    assert (three("redis_up"), two("redis_up")) == (0, 0)


def test_the_database_is_up_where_all_workers_have_it() -> None:
    three, two = forked(shared=False)

    assert (three("database_up"), two("database_up")) == (0, 1)


@asynccontextmanager
async def serving(
    folder: Path,
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """One worker on a port of its own, and its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "giphynavigator", "serve", "--port", "0", "--sandbox"),
        cwd=REPOSITORY,
        env={**os.environ, workers.FOLDER: str(folder)},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        address = None
        while not address:
            line = await process.stderr.readline()
            assert line, "it ended before it served"
            address = re.search(rb"^Giphy Navigator .*(http://\S+)", line)
        yield process, address[1].decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_any_worker_answers_for_all(tmp_path: Path, monkeypatch) -> None:
    async with (
        aiohttp.ClientSession() as session,
        serving(tmp_path) as (one, first),
        serving(tmp_path) as (_, second),
    ):
        for address in (first, first, second):
            async with session.get(address, params={"query": "cats"}) as answer:
                assert answer.status == 200
        scrapes = []
        for address in (first, second):
            async with session.get(address + "/metrics") as answer:
                scrapes.append(Numbers(await answer.text()))
        one.kill()
        await one.wait()
        monkeypatch.setenv(workers.FOLDER, str(tmp_path))
        workers.forget_worker(one.pid)
        async with session.get(second + "/metrics") as answer:
            last = Numbers(await answer.text())

    for numbers in (*scrapes, last):
        assert numbers("page_lookups_total", outcome="miss") == 2
        assert numbers("page_lookups_total", outcome="hit") == 1
        assert numbers("giphy_calls_total") == 2
        labels = {"route": "/", "method": "GET", "status": "200"}
        assert numbers("http_requests_total", **labels) == 3
    assert [n("breaker_state", state="closed") for n in (*scrapes, last)] == [2, 2, 1]
