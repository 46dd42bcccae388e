"""What the README shows of notes is what happens."""

import json
import re

from aiohttp.test_utils import TestClient

from tests.test_docs import README

REQUEST = r"^    \$ curl -X (\w+) http://\S+:8080(/notes\S*) -d '(.*)'\n    (.*)$"


async def test_the_requests_of_the_readme_are_answered_as_shown(
    keeper: TestClient,
) -> None:
    requests = re.findall(REQUEST, README, re.MULTILINE)

    assert len(requests) >= 2
    for method, path, body, shown in requests:
        answer = await keeper.request(method, path, data=body)
        assert await answer.json() == json.loads(shown)
