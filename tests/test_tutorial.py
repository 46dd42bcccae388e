"""The tutorial's promises, in both editions: printed with `loop`, kept with a client.

A contract: these tests are not edited to fit the code.
"""

from unittest import mock

import pytest

from giphynavigator.application import create_app
from giphynavigator.giphy import GiphyClient


@pytest.fixture
def app():
    app = create_app()
    yield app
    app.container.unwire()


@pytest.fixture
async def client(app, aiohttp_client, loop):
    return await aiohttp_client(app)


async def test_the_answer_shows_what_the_client_found(client, app):
    giphy_client = mock.AsyncMock(spec=GiphyClient)
    giphy_client.search.return_value = {
        "data": [
            {"url": "https://giphy.com/gifs/one"},
            {"url": "https://giphy.com/gifs/two"},
        ],
    }

    with app.container.giphy_client.override(giphy_client):
        response = await client.get("/", params={"query": "test", "limit": 10})

    assert response.status == 200
    assert await response.json() == {
        "query": "test",
        "limit": 10,
        "gifs": [
            {"url": "https://giphy.com/gifs/one"},
            {"url": "https://giphy.com/gifs/two"},
        ],
    }


async def test_nothing_found_is_an_empty_list(client, app):
    giphy_client = mock.AsyncMock(spec=GiphyClient)
    giphy_client.search.return_value = {"data": []}

    with app.container.giphy_client.override(giphy_client):
        response = await client.get("/")

    assert response.status == 200
    assert (await response.json())["gifs"] == []


async def test_what_is_not_given_comes_from_the_configuration(client, app):
    giphy_client = mock.AsyncMock(spec=GiphyClient)
    giphy_client.search.return_value = {"data": []}

    with app.container.giphy_client.override(giphy_client):
        response = await client.get("/")

    assert response.status == 200
    data = await response.json()
    assert data["query"] == app.container.config.default.query()
    assert data["limit"] == app.container.config.default.limit()
