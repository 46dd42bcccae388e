"""GIFs that are kept somewhere, found again by their ids."""

from aiohttp.test_utils import TestClient

from giphynavigator.sandbox.application import Sandbox


async def ids_of(service: TestClient, limit: int) -> list[str]:
    found = await (await service.get(f"/gifs?query=cats&limit={limit}")).json()
    return [gif["id"] for gif in found["gifs"]]


async def test_gifs_are_found_by_their_ids_with_all_their_renditions(
    service: TestClient,
) -> None:
    found = await (await service.get("/gifs?query=cats&limit=2")).json()
    search_service = service.app.container.search_service()

    gifs = await search_service.by_ids([gif["id"] for gif in found["gifs"]])

    assert {gif["id"]: gif["preview"]["height"] for gif in found["gifs"]} == {
        gif_id: gif.preview.height for gif_id, gif in gifs.items()
    }


async def test_the_same_ids_in_any_order_are_one_call(
    service: TestClient, upstream: Sandbox
) -> None:
    first, second, third = await ids_of(service, 3)
    search_service = service.app.container.search_service()
    before = upstream.calls.count

    await search_service.by_ids([first, second, third])
    await search_service.by_ids([third, first, second, first])

    assert upstream.calls.count == before + 1


async def test_ids_that_differ_by_a_capital_are_not_the_same(
    service: TestClient, upstream: Sandbox
) -> None:
    (gif_id,) = await ids_of(service, 1)
    search_service = service.app.container.search_service()

    gifs = await search_service.by_ids([gif_id, gif_id.swapcase()])

    assert list(gifs) == [gif_id]


async def test_what_giphy_does_not_have_is_left_out(service: TestClient) -> None:
    (gif_id,) = await ids_of(service, 1)
    search_service = service.app.container.search_service()

    assert list(await search_service.by_ids(["nobody", gif_id])) == [gif_id]


async def test_no_ids_cost_no_call(service: TestClient, upstream: Sandbox) -> None:
    assert await service.app.container.search_service().by_ids([]) == {}
    assert upstream.calls.count == 0


async def test_no_more_than_a_page_of_them_is_asked_for(
    service: TestClient, upstream: Sandbox
) -> None:
    ids = await ids_of(service, 50)

    gifs = await service.app.container.search_service().by_ids([*ids, "zzz"])

    assert len(gifs) == 50
    assert upstream.calls.count == 2


async def test_there_are_none_while_giphy_is_away(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("http-500")

    assert await service.app.container.search_service().by_ids(["a"]) == {}
