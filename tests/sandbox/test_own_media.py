import json
import re
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from aiohttp import web

from giphynavigator.sandbox.own_media import own_address
from tests.processes import fetch, running

WORDS = "http://127.0.0.1:9/media/x"


@pytest.fixture
def app(app):
    """It listens where other machines reach it, so any name may be its own."""
    app.container.config.from_dict({"server": {"host": "0.0.0.0"}})
    return app


async def preview(client, host):
    answer = await client.get("/gifs?query=cats&limit=1", headers={"Host": host})
    (gif,) = (await answer.json())["gifs"]
    return gif["preview"]["url"]


@pytest.mark.parametrize(
    "host", ["wall.example", "wall_1.example:8080", "10.0.0.7:80", "[::1]:8080"]
)
async def test_the_address_is_the_one_that_the_caller_used(client, host):
    assert (await preview(client, host)).startswith(f"http://{host}/sandbox/media/v1.")


@pytest.mark.parametrize("host", ["wäll", 'wall"', "a\\1b", "a b", "<wall>"])
async def test_a_host_that_is_none_leaves_a_path_that_leads_to_the_picture(
    client, host
):
    url = await preview(client, host)

    assert url.startswith("/sandbox/media/v1.")
    assert (await client.get(url)).content_type == "image/gif"


async def test_every_callers_address_is_his_own(client):
    one = await preview(client, "one.example")
    two = await preview(client, "two.example")

    assert one.replace("one", "two") == two


async def test_the_etag_is_that_of_the_body_that_was_sent(client):
    path = "/gifs?query=cats&limit=1"
    one = await client.get(path, headers={"Host": "one.example"})
    again = await client.get(path, headers={"Host": "one.example"})
    two = await client.get(path, headers={"Host": "two.example"})

    assert await one.read() == await again.read() != await two.read()
    assert one.headers["ETag"] == again.headers["ETag"] != two.headers["ETag"]


async def test_whoever_has_the_body_already_is_told_so(client):
    path, host = "/gifs?query=cats&limit=1", {"Host": "one.example"}
    one = await client.get(path, headers=host)
    known = {"If-None-Match": one.headers["ETag"]}

    same = await client.get(path, headers={**host, **known})
    other = await client.get(path, headers={"Host": "two.example", **known})

    assert (same.status, await same.read()) == (304, b"")
    assert same.headers["ETag"] == one.headers["ETag"]
    assert same.headers["Cache-Control"].startswith("public, max-age=")
    assert other.status == 200


def test_workers_with_a_sandbox_each_serve_each_others_links_and_etags():
    with (
        running("serve", "--host", "0.0.0.0", "--port", "0") as (one, _),
        running("serve", "--host", "0.0.0.0", "--port", "0") as (two, _),
    ):
        etag, link = etag_and_link(one)
        same_etag, same_link = etag_and_link(two)
        pictures = [fetch(url + urlsplit(link).path) for url in (one, two)]

    assert link.startswith("http://wall.example/sandbox/media/")
    assert (etag, link) == (same_etag, same_link)
    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(b"GIF89a")


def etag_and_link(url):
    """What a worker answers to whoever knows it as wall.example."""
    asked = Request(f"{url}/gifs?query=cats&limit=1", headers={"Host": "wall.example"})
    with urlopen(asked, timeout=5) as answer:
        (gif,) = json.load(answer)["gifs"]
        return answer.headers["ETag"], gif["preview"]["url"]


@pytest.mark.parametrize("path", ["/", "/gifs"])
@pytest.mark.parametrize(
    "words", [WORDS, f'"url":"{WORDS}', f'\\"url":"{WORDS}'], ids=["bare", "key", "esc"]
)
async def test_what_people_write_comes_back_as_they_wrote_it(client, path, words):
    answer = await client.get(path, params={"query": words, "limit": "1"})

    assert (await answer.json())["query"] == words


async def test_no_answer_names_the_loopback(client):
    body = await (await client.get("/gifs?query=cats&limit=50")).text()

    sandbox = re.compile(r"http://127\.0\.0\.1:\d+/media/")
    assert "/sandbox/media/" in body
    assert not sandbox.search(body)


@pytest.mark.parametrize("key", ["url", "mp4", "webp"])
async def test_films_and_webp_are_addressed_alike(aiohttp_client, key):
    async def answer(_):
        return web.json_response(
            body=f'{{"{key}":"http://127.0.0.1:9/media/x"}}'.encode()
        )

    app = web.Application(middlewares=[own_address])
    app.router.add_get("/", answer)
    client = await aiohttp_client(app)

    reply = await client.get("/", headers={"Host": "wall.example"})

    assert await reply.json() == {key: "http://wall.example/sandbox/media/x"}


async def test_what_is_no_json_is_left_alone(client):
    icon = await client.get("/favicon.ico", headers={"Host": "wall.example"})
    missing = await client.get("/sandbox/media/x/unknown12/200.gif")

    assert icon.status == 200
    assert (missing.status, missing.content_type) == (404, "application/problem+json")
