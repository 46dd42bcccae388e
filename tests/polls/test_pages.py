"""Polls as browsers get them, and what the forms of their pages do."""

import re

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from giphynavigator.sandbox.application import Sandbox
from tests.guarding import TOKEN, guarded_by
from tests.polls.making import counts, forget, made, results, vote
from tests.problems import assert_problem

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def page(client: TestClient, path: str) -> str:
    answer = await client.get(path, headers=BROWSER)
    assert (answer.status, answer.content_type) == (200, "text/html")
    return await answer.text()


async def send(client: TestClient, path: str, **form: object) -> ClientResponse:
    """Send a form as a browser does, and stay where it leads from."""
    return await client.post(path, data=form, headers=BROWSER, allow_redirects=False)


def led_to(answer: ClientResponse) -> str:
    assert answer.status == 303
    return answer.headers["Location"]


async def test_the_same_addresses_are_pages_for_browsers(client: TestClient) -> None:
    poll = await made(client, "Tea", "Coffee")
    path = f"/poll/{poll['id']}"

    listed, voting = await page(client, "/polls"), await page(client, path)

    assert "Which one?" in listed
    assert 'type="radio"' in voting
    assert "0 voters" in await page(client, f"{path}/results")


async def test_a_browser_that_votes_is_led_to_the_results(client: TestClient) -> None:
    poll = await made(client)
    path = f"/poll/{poll['id']}"

    answer = await send(
        client, f"{path}/vote", choice=poll["choices"][1]["id"], button="Vote"
    )

    assert led_to(answer) == f"{path}/results"
    assert counts(await results(client, poll)) == [0, 1, 0]


async def test_a_new_browser_gets_its_cookie_with_the_page_it_votes_on(
    client: TestClient,
) -> None:
    poll = await made(client)
    forget(client)
    path = f"/poll/{poll['id']}"

    answer = await client.get(path, headers=BROWSER)
    voted = await send(client, f"{path}/vote", choice=poll["choices"][0]["id"])

    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Set-Cookie" not in voted.headers


async def test_a_closed_poll_shows_its_results_where_people_would_vote(
    client: TestClient,
) -> None:
    poll = await made(client, closes_at="2017-08-23 00:00")

    shown = await page(client, f"/poll/{poll['id']}")

    assert 'type="radio"' not in shown
    assert "Closed" in shown


async def test_a_form_makes_a_poll_and_leads_to_it(client: TestClient) -> None:
    form = [("question", " Which? "), ("choice", "a"), ("choice", ""), ("choice", "b")]

    answer = await client.post(
        "/polls",
        data=[*form, ("closes_in", "3600"), ("results", "after_vote")],
        headers=BROWSER,
        allow_redirects=False,
    )

    poll = await (await client.get(led_to(answer))).json()
    assert poll["question"] == "Which?"
    assert [choice["text"] for choice in poll["choices"]] == ["a", "b"]
    assert poll["closes_at"] is not None
    assert counts(poll) == [None, None]


async def test_a_form_may_leave_the_choices_to_a_search(
    service: TestClient, upstream: Sandbox
) -> None:
    form = {"question": "Which?", "choice": "", "query": "cats", "limit": "3"}

    answer = await send(service, "/polls", **form)

    poll = await (await service.get(led_to(answer))).json()
    assert len(poll["choices"]) == 3


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"question": "Which?"}, 400, "must have either choices or a query"),
        ({"question": "Which?", "choice": "a"}, 400, "choices must be a list of 2"),
        ({"question": " ", "query": "cats"}, 400, "question must be"),
        ({"question": "?", "query": "cats", "results": "x"}, 400, "results must be"),
    ],
)
async def test_a_form_that_makes_no_poll_comes_back_with_the_reason(
    client: TestClient, form: dict, status: int, said: str
) -> None:
    answer = await send(client, "/polls", **form)

    text = await answer.text()
    assert answer.status == status
    assert said in text
    assert f'value="{form["question"]}"' in text or form["question"] == " "


async def test_a_program_that_sends_json_under_a_forms_name_is_understood(
    client: TestClient,
) -> None:
    data = '{"question": "?", "choices": [{"text": "a"}, {"text": "b"}]}'
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = await client.post("/polls", data=data, headers=headers)

    assert answer.status == 201


async def test_forms_close_delete_and_keep_what_patch_delete_and_post_do(
    client: TestClient,
) -> None:
    poll = await made(client)
    await vote(client, poll, 2)
    path = f"/poll/{poll['id']}"

    closed = await send(client, f"{path}/close")
    kept = await send(client, f"{path}/winner", choice=poll["choices"][2]["id"])
    shown = await results(client, poll)
    deleted = await send(client, f"{path}/delete")

    assert (led_to(closed), shown["closed"]) == (f"{path}/results", True)
    assert led_to(kept) == "/notes"
    assert led_to(deleted) == "/polls"
    assert (await client.get(path)).status == 404


@pytest.mark.parametrize("act", ["close", "delete"])
async def test_forms_are_for_the_owner_too(client: TestClient, act: str) -> None:
    poll = await made(client)
    forget(client)
    await page(client, "/polls")

    answer = await send(client, f"/poll/{poll['id']}/{act}")

    assert answer.status == 403
    assert not (await results(client, poll))["closed"]


async def test_everybody_votes_and_only_a_token_makes_closes_and_deletes(
    serving,
) -> None:
    client = await serving(guarded_by(TOKEN))
    shown = {"Authorization": f"Bearer {TOKEN}"}
    body = {"question": "?", "choices": [{"text": "a"}, {"text": "b"}]}
    made_by = await client.post("/polls", json=body, headers=shown)
    poll = await made_by.json()
    path = f"/poll/{poll['id']}"
    forget(client)

    refused = [
        await client.post("/polls", json=body),
        await client.patch(path, json={"closed": True}),
        await client.delete(path),
        await client.post(f"{path}/winner"),
        await send(client, f"{path}/close"),
        await send(client, f"{path}/delete"),
    ]
    voted = await vote(client, poll, 0)
    closed = await client.patch(path, json={"closed": True}, headers=shown)
    deleted = await client.delete(path, headers=shown)

    assert [answer.status for answer in refused] == [401] * 6
    assert (voted.status, closed.status, deleted.status) == (200, 200, 204)


async def test_a_session_that_is_over_offers_nothing_that_would_be_refused(
    serving,
) -> None:
    client = await serving(guarded_by(TOKEN))
    shown = {"Authorization": f"Bearer {TOKEN}"}
    body = {"question": "?", "choices": [{"text": "a"}, {"text": "b"}]}
    made_by = await client.post("/polls", json=body, headers=shown)
    await vote(client, await made_by.json(), 0)
    client.session.cookie_jar.update_cookies({"giphynavigator_session": "over"})

    form, shows = (
        await page(client, "/polls/new"),
        await page(client, "/poll/1/results"),
    )

    assert "Making polls needs a sign-in." in form
    assert "Leading" in shows
    assert "as a note" not in shows


async def test_where_nobody_may_write_the_form_for_a_poll_says_so(serving) -> None:
    client = await serving(guarded_by(host="0.0.0.0"))

    form = await page(client, "/polls/new")

    assert "Polls are made here only by who has a token." in form


async def test_who_has_signed_in_is_offered_what_changes_a_poll(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    shown = {"Authorization": f"Bearer {TOKEN}"}
    body = {"question": "?", "choices": [{"text": "a"}, {"text": "b"}]}
    await client.post("/polls", json=body, headers=shown)
    forget(client)

    stranger = await page(client, "/poll/1/results")
    await client.post("/session", json={"token": TOKEN}, allow_redirects=False)
    signed_in = await page(client, "/poll/1/results")

    assert "Close the poll now" not in stranger
    assert "Close the poll now" in signed_in


async def test_the_form_for_a_poll_is_a_page_with_room_for_choices(
    client: TestClient,
) -> None:
    assert (await page(client, "/polls/new")).count('name="choice"') == 4


async def test_a_page_of_another_origin_casts_no_votes(client: TestClient) -> None:
    poll = await made(client)
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}

    answer = await client.post(
        f"/poll/{poll['id']}/vote",
        data={"choice": poll["choices"][0]["id"]},
        headers=headers,
    )

    await assert_problem(
        answer, 403, "pages of other origins may read here, and change nothing"
    )
    assert await results(client, poll) == poll


async def test_more_polls_are_on_more_pages(client: TestClient) -> None:
    for number in range(21):
        await made(client, "a", "b", question=f"Poll number {number}.")

    first, second = (
        await page(client, "/polls"),
        await page(client, "/polls?offset=20&utm_source=mail"),
    )

    assert len(re.findall("Poll number", first)) == 20
    assert "Poll number 0." in second
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


async def test_media_of_a_poll_are_one_call_however_often_it_is_looked_at(
    service: TestClient, upstream: Sandbox
) -> None:
    body = {"question": "Which?", "query": "cats", "limit": 5}
    poll = await (await service.post("/polls", json=body)).json()
    path = f"/poll/{poll['id']}"

    shown = [
        await page(service, address)
        for address in (path, f"{path}/results", path, f"{path}/results")
    ]

    assert [len(re.findall("<picture>", text)) for text in shown] == [5] * 4
    assert upstream.calls.count == 2


async def test_a_poll_is_words_while_giphy_fails(
    service: TestClient, upstream: Sandbox
) -> None:
    body = {"question": "Which?", "query": "cats", "limit": 2}
    poll = await (await service.post("/polls", json=body)).json()
    upstream.faults.set("http-500")

    shown = await page(service, f"/poll/{poll['id']}")

    assert "<picture>" not in shown
    assert poll["choices"][0]["text"] in shown
