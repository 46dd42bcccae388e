"""doctor: what is wrong, in lines that can be acted upon, and never a secret."""

from pathlib import Path

import pytest

from tests.conftest import CANARY
from tests.doctor.asking import line_of, run
from tests.servers import free_port

SUBJECTS = [
    *("settings", "key", "writing", "signing", "log", "files"),
    *("giphy", "quota", "redis", "database", "clock"),
]


def test_every_thing_has_its_line(config: Path) -> None:
    done = run(config)

    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert [line[5:].split()[0] for line in lines] == SUBJECTS
    assert {line[:5] for line in lines} <= {"ok   ", "warn "}


def test_warnings_are_no_failure(config: Path) -> None:
    config.write_text("log: {level: debug}", encoding="utf-8")

    done = run(config)

    assert done.exit_code == 0
    assert line_of(done, "log").startswith("warn log")


@pytest.mark.parametrize("password", [CANARY, f"p@{CANARY}", f"%2F{CANARY}%40"])
def test_no_secret_is_in_what_doctor_says(
    config: Path, caplog: pytest.LogCaptureFixture, password: str
) -> None:
    caplog.set_level("DEBUG")
    port = free_port()
    secrets = {
        "GIPHY_API_KEY": CANARY,
        "GIPHYNAVIGATOR_TOKENS": f"{CANARY}1,{CANARY}2",
        "GIPHYNAVIGATOR_SECRET": CANARY,
        "REDIS_URL": f"redis://me:{password}@127.0.0.1:{port}/0",
        "DATABASE_URL": f"postgres://me:{password}@127.0.0.1:{port}/x",
        "GIPHY_API_URL": f"http://127.0.0.1:{port}/v1",
    }

    done = [run(config, *options, **secrets) for options in ((), ("--online",))]

    assert all(each.exit_code == 1 for each in done)
    assert not any(CANARY in each.output for each in done)
    assert CANARY not in caplog.text
