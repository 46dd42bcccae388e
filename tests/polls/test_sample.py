"""db sample: the question of the polls tutorial."""

import asyncio

from aiohttp.test_utils import TestClient
from click.testing import CliRunner

from giphynavigator.commands.main import main


def sampled(database_url: str) -> str:
    done = CliRunner().invoke(
        main, ["db", "sample"], env={"DATABASE_URL": database_url}
    )
    assert done.exit_code == 0, done.output
    return done.stdout


async def test_the_sample_is_there_once_however_often_it_is_asked_for(
    database_url: str, keeper: TestClient
) -> None:
    said = [await asyncio.to_thread(sampled, database_url) for _ in range(2)]

    listed = await (await keeper.get("/polls")).json()
    (poll,) = listed["polls"]
    assert said == ['"What\'s new?" is poll 1\n', '"What\'s new?" is there already\n']
    assert poll["question"] == "What's new?"
    assert [choice["text"] for choice in poll["choices"]] == [
        "Not much",
        "The sky",
        "Just hacking again",
    ]
