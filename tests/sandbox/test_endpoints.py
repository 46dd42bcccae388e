import pytest


@pytest.mark.parametrize("path", ["/gifs/trending", "/stickers/trending"])
async def test_trending_is_a_page_of_many_words(ask, path):
    reply = await ask(path, limit=20)

    assert reply.json["pagination"] == {"total_count": 500, "count": 20, "offset": 0}
    assert (
        len({gif["title"].split()[0] for gif in reply.json["data"] if gif["title"]})
        > 10
    )


@pytest.mark.parametrize("path", ["/gifs/translate", "/stickers/translate"])
async def test_translate_gives_one_gif_and_weirdness_another(ask, path):
    usual = (await ask(path, s="good morning")).json
    weird = (await ask(path, s="good morning", weirdness=7)).json

    assert usual["data"]["id"].startswith("good")
    assert usual["data"]["id"] != weird["data"]["id"]
    assert set(usual) == {"data", "meta"}
    assert (await ask(path, s="nothing")).json["data"] == []


@pytest.mark.parametrize("path", ["/gifs/random", "/stickers/random"])
async def test_random_gives_one_gif_of_the_tag(ask, path):
    assert (await ask(path, tag="cats")).json["data"]["id"].startswith("cats")
    assert (await ask(path)).json["data"]["images"]["original"]["url"]
    assert (await ask(path, tag="nothing")).json["data"] == []


@pytest.mark.parametrize("kind", ["gifs", "stickers"])
async def test_a_gif_found_is_the_gif_its_id_gives(ask, kind):
    query = {"fields": "type,id,url,title,rating,alt_text,user,import_datetime"}
    for found in (await ask(f"/{kind}/search", q="cats", limit=5, **query)).json[
        "data"
    ]:
        reply = await ask(f"/{kind}/{found['id']}", **query)

        assert reply.json["data"] == found
        assert set(reply.json) == {"data", "meta"}


async def test_many_gifs_come_by_their_ids_and_unknown_ones_are_left_out(ask):
    gifs = (await ask("/gifs/search", q="cats", limit=3)).json["data"]
    first, second, third = (gif["id"] for gif in gifs)

    reply = await ask("/gifs", ids=f"{third},made1up2x,{first},{third}, {second}")

    assert [gif["id"] for gif in reply.json["data"]] == [third, first, second]
    assert reply.json["pagination"] == {"total_count": 3, "count": 3, "offset": 0}
    assert (await ask("/stickers", ids=first)).json["data"][0]["id"] == first


async def test_a_hundred_ids_are_enough(ask):
    assert (await ask("/gifs", ids=",".join(["x"] * 100))).status == 200
    assert (await ask("/gifs", ids=",".join(["x"] * 101))).status == 400
    assert (await ask("/gifs")).status == 400


@pytest.mark.parametrize("kind", ["gifs", "stickers"])
async def test_related_gifs_are_others_of_the_same_word(ask, kind):
    (gif,) = (await ask(f"/{kind}/search", q="cats", limit=1)).json["data"]

    reply = await ask(f"/{kind}/related", gif_id=gif["id"], limit=4)

    assert reply.json["pagination"]["count"] == 4
    assert all(other["id"].startswith("cats") for other in reply.json["data"])
    assert gif["id"] not in [other["id"] for other in reply.json["data"]]
    assert (await ask(f"/{kind}/related", gif_id="unknown12")).status == 404


@pytest.mark.parametrize("kind", ["gifs", "stickers", "text"])
async def test_what_a_search_finds_is_found_by_its_id_and_by_many(ask, kind):
    (found,) = (await ask(f"/{kind}/search", q="cats", limit=1)).json["data"]

    assert (await ask(f"/{kind}/{found['id']}")).json["data"]["id"] == found["id"]
    (one,) = (await ask(f"/{kind}", ids=found["id"])).json["data"]
    assert one["id"] == found["id"]


async def test_a_text_is_drawn_in_many_ways(ask):
    reply = await ask("/text/animate", m="good morning", limit=3)

    assert reply.json["pagination"]["count"] == 3
    assert {gif["type"] for gif in reply.json["data"]} == {"text"}
    assert (await ask("/text/animate")).status == 400


async def test_autocomplete_goes_on_from_what_is_typed(ask):
    reply = await ask("/gifs/search/tags", q="Ca")

    assert len(reply.json["data"]) == 5
    assert all(tag["name"].startswith("ca") for tag in reply.json["data"])
    assert set(reply.json["data"][0]) == {"name", "analytics_response_payload"}
    assert len((await ask("/gifs/search/tags", q="ca", limit=8)).json["data"]) == 8
    assert (await ask("/gifs/search/tags", q="nothing")).json["data"] == []


async def test_a_term_has_related_tags(ask):
    tags = (await ask("/tags/related/cats")).json["data"]

    assert len(tags) > 3
    assert all(set(tag) == {"name"} for tag in tags)


async def test_trending_searches_are_bare_strings(ask):
    reply = await ask("/trending/searches")

    assert len(reply.json["data"]) == 20
    assert all(isinstance(term, str) for term in reply.json["data"])
    assert set(reply.json) == {"data", "meta"}


async def test_categories_lead_to_tags_and_tags_to_gifs(ask):
    categories = (await ask("/gifs/categories")).json["data"]
    assert set(categories[0]) == {"name", "name_encoded", "subcategories", "gif"}
    assert categories[0]["gif"]["rating"] == "g"

    name = categories[0]["name_encoded"]
    tags = (await ask(f"/gifs/categories/{name}")).json["data"]
    assert [tag["name"] for tag in tags] == [
        tag["name"] for tag in categories[0]["subcategories"]
    ]

    gifs = (
        await ask(f"/gifs/categories/{name}/{tags[0]['name_encoded']}", limit=3)
    ).json["data"]
    assert len(gifs) == 3


async def test_every_encoded_category_and_tag_leads_somewhere(ask):
    for category in (await ask("/gifs/categories", fields="id")).json["data"]:
        path = f"/gifs/categories/{category['name_encoded']}"
        tags = (await ask(path, fields="id")).json["data"]
        assert tags
        for tag in tags:
            assert (await ask(f"{path}/{tag['name_encoded']}", fields="id")).json[
                "data"
            ]


async def test_categories_are_paged_only_by_limit_and_offset_together(ask):
    assert len((await ask("/gifs/categories", limit=2)).json["data"]) == 6
    assert len((await ask("/gifs/categories", limit=2, offset=1)).json["data"]) == 2


@pytest.mark.parametrize("query", ["luna", "Luna Loops", "@lunaloops"])
async def test_channels_are_found_by_name(ask, query):
    reply = await ask("/channels/search", q=query)

    (channel,) = reply.json["data"]
    assert channel["slug"] == "lunaloops"
    assert channel["featured_gif"]["images"]
    assert channel["featured_gif"]["username"] == "lunaloops"
    assert reply.json["pagination"]["total_count"] == 1


async def test_a_random_id_is_given_out(ask):
    assert len((await ask("/randomid")).json["data"]["random_id"]) == 34


async def test_emoji_are_paged_by_offset_in_one_version(ask):
    reply = await ask("/emoji", limit=4, offset=4)

    assert reply.json["pagination"] == {"total_count": 180, "count": 4, "offset": 4}
    assert {gif["type"] for gif in reply.json["data"]} == {"emoji"}


async def test_emoji_are_paged_by_cursor_in_the_other(ask):
    seen, cursor = [], "0"
    while cursor:
        reply = await ask("/../v2/emoji", limit=50, cursor=cursor, fields="id")
        assert "total_count" not in reply.json["pagination"]
        cursor = reply.json["pagination"]["next_cursor"]
        seen += [gif["id"] for gif in reply.json["data"]]

    assert len(set(seen)) == 180


async def test_an_emoji_has_variations(ask):
    (emoji,) = (await ask("/../v2/emoji", limit=1)).json["data"]

    reply = await ask(f"/../v2/emoji/{emoji['id']}/variations")

    assert len(reply.json["data"]) == 5
    assert "pagination" not in reply.json
    assert (await ask("/../v2/emoji/unknown12/variations")).status == 404
