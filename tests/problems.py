"""The one way to assert an error."""

from aiohttp import ClientResponse


async def assert_problem(
    answer: ClientResponse, status: int, detail: str, **extra: object
) -> None:
    assert answer.content_type == "application/problem+json"
    body = await answer.json()
    kind, title = body.pop("type"), body.pop("title")
    assert body.pop("request_id") == answer.headers["X-Request-ID"]
    assert body == {"status": status, "detail": detail, **extra}
    assert answer.status == status
    assert kind == "about:blank" or kind.startswith("urn:giphynavigator:")
    assert title
