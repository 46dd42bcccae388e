"""What nginx keeps: what it is told that anybody may have, for as long, and no more."""

import asyncio

import pytest
from aiohttp import ClientSession
from multidict import CIMultiDict

from tests.deploy.stand_in import StandIn

OPEN = {"Cache-Control": "public, max-age=60", "Vary": "Accept"}


async def texts(visitor: ClientSession, *accepted: str) -> list[str]:
    """What it says to these Accept headers, one after the other."""
    answers = [await visitor.get("/", headers={"Accept": kind}) for kind in accepted]
    return [await answer.text() for answer in answers]


async def test_what_is_open_to_all_is_asked_for_once(
    visitor: ClientSession, replica: StandIn
) -> None:
    replica.headers.update({**OPEN, "Cache-Status": "GiphyNavigator; hit; ttl=60"})
    first, second = await visitor.get("/"), await visitor.get("/")

    said = [answer.headers.getall("Cache-Status") for answer in (first, second)]
    assert len(replica.asked) == 1
    assert await first.text() == await second.text()
    assert said == [
        ["GiphyNavigator; hit; ttl=60", "nginx; fwd=miss"],
        ["GiphyNavigator; hit; ttl=60", "nginx; hit"],
    ]


async def test_it_is_kept_no_longer_than_was_said(
    visitor: ClientSession, replica: StandIn
) -> None:
    replica.headers["Cache-Control"] = "public, max-age=2"
    first = await texts(visitor, "*/*", "*/*")
    async with asyncio.timeout(20):
        while await texts(visitor, "*/*") == first[:1]:  # noqa: ASYNC110 - its own clock
            await asyncio.sleep(0.1)

    assert first[0] == first[1]
    assert len(replica.asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "private, no-cache"},
        {"Cache-Control": "private, max-age=60"},
        {"Cache-Control": "public, max-age=0"},
        {"Cache-Control": "public, max-age=60", "Set-Cookie": "voter=1"},
        {"Cache-Control": "public, max-age=60", "Vary": "*"},
    ],
    ids=lambda headers: " ".join(f"{k}: {v}" for k, v in headers.items()) or "none",
)
async def test_what_is_not_open_to_all_is_asked_for_each_time(
    visitor: ClientSession, replica: StandIn, headers: dict[str, str]
) -> None:
    replica.headers = CIMultiDict(headers)

    first, second = await texts(visitor, "*/*", "*/*")

    assert first != second
    assert len(replica.asked) == 2


async def test_pages_and_json_of_one_address_are_kept_apart(
    visitor: ClientSession, replica: StandIn
) -> None:
    replica.headers.update(OPEN)

    said = await texts(visitor, "text/html", "*/*", "text/html", "*/*")

    assert said == ["1 text/html", "2 */*"] * 2
    assert len(replica.asked) == 2


async def test_a_write_is_neither_kept_nor_answered_from_what_is(
    visitor: ClientSession, replica: StandIn
) -> None:
    replica.headers.update(OPEN)
    await visitor.get("/notes")
    await visitor.post("/notes")
    await visitor.post("/notes")

    assert [asked.method for asked in replica.asked] == ["GET", "POST", "POST"]


async def test_who_has_an_answer_is_told_so_without_asking_a_replica(
    visitor: ClientSession, replica: StandIn
) -> None:
    replica.headers.update({**OPEN, "ETag": '"1"'})
    await visitor.get("/")

    again = await visitor.get("/", headers={"If-None-Match": '"1"'})

    assert again.status == 304
    assert len(replica.asked) == 1
