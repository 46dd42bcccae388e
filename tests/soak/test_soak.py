"""The soak itself: it judges rightly, and it runs."""

import subprocess
import sys

import pytest

from tests.abuse.service import State
from tests.processes import REPOSITORY
from tests.servers import find
from tests.soak.verdict import MB, on_answers, on_log, on_memory, on_rest, slope


def state(*, memory: int = 0, files: int = 0, tasks: int = 0) -> State:
    return State(stall=0, tasks=tasks, files=files, memory=memory, peak=memory)


def test_the_slope_is_that_of_the_nearest_line() -> None:
    assert slope([(0, 5), (1, 7), (2, 9)]) == 2
    assert slope([(0, 5), (1, 8), (2, 5)]) == 0
    assert slope([(3, 5)]) == 0


@pytest.mark.parametrize(("megabytes", "good"), [(0.5, True), (1.5, False)])
def test_memory_may_grow_by_a_megabyte_a_minute(megabytes: float, good: bool) -> None:
    grown = [(60.0 * m, state(memory=int(megabytes * MB * m))) for m in range(10)]

    assert on_memory(grown).good is good


def test_what_is_left_open_is_found() -> None:
    before = state(files=10, tasks=3)

    assert [line.good for line in on_rest(before, state(files=15, tasks=9))] == [
        True,
        False,
    ]


def test_refusals_are_answers_and_silence_is_none() -> None:
    assert all(line.good for line in on_answers({200: 5, 503: 2}, [], hung_up=1))
    assert not all(line.good for line in on_answers({503: 2}, [], hung_up=1))
    assert not all(line.good for line in on_answers({200: 5}, ["/: gone"], hung_up=1))
    assert not on_log(["exception was never retrieved"]).good


def test_a_short_soak_runs_to_its_verdict() -> None:
    for name in ("redis-server", "postgres"):
        find(name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", "--seconds", "5", "--calm", "1"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    lines = {line[4:].split("  ")[0]: line for line in done.stdout.splitlines()[1:]}
    assert set(lines) >= {"answers", "had none", "memory", "files", "complaints"}
    for certain in ("answers", "had none", "complaints"):
        assert lines[certain].startswith("ok "), done.stdout + done.stderr
