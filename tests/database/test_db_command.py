"""db upgrade, and what doctor says of the database."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from giphynavigator.commands.main import main
from giphynavigator.storage.migrations import last_step
from tests.conftest import CANARY
from tests.servers import free_port


def invoke(*arguments: str, url: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


def finding(url: str) -> str:
    """What doctor says of the database."""
    lines = invoke("doctor", url=url).stdout.splitlines()
    return next(line for line in lines if line[5:].startswith("database"))


def test_the_tables_are_brought_up_to_date_by_hand(database_url: str) -> None:
    before = finding(database_url)
    done = [invoke("db", "upgrade", url=database_url) for _ in range(2)]
    after = finding(database_url)

    assert [each.exit_code for each in done] == [0, 0]
    assert done[0].stdout == done[1].stdout
    assert f": the tables are up to date, at step {last_step()}\n" in done[0].stdout
    due = "the next start brings them up to date, or db upgrade now"
    assert before.endswith((f"behind -> {due}", ", made at the first start"))
    assert after.startswith("ok   database  ")
    assert after.endswith(" answers, with tables that are up to date")


@pytest.mark.parametrize("command", [["db", "upgrade"], ["doctor"]])
def test_a_database_that_is_away_is_one_line_without_its_password(
    command: list[str],
) -> None:
    place = f"127.0.0.1:{free_port()}/x"

    done = invoke(*command, url=f"postgres://me:{CANARY}@{place}")

    line = f"postgresql+asyncpg://me:***@{place}: ConnectionRefusedError"
    assert done.exit_code == 1
    assert line in done.output
    assert CANARY not in done.output


def test_a_url_that_cannot_be_used_is_one_line() -> None:
    url = "postgres://db/x?foo=1"
    sentence = "database.url has an unknown option, foo"

    done = invoke("db", "upgrade", url=url)

    assert (done.exit_code, done.stderr) == (1, f"Error: {sentence}\n")
    assert finding(url).startswith(f"BAD  database  {sentence} -> ")


def test_to_look_makes_no_file(tmp_path: Path) -> None:
    there, nowhere = tmp_path / "a.db", tmp_path / "missing" / "a.db"

    assert finding(f"sqlite:///{there}").endswith(f"{there}, made at the first start")
    assert f"{nowhere}: unable to open" in finding(f"sqlite:///{nowhere}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_relative_to_the_settings_that_are_named(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("database: {url: 'sqlite:///mine.db'}", encoding="utf-8")

    done = invoke("db", "upgrade", "--config", str(config), url="")

    assert done.exit_code == 0
    assert (tmp_path / "mine.db").is_file()


async def test_an_upgrade_by_hand_bears_with_a_service_that_runs(
    database_url: str, keeper
) -> None:
    done = await asyncio.to_thread(invoke, "db", "upgrade", url=database_url)

    assert done.exit_code == 0
    assert (await keeper.get("/notes")).status == 200
