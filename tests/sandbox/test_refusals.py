import asyncio
from urllib.parse import urlsplit

import pytest

RECORDED_401 = b"""{
      "data": [],
      "meta": {
        "status": 401,
        "msg": "Unauthorized",
        "response_id": ""
      }
    }"""


@pytest.mark.parametrize("key", [None, ""])
async def test_without_a_key_nobody_is_answered(ask, key):
    reply = await ask("/gifs/search", q="cats", api_key=key)

    assert reply.status == 401
    assert reply.body == RECORDED_401


@pytest.mark.parametrize(
    ("status", "path", "query"),
    [
        (400, "/gifs/search", {}),
        (400, "/gifs/search", {"q": "  "}),
        (400, "/gifs/translate", {}),
        (400, "/gifs/related", {}),
        (400, "/gifs/search", {"q": "cats", "limit": "ten"}),
        (400, "/gifs/search", {"q": "cats", "limit": "-1"}),
        (400, "/gifs/search", {"q": "cats", "limit": "9" * 5000}),
        (400, "/gifs/search", {"q": "cats", "offset": "٣"}),
        (400, "/gifs/search", {"q": "cats", "rating": "x"}),
        (414, "/gifs/search", {"q": "c" * 51}),
        (414, "/gifs/translate", {"s": "c" * 51}),
        (404, "/gifs/search/x/y", {}),
        (404, "/clips/search", {"q": "cats"}),
        (404, "/../nowhere", {}),
        (404, "/../media/v1.x/unknown12/giphy.gif", {}),
    ],
)
async def test_what_giphy_refuses_gets_a_meta_body(ask, status, path, query):
    reply = await ask(path, **query)

    assert reply.status == status
    assert reply.json["data"] == []
    assert reply.json["meta"]["status"] == status
    assert reply.json["meta"]["msg"]
    assert reply.json["meta"]["response_id"] == ""


async def test_a_query_of_fifty_characters_is_not_too_long(ask):
    assert (await ask("/gifs/search", q=" " + "c" * 50)).status == 200


@pytest.mark.parametrize(
    "gif_id", ["short", "catsAAAAAAAA", "cats-dancing", "Cats12345678", "x" * 40]
)
async def test_an_id_somebody_made_up_is_unknown(ask, gif_id):
    reply = await ask(f"/gifs/{gif_id}")

    assert reply.status == 404
    assert reply.json["data"] == []
    assert reply.json["meta"]["error_code"] == "404"
    assert reply.json["meta"]["msg"] == "Not Found"
    assert len(reply.json["meta"]["response_id"]) == 40


async def test_a_gif_rated_too_high_is_not_shown_by_id(ask):
    gifs = (await ask("/gifs/search", q="cats", limit=50, fields="id,rating")).json[
        "data"
    ]
    wild = next(gif["id"] for gif in gifs if gif["rating"] == "r")

    assert (await ask(f"/gifs/{wild}", rating="pg-13")).status == 404
    assert (await ask(f"/gifs/{wild}", rating="r")).status == 200
    assert (await ask("/gifs", ids=wild, rating="g")).json["data"] == []


async def test_a_wrong_method_is_refused_in_the_same_words(sandbox, session):
    async with session.post(f"{sandbox.api_url}/gifs/search") as reply:
        assert reply.status == 405
        assert "GET" in reply.headers["Allow"]
        assert (await reply.json())["meta"]["status"] == 405


async def test_a_browser_may_ask_from_anywhere(sandbox, session):
    async with session.options(f"{sandbox.api_url}/gifs/search") as reply:
        assert reply.status == 200
        assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "target",
    [
        b"/v1/gifs/search?api_key=k&q=\xff\xfe",
        b"/v1/gifs/search?api_key=k&q=%ff%00%ed%a0%80&fields=..,,.id.",
        b"/v1/gifs/%ff%00?api_key=k",
        b"/v1/gifs/\xff?api_key=k&\xff=\xff",
        b"/v1/tags/related/%ed%a0%80?api_key=k",
        b"/v1/gifs/categories/%00/%ff?api_key=k&limit=&offset=",
        b"/v1//gifs//search?api_key=k&&&==&q",
        b"/media/%ff/%ff/%ff",
        b"/media/x/..%2f..%2f/giphy.gif",
        b"//[",
        b"http://[::1/v1/gifs/search",
        b"*",
        b"/" + b"x" * 9000,
    ],
)
async def test_whatever_is_sent_the_sandbox_neither_breaks_nor_blames_itself(
    sandbox, target
):
    url = urlsplit(sandbox.api_url)
    for host in (b"localhost", b"\xff\x01"):
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: " + host)
        writer.write(b"\r\nRange: bytes=x\r\nConnection: close\r\n\r\n")
        status = int((await reader.readline()).split()[1])
        await reader.read()
        writer.close()

        assert status < 500

    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(b"GET /sandbox/calls HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 200")
    writer.close()
