"""Texts that come back as they went, or not at all."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from giphynavigator.security.signing import Signer
from giphynavigator.settings import Secret
from giphynavigator.settings_sources import read_settings
from giphynavigator.storage.database import Database, DatabaseUnavailable
from giphynavigator.storage.secrets_kept import SecretsKept

HOUR = 3600


@asynccontextmanager
async def signing_with(url: str) -> AsyncIterator[Signer]:
    """A replica's signer, which has no secret of its own."""
    database = Database(Secret(url), folder=Path(), pool_size=2, max_overflow=0)
    yield Signer(Secret(), SecretsKept(database))
    await database.close()


@pytest.fixture
def kept() -> AsyncMock:
    """The secrets that would be in the database."""
    mock = AsyncMock(spec=SecretsKept)
    mock.secret.return_value = Secret("made by the service itself")
    return mock


@pytest.fixture
def signer(kept: AsyncMock) -> Signer:
    return Signer(Secret("set in the environment"), kept)


@pytest.mark.parametrize("value", ["", "voter 1", "żółw \0 \U0001f600", "a" * 2000])
async def test_what_was_signed_comes_back_and_can_be_a_cookie(
    signer: Signer, value: str
) -> None:
    text = await signer.sign(value, "vote")

    assert await signer.unsign(text, "vote") == value
    assert text.replace("-", "").replace("_", "").replace(".", "").isalnum()


async def test_a_text_for_one_purpose_is_nothing_for_another(signer: Signer) -> None:
    text = await signer.sign("1", "vote")

    assert await signer.unsign(text, "session") is None


async def test_what_somebody_changed_is_nothing(signer: Signer) -> None:
    text = await signer.sign("1", "vote")
    other = await signer.sign("2", "vote")
    body, moment, signature = text.split(".")

    for forged in (
        f"{other.split('.')[0]}.{moment}.{signature}",
        f"{body}.aaaaaa.{signature}",
        f"{body}.{moment}.{signature[::-1]}",
        f"{body}.{moment}.",
        text[:-1],
        text + "A",
    ):
        assert await signer.unsign(forged, "vote") is None


@pytest.mark.parametrize(
    "text", ["", ".", "...", "\udcff", "żółw", "a.b.c", "x" * 9000]
)
async def test_what_was_never_signed_is_nothing(signer: Signer, text: str) -> None:
    assert await signer.unsign(text, "vote") is None


async def test_it_holds_as_long_as_is_asked_for(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    text = await signer.sign("1", "vote")

    monkeypatch.setattr(time, "time", lambda: now + HOUR)
    assert await signer.unsign(text, "vote", max_age=HOUR + 1) == "1"
    assert await signer.unsign(text, "vote", max_age=HOUR - 1) is None
    assert await signer.unsign(text, "vote") == "1"


async def test_another_secret_knows_nothing_of_it(
    signer: Signer, kept: AsyncMock
) -> None:
    text = await signer.sign("1", "vote")

    assert await Signer(Secret("another"), kept).unsign(text, "vote") is None
    kept.secret.assert_not_called()


async def test_the_kept_secret_is_fetched_once_for_all_who_ask_at_first(
    kept: AsyncMock,
) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def fetch(name: str) -> Secret:
        arrived.set()
        await go_on.wait()
        return Secret("made by the service itself")

    kept.secret.side_effect = fetch
    signer = Signer(Secret(), kept)
    first = asyncio.create_task(signer.sign("0", "vote"))
    others = [asyncio.create_task(signer.sign(str(n), "vote")) for n in range(1, 50)]
    await arrived.wait()
    first.cancel()  # the others do not suffer
    go_on.set()

    texts = await asyncio.gather(*others)

    assert [await signer.unsign(text, "vote") for text in texts] == [
        str(n) for n in range(1, 50)
    ]
    kept.secret.assert_called_once_with("signing")


async def test_a_secret_that_could_not_be_fetched_is_asked_for_again(
    kept: AsyncMock,
) -> None:
    kept.secret.side_effect = [DatabaseUnavailable, Secret("there it is")]
    signer = Signer(Secret(), kept)

    with pytest.raises(DatabaseUnavailable):
        await signer.sign("1", "vote")

    assert await signer.unsign(await signer.sign("1", "vote"), "vote") == "1"


async def test_replicas_share_the_secret_and_it_outlives_them(
    database_url: str,
) -> None:
    async with signing_with(database_url) as one, signing_with(database_url) as two:
        texts = await asyncio.gather(one.sign("1", "vote"), two.sign("2", "vote"))
        assert await one.unsign(texts[1], "vote") == "2"
    async with signing_with(database_url) as later:
        assert await later.unsign(texts[0], "vote") == "1"


def test_the_secret_is_in_the_environment_and_is_not_printed() -> None:
    settings = read_settings(None, {"GIPHYNAVIGATOR_SECRET": " a long secret "})

    assert settings.secret.reveal() == "a long secret"
    assert "a long secret" not in repr(settings) + repr(settings.as_config())


async def test_the_secret_is_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    database = Database(
        Secret(f"sqlite:///{tmp_path}/a.db"), folder=Path(), pool_size=1, max_overflow=0
    )
    signer = Signer(Secret(), SecretsKept(database))

    await signer.sign("1", "vote")
    secret = await SecretsKept(database).secret("signing")
    await database.close()

    assert len(secret.reveal()) > 40
    assert secret.reveal() not in caplog.text
