"""What the README shows of polls is what happens."""

import json
import re

from aiohttp.test_utils import TestClient

from tests.test_docs import README

REQUEST = (
    r"^    \$ curl -X POST http://127\.0\.0\.1:8080(/poll\S*) -d '?(.*?)'?\n    (.*)\n"
)


async def test_the_polls_of_the_readme_are_answered_as_it_shows(
    client: TestClient,
) -> None:
    requests = re.findall(REQUEST, README, re.MULTILINE)

    assert [path for path, *_ in requests] == ["/polls", "/poll/1/vote"]
    for path, body, shown in requests:
        form = {"Content-Type": "application/x-www-form-urlencoded"}  # as curl says
        answer = await client.post(path, data=body, headers=form)
        assert await answer.json() == json.loads(shown)
