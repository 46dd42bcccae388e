"""HTTP in front of the BatchService: newline-delimited JSON, streamed."""

import msgspec
from aiohttp import web
from dependency_injector.wiring import Provide, inject
from multidict import MultiDict

from giphynavigator.batch.containers import BatchContainer
from giphynavigator.batch.parameters import BatchBody, LimitParameters
from giphynavigator.batch.services import BatchService, Links, Result
from giphynavigator.parameters import (
    Parameters,
    Query,
    convert,
    read,
    read_body,
    shaped,
)

routes = web.RouteTableDef()

HEADERS = {
    "Content-Type": "application/x-ndjson",
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
}


@routes.get("/batch", name="batch", allow_head=False)  # HEAD would spend calls
@inject
async def batch(
    request: web.Request,
    batch_service: BatchService = Provide[BatchContainer.batch_service],
) -> web.StreamResponse:
    """Make many searches at once; each answer is a line, sent when it is there."""
    given = MultiDict(request.query)
    queries = given.popall("query", [])
    limit = read(LimitParameters, given).limit
    body = shaped(BatchBody, {"queries": queries, "limit": limit})
    return await stream(request, batch_service, body)


@routes.post("/batch", name="batch_body")
@inject
async def batch_body(
    request: web.Request,
    batch_service: BatchService = Provide[BatchContainer.batch_service],
) -> web.StreamResponse:
    """Make many searches at once, named in a JSON body."""
    read(Parameters, request.query)
    body = read_body(BatchBody, await request.read())
    return await stream(request, batch_service, body)


async def stream(
    request: web.Request, batch_service: BatchService, body: BatchBody
) -> web.StreamResponse:
    """Answer with the plan, and then with a line for every query."""
    queries = [convert("query", query, Query) for query in body.queries]
    plan = await batch_service.plan(queries)
    response = web.StreamResponse(headers=HEADERS)
    results = batch_service.search(queries, body.limit)
    try:
        await response.prepare(request)
        await response.write(msgspec.json.encode(plan) + b"\n")
        async for result in results:
            await response.write(line(result))
    except ConnectionResetError:
        return response  # nobody listens any more
    finally:
        await results.aclose()
    await response.write_eof()
    return response


def line(result: Result[Links]) -> bytes:
    """Give one result as a line: the answer of `GET /`, or the problem."""
    shown: dict[str, object] = {"index": result.index, "query": result.query}
    if result.error:
        shown["problem"] = result.error.problem()
    elif result.found:
        shown |= {"limit": result.found.limit, "gifs": result.found.gifs}
    return msgspec.json.encode(shown) + b"\n"
