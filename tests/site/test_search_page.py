"""The search page as the server sends it, which is all of it without scripts."""

import re
from collections.abc import Iterator
from html import unescape
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from dependency_injector import providers

from giphynavigator.giphy_errors import GiphyBusy
from giphynavigator.resilience.quota import FixedWindowQuota
from giphynavigator.shapes import Lang
from giphynavigator.site.languages import LANGUAGES
from tests.fakes import FakeClock
from tests.site.gifs import answer_of, giphy_gif

HTML = {"Accept": "text/html"}
MEDIA = "https://media1.giphy.com/media/v1/a.gif?cid=1&ep=2"
FIFTY = [giphy_gif(number, media=MEDIA) for number in range(50)]


async def page(client: TestClient, **asked: str) -> str:
    answer = await client.get("/", params=asked, headers=HTML)
    assert answer.status == 200, await answer.text()
    return await answer.text()


def tiles(text: str) -> list[str]:
    """The ids of the GIFs that the grid shows."""
    return re.findall(r'data-id="(\w+)"', text)


def link(text: str, rel: str) -> str | None:
    """Where a browser goes for more, None where there is no more to be seen."""
    found = re.search(rf'rel="{rel}"( hidden)?\s+href="([^"]*)"', text)
    return unescape(found[2]) if found and not found[1] else None


@pytest.fixture
def quota(app: web.Application) -> Iterator[FixedWindowQuota]:
    quota = FixedWindowQuota(calls=100, period=3600, clock=FakeClock())
    with app.container.quota.override(providers.Object(quota)):
        yield quota


async def test_a_browser_gets_the_page_and_a_program_json(client: TestClient) -> None:
    page = await client.get("/", headers=HTML)
    json = await client.get("/")

    assert page.content_type == "text/html"
    assert json.content_type == "application/json"


async def test_a_page_shows_the_first_gifs_and_leads_on(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.return_value = answer_of(*FIFTY, total=500)

    text = await page(client, query="cats")

    assert tiles(text) == [f"id{number}" for number in range(25)]
    assert link(text, "next") == "/?query=cats&offset=25"
    assert link(text, "prev") is None
    assert "GIFs for “cats”" in unescape(text)


async def test_two_pages_of_gifs_are_one_call(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.return_value = answer_of(*FIFTY, total=50)

    await page(client, query="cats")
    text = await page(client, query="cats", offset="25")

    assert tiles(text) == [f"id{number}" for number in range(25, 50)]
    assert link(text, "next") is None
    assert link(text, "prev") == "/?query=cats"
    assert giphy.search.await_count == 1


async def test_a_page_leads_on_with_all_that_was_asked(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.return_value = answer_of(*FIFTY)

    text = await page(client, query="a&b", lang="de", rating="g", limit="10")

    onwards = "/?query=a%26b&limit=10&offset=10&rating=g&lang=de"
    assert link(text, "next") == onwards
    assert giphy.search.await_args.kwargs["lang"] == "de"


async def test_without_words_the_page_shows_what_is_trending(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.trending.return_value = answer_of(*FIFTY, total=500)
    giphy.trending_searches.return_value = ["good morning", "<b>"]

    text = await page(client)

    assert "Trending now" in text
    assert len(tiles(text)) == 25
    assert 'href="/?query=good+morning">good morning' in text
    assert 'href="/?query=%3Cb%3E">&lt;b&gt;' in text


async def test_popular_searches_are_asked_for_once_in_a_while(
    client: TestClient, giphy: AsyncMock, app: web.Application
) -> None:
    clock = FakeClock()
    giphy.trending.return_value = answer_of()
    giphy.trending_searches.return_value = ["hello"]
    now = app.container.site.search_pages.kwargs["clock"]

    with now.override(providers.Object(clock)), no_store(app):
        for seconds in (0, 1199, 2, 1199):
            clock.advance(seconds)
            assert ">hello</a>" in await page(client)

    assert giphy.trending_searches.await_count == 2


async def test_a_page_comes_without_popular_searches_when_giphy_fails_there(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.trending.return_value = answer_of(*FIFTY)
    giphy.trending_searches.side_effect = GiphyBusy(60)

    text = await page(client)

    assert len(tiles(text)) == 25
    assert "Popular searches" not in text


async def test_what_a_form_sends_empty_and_what_nobody_knows_is_ignored(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.return_value = answer_of(giphy_gif())

    text = await page(client, query="cats", lang="", rating="", utm_source="mail")

    assert tiles(text) == ["id1"]


async def test_addresses_of_media_and_pages_are_passed_on_untouched(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.return_value = answer_of(giphy_gif(media=MEDIA))

    text = await page(client, query="cats")

    assert f'src="{MEDIA}"' in unescape(text)
    assert f'srcset="{MEDIA}"' in unescape(text)
    assert 'href="https://giphy.com/gifs/id1"' in text


async def test_every_picture_has_words_and_its_size(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.return_value = answer_of(
        giphy_gif(1, media=MEDIA, alt_text="A cat.", title="Cat GIF"),
        giphy_gif(2, media=MEDIA, title="Cat GIF"),
        giphy_gif(3, media=MEDIA, title=""),
    )

    text = await page(client, query="cats")
    shown = text[: text.index("<template")]

    words = re.findall(r'<img [^>]*width="200" height="100"\s+alt="([^"]+)"', shown)
    assert words == ["A cat.", "Cat GIF", "A GIF without a title"]
    assert ".tile:nth-child(3){--a:0.5}" in text


async def test_a_gif_without_any_picture_is_shown_by_its_title(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.return_value = answer_of(giphy_gif(title="No picture"))

    text = await page(client, query="cats")

    assert '<span class="hidden">No picture</span>' in text
    assert ".tile:nth-child(1){--a:1}" in text


async def test_a_title_is_text(client: TestClient, giphy: AsyncMock) -> None:
    ugly = "<img src=x onerror=alert(1)>\"'"
    odd = {"title": ugly, "alt_text": ugly, "username": ugly, "id": ugly, "url": ugly}
    giphy.search.return_value = answer_of(giphy_gif(media=MEDIA, **odd))

    text = await page(client, query=ugly[:28])

    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


async def test_a_rating_is_chosen_where_the_settings_allow_several(
    service: TestClient,
) -> None:
    text = await page(service, query="cats", rating="pg")

    ratings = re.findall(r'<option value="(g|pg|pg-13|r)"', text)
    assert ratings == ["g", "pg", "pg-13", "r"]
    assert '<option value="pg" selected>PG</option>' in text


async def test_where_the_settings_allow_one_rating_there_is_no_choice(
    client: TestClient,
) -> None:
    assert 'name="rating"' not in await page(client, query="cats")


def test_every_language_has_its_name() -> None:
    assert set(LANGUAGES) == set(Lang.__args__)


async def test_the_calls_that_are_left_are_told(
    quota: FixedWindowQuota, client: TestClient
) -> None:
    await page(client, query="cats")

    text = await page(client, query="dogs")

    assert "98 of 100 calls to Giphy left" in " ".join(text.split())


async def test_the_sandbox_says_so_and_has_no_quota(client: TestClient) -> None:
    text = await page(client, query="cats")

    assert "made up" in text
    assert "calls to Giphy left" not in text


async def test_with_a_key_there_is_no_talk_of_a_sandbox(service: TestClient) -> None:
    assert "made up" not in await page(service, query="cats")


async def test_the_sandboxs_pictures_come_from_the_services_own_address(
    client: TestClient,
) -> None:
    text = await page(client, query="cats")
    (address,) = set(re.findall(r'src="(http://[^/]+)/', text))

    assert address == str(client.make_url("/")).rstrip("/")
    picture = re.search(r'src="http://[^/]+(/sandbox/media/[^"]+)"', text)
    assert (await client.get(unescape(picture[1]))).content_type == "image/gif"


def no_store(app: web.Application):
    """Nothing is kept, so that each page asks for all it shows."""
    return app.container.config.cache.max_age.override(0)
