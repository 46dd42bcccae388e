import pytest

from giphynavigator.sandbox.application import running_sandbox


def ids(reply):
    return [gif["id"] for gif in reply.json["data"]]


async def test_a_search_answers_in_giphys_envelope(ask):
    reply = await ask("/gifs/search", q="cats dancing", limit=3)

    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert set(reply.json) == {"data", "meta", "pagination"}
    assert reply.json["pagination"] == {"total_count": 500, "count": 3, "offset": 0}
    assert reply.json["meta"]["status"] == 200
    assert len(reply.json["meta"]["response_id"]) == 40


async def test_twenty_five_gifs_come_unasked_and_fifty_at_most(ask):
    assert len(ids(await ask("/gifs/search", q="cats"))) == 25
    assert len(ids(await ask("/gifs/search", q="cats", limit=1000))) == 50


async def test_pages_follow_one_another_and_share_no_gif(ask):
    whole = ids(await ask("/gifs/search", q="cats", limit=50))
    first = ids(await ask("/gifs/search", q="cats", limit=20))
    second = ids(await ask("/gifs/search", q="cats", limit=30, offset=20))

    assert whole == first + second
    assert len(set(whole)) == 50


async def test_all_five_hundred_gifs_of_a_search_differ(ask):
    seen = []
    for offset in range(0, 500, 50):
        seen += ids(
            await ask("/gifs/search", q="cats", limit=50, offset=offset, fields="id")
        )

    assert len(set(seen)) == 500
    assert ids(await ask("/gifs/search", q="cats", offset=500)) == []


async def test_case_and_spacing_of_a_query_make_no_difference(ask):
    plain = await ask("/gifs/search", q="cats dancing", limit=5)
    odd = await ask("/gifs/search", q="  Cats   DANCING ", limit=5)

    assert ids(plain) == ids(odd)


async def test_another_sandbox_gives_the_same_answer(ask, session):
    query = {"api_key": "any", "q": "cats", "limit": "5", "fields": "id,title,rating"}
    here = await ask("/gifs/search", **query)

    async with running_sandbox() as other:
        url = f"{other.api_url}/gifs/search"
        async with session.get(url, params=query) as there:
            assert await there.read() == here.body


async def test_what_this_sandbox_finds_today_it_finds_for_ever(ask):
    reply = await ask("/gifs/search", q="cats", limit=2, fields="id,title,rating")

    assert reply.json["data"] == [
        {"id": "catsoI2B7HXD", "title": "Cats Dancing GIF", "rating": "pg-13"},
        {"id": "catsB4SUjwpJ", "title": "Cats Laughing GIF", "rating": "r"},
    ]


async def test_searching_for_nothing_is_a_genuine_empty_answer(ask):
    reply = await ask("/gifs/search", q="nothing at all")

    assert reply.json["data"] == []
    assert reply.json["pagination"] == {"total_count": 0, "count": 0, "offset": 0}
    assert len(reply.json["meta"]["response_id"]) == 40


async def test_one_query_in_four_has_fewer_than_five_hundred_gifs(ask):
    totals = [
        (await ask("/gifs/search", q=f"query {n}", limit=1, fields="id")).json[
            "pagination"
        ]["total_count"]
        for n in range(80)
    ]

    scarce = [total for total in totals if total != 500]
    assert 8 <= len(scarce) <= 32
    assert all(30 <= total < 500 for total in scarce)


@pytest.mark.parametrize(
    ("path", "deepest"), [("/gifs/search", 4999), ("/gifs/trending", 499)]
)
async def test_an_offset_past_the_deepest_is_empty_and_no_error(ask, path, deepest):
    reply = await ask(path, q="cats", offset=deepest + 1)

    assert reply.status == 200
    assert reply.json["data"] == []
    assert reply.json["pagination"]["total_count"] == 0
    assert reply.json["meta"]["response_id"]
    assert (await ask(path, q="cats", offset=deepest)).json["pagination"][
        "total_count"
    ] == 500


async def test_no_gif_is_rated_above_the_ceiling(ask):
    everything = await ask("/gifs/search", q="cats", limit=50, fields="id,rating")
    tame = await ask(
        "/gifs/search", q="cats", limit=50, fields="id,rating", rating="pg"
    )

    assert {gif["rating"] for gif in everything.json["data"]} == {
        "g",
        "pg",
        "pg-13",
        "r",
    }
    assert {gif["rating"] for gif in tame.json["data"]} == {"g", "pg"}
    kept = [
        gif["id"] for gif in everything.json["data"] if gif["rating"] in ("g", "pg")
    ]
    assert ids(tame)[: len(kept)] == kept
    assert tame.json["pagination"]["total_count"] < 500


@pytest.mark.parametrize(
    ("path", "kind"), [("gifs", "gif"), ("stickers", "sticker"), ("text", "text")]
)
async def test_gifs_stickers_and_text_are_searched_alike(ask, path, kind):
    reply = await ask(f"/{path}/search", q="cats", limit=5)

    assert {gif["type"] for gif in reply.json["data"]} == {kind}
    assert {gif["is_sticker"] for gif in reply.json["data"]} == {int(kind != "gif")}


async def test_any_script_can_be_searched_for(ask):
    reply = await ask("/gifs/search", q="猫が踊る 😀", limit=2)

    assert len(ids(reply)[0]) == 8


@pytest.mark.parametrize("word", ["sticker", "Stickers", "transparent"])
async def test_a_word_that_asks_for_stickers_gets_them(ask, word):
    reply = await ask("/gifs/search", q=f"cats {word}", limit=5)

    assert {gif["type"] for gif in reply.json["data"]} == {"sticker"}
    assert all(gif_id.startswith("cats") for gif_id in ids(reply))


async def test_a_username_finds_the_gifs_of_that_channel(ask):
    reply = await ask("/gifs/search", q="@LunaLoops", limit=50)
    rest = await ask("/gifs/search", q="@lunaloops", limit=50, offset=50)

    total = reply.json["pagination"]["total_count"]
    assert total == len(set(ids(reply) + ids(rest))) > 50
    assert {gif["username"] for gif in reply.json["data"]} == {"lunaloops"}


async def test_a_channel_can_be_searched(ask):
    reply = await ask("/gifs/search", q="cats @paperkite", limit=50, rating="pg")

    assert {gif["username"] for gif in reply.json["data"]} == {"paperkite"}
    assert {gif["rating"] for gif in reply.json["data"]} == {"g", "pg"}
    assert all(gif_id.startswith("cats") for gif_id in ids(reply))


@pytest.mark.parametrize("query", ["@nobody", "@lunaloops nothing"])
async def test_a_channel_may_have_none(ask, query):
    reply = await ask("/gifs/search", q=query)

    assert reply.json["pagination"] == {"total_count": 0, "count": 0, "offset": 0}


async def test_what_is_asked_again_is_answered_alike_for_everyone_himself(ask):
    first, again, other = [
        await ask("/gifs/search", q="cats", limit=1, api_key=key)
        for key in ("mine", "mine", "yours")
    ]

    assert first.body == again.body != other.body
    assert ids(first) == ids(other)
