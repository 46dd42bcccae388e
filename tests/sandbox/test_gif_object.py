import json

FILMS = {"preview", "downsized_small", "original_mp4", "looping", "hd"}


async def some_gifs(ask, path="/gifs/search", **query):
    return (await ask(path, q="cats dancing", limit=50, **query)).json["data"]


async def test_an_id_begins_with_the_word_and_ends_with_eight_characters(ask):
    for gif in await some_gifs(ask):
        assert gif["id"].startswith("cats")
        assert len(gif["id"]) == 12
        assert gif["id"].isalnum()


async def test_every_gif_has_the_fields_giphy_always_sends(ask):
    strings = {
        "type", "id", "url", "slug", "bitly_gif_url", "bitly_url", "embed_url",
        "username", "source", "title", "rating", "content_url", "source_tld",
        "source_post_url", "import_datetime", "trending_datetime", "alt_text",
        "analytics_response_payload",
    }  # fmt: skip
    for gif in await some_gifs(ask):
        assert {
            name for name, value in gif.items() if isinstance(value, str)
        } == strings
        assert type(gif["is_sticker"]) is int
        assert type(gif["is_low_contrast"]) is bool
        assert set(gif["analytics"]) == {"onload", "onclick", "onsent"}


async def test_the_page_of_a_gif_is_on_giphy_and_its_own(ask):
    gifs = await some_gifs(ask)

    assert all(gif["url"] == f"https://giphy.com/gifs/{gif['slug']}" for gif in gifs)
    assert all(gif["slug"].startswith("cats-") for gif in gifs)
    assert all(gif["slug"].endswith(f"-{gif['id']}") for gif in gifs)
    assert len({gif["url"] for gif in gifs}) == 50


async def test_every_value_inside_images_is_a_string(ask):
    for gif in await some_gifs(ask):
        assert 20 <= len(gif["images"]) <= 25
        for rendition in gif["images"].values():
            assert all(type(value) is str for value in rendition.values())


async def test_films_have_no_url_and_everything_else_has(ask):
    for gif in await some_gifs(ask):
        for name, rendition in gif["images"].items():
            assert ("url" in rendition) is (name not in FILMS)
            assert ("mp4" in rendition) or ("url" in rendition)


async def test_some_gifs_lack_a_rendition_a_title_or_an_alt_text(ask):
    gifs = [
        gif
        for offset in range(0, 500, 50)
        for gif in (await ask("/gifs/search", q="cats", limit=50, offset=offset)).json[
            "data"
        ]
    ]

    assert 2 <= sum(not gif["title"] for gif in gifs) <= 40
    assert 2 <= sum(not gif["alt_text"] for gif in gifs) <= 40
    assert 2 <= sum(len(gif["images"].keys() - {"hd"}) == 22 for gif in gifs) <= 40
    assert all("original" in gif["images"] for gif in gifs)


async def test_two_gifs_in_five_have_a_user(ask):
    gifs = await some_gifs(ask)

    owned = [gif for gif in gifs if "user" in gif]
    assert 10 <= len(owned) <= 30
    assert all(gif["user"]["username"] == gif["username"] for gif in owned)
    assert all(type(gif["user"]["is_verified"]) is bool for gif in owned)
    assert all(gif["username"] == "" for gif in gifs if "user" not in gif)


async def test_a_full_answer_is_as_long_as_giphys_and_compact(ask):
    reply = await ask("/gifs/search", q="cats", limit=10)

    assert 85_000 < len(reply.body) < 105_000
    assert b'": ' not in reply.body
    assert b"\\/" not in reply.body
    assert len(json.loads(reply.body)["data"]) == 10


async def test_fields_leave_only_what_they_name(ask):
    reply = await ask(
        "/gifs/search",
        q="cats",
        limit=3,
        fields="id,user.username,images.original.url,no.such",
    )

    for gif in reply.json["data"]:
        assert set(gif) - {"user"} == {"id", "images"}
        assert set(gif["images"]) == {"original"}
        assert set(gif["images"]["original"]) == {"url"}
    assert set(reply.json) == {"data", "meta", "pagination"}


async def test_a_field_named_whole_comes_whole(ask):
    (gif,) = (
        await ask("/gifs/search", q="cats", limit=1, fields="images,images.original")
    ).json["data"]

    assert len(gif["images"]) > 20


async def test_a_bundle_leaves_its_renditions(ask):
    (gif,) = (
        await ask("/gifs/search", q="cats", limit=1, bundle="messaging_non_clips")
    ).json["data"]

    assert len(gif["images"]) == 7
    assert {"original", "fixed_height", "fixed_width"} < set(gif["images"])
    assert "title" in gif


async def test_media_addresses_name_the_answer_they_came_from(ask, sandbox):
    (gif,) = (await ask("/gifs/search", q="cats", limit=1)).json["data"]
    (same,) = (await ask("/gifs/search", q="CATS", limit=1)).json["data"]

    url = gif["images"]["original"]["url"]
    assert url.startswith(sandbox.api_url.removesuffix("v1") + "media/v1.")
    assert url.endswith(f"/{gif['id']}/giphy.gif")
    assert gif["id"] == same["id"]
    assert url != same["images"]["original"]["url"]


async def test_a_caller_is_given_addresses_on_the_host_he_asked(sandbox, session):
    query = {"api_key": "any", "q": "cats", "limit": "1"}
    url = f"{sandbox.api_url}/gifs/search"
    urls = []
    for host in ("one.example", "two.example:81"):
        async with session.get(url, params=query, headers={"Host": host}) as reply:
            (gif,) = (await reply.json())["data"]
            urls.append(gif["images"]["original"]["url"])

    assert urls[0].startswith("http://one.example/media/")
    assert urls[1].startswith("http://two.example:81/media/")
