"""Polls and votes, made the way programs make them."""

from aiohttp import ClientResponse, DummyCookieJar
from aiohttp.test_utils import TestClient

COOKIE = "giphynavigator_voter"


async def made(client: TestClient, *texts: str, **more: object) -> dict:
    """A new poll; without texts with three choices."""
    choices = [{"text": text} for text in texts or ("red", "green", "blue")]
    body = {"question": "Which one?", "choices": choices, **more}
    answer = await client.post("/polls", json=body)
    assert answer.status == 201, await answer.text()
    return await answer.json()


async def vote(
    client: TestClient, poll: dict, place: int, voter: str | None = None
) -> ClientResponse:
    """Vote for a choice by its place; `voter` is the cookie that he was given."""
    choice = poll["choices"][place]["id"]
    cookies = {COOKIE: voter} if voter else None
    path = f"/poll/{poll['id']}/vote"
    return await client.post(path, json={"choice": choice}, cookies=cookies)


async def results(client: TestClient, poll: dict) -> dict:
    return await (await client.get(f"/poll/{poll['id']}/results")).json()


def counts(poll: dict) -> list[int]:
    return [choice["votes"] for choice in poll["choices"]]


def forget(client: TestClient) -> None:
    """Be somebody else from here on."""
    client.session.cookie_jar.clear()


def be_nobody(client: TestClient) -> None:
    """Keep no cookies from here on."""
    client.session._cookie_jar = DummyCookieJar()
