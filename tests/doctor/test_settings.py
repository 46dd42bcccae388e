"""What doctor sees without leaving the process."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from giphynavigator.commands.settings_checks import log, room_in, writing
from giphynavigator.settings import (
    DatabaseSettings,
    FileSettings,
    LogSettings,
    ServerSettings,
    Settings,
)
from tests.conftest import CANARY
from tests.doctor.asking import at, line_of, run
from tests.processes import IN_MEMORY


@pytest.mark.parametrize(
    ("environ", "subject", "line"),
    [
        (
            {"GIPHY_API_URL": "http://127.0.0.1:9/v1"},
            "key",
            "BAD  key       none -> set GIPHY_API_KEY: Giphy answers nobody without",
        ),
        (
            {"GIPHY_API_KEY": '"quoted"', "GIPHY_API_URL": "http://127.0.0.1:9/v1"},
            "key",
            "warn key       GIPHY_API_KEY has characters that no key has -> look for q",
        ),
        (
            {"GIPHYNAVIGATOR_SECRET": "x" * 31},
            "signing",
            "BAD  signing   GIPHYNAVIGATOR_SECRET is short -> make it 32 characters or",
        ),
        (
            {"GIPHYNAVIGATOR_SECRET": "x" * 32},
            "signing",
            "ok   signing   with GIPHYNAVIGATOR_SECRET",
        ),
    ],
)
def test_secrets_are_looked_at(
    config: Path, environ: dict[str, str], subject: str, line: str
) -> None:
    assert line_of(run(config, **environ), subject).startswith(line)


@pytest.mark.parametrize(
    ("server", "line"),
    [
        ({}, "ok   writing   this machine alone"),
        ({"host": "0.0.0.0"}, "ok   writing   nobody -> set GIPHYNAVIGATOR_TOKENS"),
        (
            {"hosts": ["gifs.example.com"], "trusted_proxies": ["127.0.0.1"]},
            "ok   writing   nobody -> set GIPHYNAVIGATOR_TOKENS",
        ),
        (
            {"hosts": ["gifs.example.com"]},
            "warn writing   this machine, and who comes by a proxy that does not s",
        ),
    ],
)
def test_who_may_write_without_tokens_is_told(
    server: dict[str, Any], line: str
) -> None:
    finding = writing(Settings(FileSettings(server=ServerSettings(**server))))

    assert finding.line().startswith(line)


def test_a_password_in_a_file_that_others_may_read_is_told_of(config: Path) -> None:
    config.write_text(f"redis: {{url: '{at(1)}'}}", encoding="utf-8")
    config.chmod(0o644)
    is_open = run(config)
    config.chmod(0o600)
    closed = run(config)

    state = f"warn settings  {config} holds a password, and others may read it"
    assert line_of(is_open, "settings").startswith(state)
    assert line_of(closed, "settings") == f"ok   settings  {config}"
    assert CANARY not in is_open.output + closed.output


@pytest.mark.parametrize(
    ("limit", "line"),
    [
        (-1, "ok   files     not limited here"),
        (8192, "ok   files     8192 open at once"),
        (1103, "ok   files     1103 open at once"),
        (1102, "warn files     1102 open at once: room for 1023 clients -> ulimit -n"),
        (79, "BAD  files     79 open at once: no room for clients -> ulimit -n 8192"),
    ],
)
def test_there_must_be_room_for_clients_beside_the_database(
    limit: int, line: str
) -> None:
    database = DatabaseSettings(IN_MEMORY, pool_size=5, max_overflow=10)

    finding = room_in(limit, Settings(FileSettings(database=database)))

    assert finding.line().startswith(line)


@pytest.fixture
def few_files() -> Iterator[Callable[[int], None]]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda limit: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_is_that_of_the_process(
    config: Path, few_files: Callable[[int], None]
) -> None:
    few_files(1000)

    line = line_of(run(config), "files")

    assert line.startswith("warn files     1000 open at once: room for ")


def test_what_is_logged_is_told() -> None:
    quiet = log(Settings(FileSettings(log=LogSettings(access=False, format="json"))))
    loud = log(Settings(FileSettings(log=LogSettings(level="debug"))))

    assert quiet.line() == "ok   log       info and above as json, no requests"
    assert loud.line().startswith(
        "warn log       debug and above as text, each request,"
    )
