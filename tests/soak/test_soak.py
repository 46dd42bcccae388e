"""The soak itself: it judges rightly, and it runs."""

import subprocess
import sys

import pytest
from aiohttp.test_utils import TestClient

from tests.abuse.service import State
from tests.processes import REPOSITORY
from tests.servers import find
from tests.soak.traffic import ASKING, DONE, Traffic
from tests.soak.verdict import (
    MB,
    Line,
    on_answers,
    on_log,
    on_memory,
    on_rest,
    on_stalls,
    slope,
)

BRIEFLY = ("--seconds", "5", "--calm", "1", "--pages", "50")


def state(
    *,
    memory: float = 0,
    files: int = 0,
    tasks: int = 0,
    stall: float = 0,
    late: int = 0,
) -> State:
    size = int(memory * MB)
    return State(stall, 1000, late, tasks, files, memory=size, peak=size)


def verdicts(lines: list[Line]) -> list[bool]:
    return [line.good for line in lines]


def test_the_slope_is_that_of_the_nearest_line() -> None:
    assert slope([(0, 5), (1, 7), (2, 9)]) == 2
    assert slope([(0, 5), (1, 8), (2, 5)]) == 0
    assert slope([(3, 5)]) == 0


@pytest.mark.parametrize(
    ("first", "a_minute", "good"),
    [
        (100, 0.5, [True, True]),
        (100, 1.5, [True, False]),
        (189, 0.0, [True, True]),
        (191, 0.0, [False, True]),
    ],
)
def test_memory_may_be_filled_and_then_grow_by_a_megabyte_a_minute(
    first: float, a_minute: float, good: list[bool]
) -> None:
    seen = [(60.0 * m, state(memory=first + a_minute * m)) for m in range(10)]

    assert verdicts(on_memory(state(memory=100), seen)) == good


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ({}, [True, True]),
        ({"stall": 0.24, "late": 19}, [True, True]),
        ({"stall": 0.26}, [False, True]),
        ({"late": 21}, [True, False]),
    ],
)
def test_a_loop_may_be_late_once_in_a_hundred_turns_and_stand_still_for_a_moment(
    bad: dict, good: list[bool]
) -> None:
    assert verdicts(on_stalls([(0, state()), (5, state(**bad))])) == good


def test_what_is_left_open_is_found() -> None:
    lines = on_rest(state(files=10, tasks=3), state(files=15, tasks=9))

    assert verdicts(lines) == [True, False]


def test_a_bad_answer_a_silence_and_a_complaint_are_bad() -> None:
    assert verdicts(on_answers({200: 5, 503: 2}, [], hung_up=1)) == [True] * 3
    assert not all(verdicts(on_answers({503: 2}, [], hung_up=1)))
    assert not all(verdicts(on_answers({200: 5}, ["/: gone"], hung_up=1)))
    assert not on_log(["exception was never retrieved"]).good


def test_what_was_never_answered_may_be_refused_and_nothing_else() -> None:
    traffic = Traffic("http://localhost")
    for status in (503, 504, 500, 404):
        traffic.note(traffic.search("cats", "/?query=cats"), status)

    assert traffic.failures == ["/?query=cats: 500", "/?query=cats: 404"]


def test_what_was_answered_once_may_not_be_refused_but_for_what_lies_beyond() -> None:
    traffic = Traffic("http://localhost")
    traffic.note(traffic.search("cats", "/?query=cats"), 200)

    traffic.note(traffic.search("cats", "/gifs?query=cats"), 503)
    traffic.note(traffic.search("cats", "/gifs?query=cats&offset=7", last=57), 503)
    traffic.note(traffic.search("dogs", "/gifs?query=dogs"), 503)

    assert traffic.failures == ["/gifs?query=cats: 503"]


async def test_the_refusals_are_those_of_the_document(client: TestClient) -> None:
    document = await (await client.get("/openapi.json")).json()

    for path in ("/", "/gifs"):
        responses = document["paths"][path]["get"]["responses"]
        assert {str(status) for status in ASKING - DONE} <= set(responses)


def test_a_short_soak_runs_to_its_verdict() -> None:
    for name in ("redis-server", "postgres"):
        find(name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", *BRIEFLY],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    lines = {line[4:].split("  ")[0]: line for line in done.stdout.splitlines()[1:]}
    assert set(lines) >= {"answers", "failures", "memory", "files", "late turns"}
    for certain in ("answers", "failures", "complaints"):
        assert lines[certain].startswith("ok "), done.stdout + done.stderr
