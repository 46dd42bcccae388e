"""The database: transactions, and what goes for both engines alike."""

import asyncio
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from giphynavigator.application import create_container
from giphynavigator.errors import Misconfigured
from giphynavigator.settings import DatabaseSettings
from giphynavigator.settings_sources import read_settings
from giphynavigator.storage.columns import Moment
from giphynavigator.storage.database import Database
from giphynavigator.storage.outages import DatabaseUnavailable
from giphynavigator.storage.secrets_kept import KeptSecret, SecretsKept
from tests.conftest import CANARY, keeping
from tests.database.conftest import Open, at
from tests.processes import IN_MEMORY
from tests.servers import free_port


async def value(database: Database, name: str) -> str | None:
    async with database.reading() as session:
        return await session.scalar(
            select(KeptSecret.value).where(KeptSecret.name == name)
        )


async def write(database: Database, **values: str) -> None:
    async with database.writing() as session:
        for name, what in values.items():
            session.add(KeptSecret(name=name, value=what))


async def add_one(database: Database) -> None:
    """Read a number, and write the next one: what must not be done by two at once."""
    async with database.writing() as session:
        kept = await session.get_one(KeptSecret, "number")
        kept.value = str(int(kept.value) + 1)


async def test_what_was_written_is_there_for_others(
    database_url: str, opening: Open
) -> None:
    one, other = await opening(database_url), await opening(database_url)

    await write(one, name="kept")

    assert await value(other, "name") == "kept"


async def test_all_who_need_it_first_share_one_upgrade(database_url: str) -> None:
    database = at(database_url)

    found = await asyncio.gather(*(value(database, "x") for _ in range(20)))

    assert found == [None] * 20
    await database.close()


def test_a_moment_has_a_zone_or_is_no_moment() -> None:
    summer = datetime.fromisoformat("2017-08-23T02:00+02:00")
    written = Moment().process_bind_param(summer, sqlite.dialect())

    assert written == datetime(2017, 8, 23, tzinfo=UTC)
    assert Moment().process_bind_param(None, sqlite.dialect()) is None
    with pytest.raises(ValueError, match="a moment needs a zone"):
        Moment().process_bind_param(summer.replace(tzinfo=None), sqlite.dialect())


async def test_a_block_that_fails_has_written_nothing(
    database_url: str, opening: Open
) -> None:
    database = await opening(database_url)

    async def write_and_fail() -> None:
        async with database.writing() as session:
            session.add(KeptSecret(name="name", value="lost"))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()

    assert await value(database, "name") is None


async def test_a_refusal_is_no_outage_and_quotes_no_values(
    database_url: str, opening: Open
) -> None:
    database = await opening(database_url)
    await write(database, name=CANARY)

    with pytest.raises(IntegrityError) as caught:
        await write(database, name=CANARY)

    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert database.up


async def test_a_reader_sees_one_state_of_things(
    database_url: str, opening: Open
) -> None:
    database = await opening(database_url)
    await write(database, name="before")
    names = select(KeptSecret.name)

    async with database.reading() as session:
        before = list(await session.scalars(names))
        await write(database, other="after")
        after = list(await session.scalars(names))

    assert before == after == ["name"]


async def test_in_sqlite_nobody_writes_between_a_read_and_a_write(
    tmp_path: Path, opening: Open
) -> None:
    replicas = [await opening(f"sqlite:///{tmp_path}/a.db") for _ in range(2)]
    await write(replicas[0], number="0")

    await asyncio.gather(*(add_one(replicas[n % 2]) for n in range(40)))

    assert await value(replicas[0], "number") == "40"


async def test_without_the_writers_place_somebody_is_turned_away(
    tmp_path: Path, opening: Open
) -> None:
    """Why `writing()` begins as it does: SQLite lets two read, and one write."""
    database = await opening(f"sqlite:///{tmp_path}/a.db")
    await write(database, number="0")
    change = update(KeptSecret).values(value="1")
    both = asyncio.Barrier(2)

    async def read_then_write() -> None:
        async with database.reading() as session:
            await session.get_one(KeptSecret, "number")
            await both.wait()
            await session.execute(change)

    ends = await asyncio.gather(
        read_then_write(), read_then_write(), return_exceptions=True
    )

    assert [type(end) for end in ends if end] == [DatabaseUnavailable]


async def test_foreign_keys_and_the_disk_are_taken_seriously(
    tmp_path: Path, opening: Open
) -> None:
    database = await opening(f"sqlite:///{tmp_path}/a.db")

    async with database.reading() as session:
        found = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        ]

    assert found == [1, "wal", 2, 5000]


async def test_in_memory_all_share_the_one_connection(opening: Open) -> None:
    database = await opening(IN_MEMORY)

    await asyncio.gather(*(write(database, **{f"n{n}": "x"}) for n in range(20)))

    assert await value(database, "n19") == "x"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:///a.db", "/conf/a.db"),
        ("sqlite+aiosqlite:///sub/a.db", "/conf/sub/a.db"),
        ("sqlite:////var/a.db", "/var/a.db"),
        ("sqlite://", ":memory:"),
        ("sqlite:///:memory:", ":memory:"),
        ("postgres://me:pw@db/x", "postgresql+asyncpg://me:***@db/x"),
        ("postgresql://db:5433/x", "postgresql+asyncpg://db:5433/x"),
        ("postgresql+asyncpg:///x?host=/run", "postgresql+asyncpg:///x?host=%2Frun"),
        ("postgres://db/x?sslmode=require", "postgresql+asyncpg://db/x?ssl=require"),
    ],
)
async def test_a_url_is_understood_as_people_write_it(url: str, place: str) -> None:
    assert at(url, folder=Path("/conf")).place == place


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://db/x", "postgresql://db:port/x", "sqlite+x:///a"]
)
def test_what_is_no_url_of_ours_is_one_line(url: str) -> None:
    with pytest.raises(
        Misconfigured, match=r"^database\.url must be sqlite:///path or"
    ):
        at(url)


def test_an_option_that_nobody_knows_is_named() -> None:
    with pytest.raises(Misconfigured, match="unknown option, sslmodus"):
        at("postgresql://db/x?sslmodus=require")


def test_a_relative_path_begins_beside_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "50% [of] it?"
    folder.mkdir()
    config = folder / "config.yml"
    config.write_text("", encoding="utf-8")
    monkeypatch.chdir(folder)

    for named in (config, "config.yml"):
        database = create_container(read_settings(named, {})).database()
        assert Path(database._engine.url.database) == folder / "giphynavigator.db"


async def test_a_folder_may_have_any_name(tmp_path: Path, opening: Open) -> None:
    folder = tmp_path / "50% [of] it?#"
    folder.mkdir()

    await write(await opening("sqlite:///a.db", folder=folder), name="kept")

    assert (folder / "a.db").is_file()


async def test_the_password_is_in_nothing_that_can_be_printed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"postgresql://me:{CANARY}@127.0.0.1:{free_port()}/x"
    settings = keeping(url)
    container = create_container(settings)
    database = container.database()

    with pytest.raises(DatabaseUnavailable) as caught:
        await database.ready()
    await database.close()

    seen = [repr(settings), repr(container.config()), repr(DatabaseSettings(url))]
    seen += [repr(database), database.place, database.trouble, caplog.text]
    seen += traceback.format_exception(caught.value)
    assert CANARY not in "".join(seen)
    assert CANARY in msgspec.json.encode(settings.file).decode()


async def test_a_secret_is_made_once_for_all_and_for_ever(
    database_url: str, opening: Open
) -> None:
    replicas = [SecretsKept(await opening(database_url)) for _ in range(3)]

    at_once = await asyncio.gather(
        *(replicas[n % 3].secret("cookies") for n in range(30))
    )
    other = await replicas[0].secret("other")
    later = await SecretsKept(await opening(database_url)).secret("cookies")

    (kept,) = {secret.reveal() for secret in at_once}
    assert len(kept) >= 32
    assert later.reveal() == kept != other.reveal()


def test_a_kept_secret_does_not_print() -> None:
    assert CANARY not in repr(KeptSecret(name="x", value=CANARY))
