"""HTTP in front of the BatchService: newline-delimited JSON, streamed."""

from contextlib import aclosing
from typing import Final

import msgspec
from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.batch import examples
from giphynavigator.batch.containers import BatchContainer
from giphynavigator.batch.parameters import BatchBody, BatchParameters, trimmed
from giphynavigator.batch.services import BatchService, Found, Result
from giphynavigator.batch.shapes import LINES, FoundLine, ProblemLine
from giphynavigator.security.origins import ANY_ORIGIN
from giphynavigator.serving.draining import DRAINING, ServiceEnding
from giphynavigator.tracing import CURRENT, REQUEST_ID
from giphynavigator.web.operations import NDJSON, operation

routes = web.RouteTableDef()

HEADERS: Final = {
    "Content-Type": NDJSON,
    "Cache-Control": "no-store",
    **ANY_ORIGIN,
}


@routes.get("/batch", name="batch", allow_head=False)  # HEAD would spend calls
@operation(LINES, errors=(ServiceEnding,), example=examples.IN_THE_ADDRESS)
@inject
async def batch(
    request: web.Request,
    query: BatchParameters,
    batch_service: BatchService = Provide[BatchContainer.batch_service],
) -> web.StreamResponse:
    """Make many searches at once; each answer is a line, sent when it is there."""
    return await stream(request, batch_service, query.query, query.limit)


@routes.post("/batch", name="batch_body")
@operation(LINES, errors=(ServiceEnding,), example=examples.IN_A_BODY)
@inject
async def batch_body(
    request: web.Request,
    body: BatchBody,
    batch_service: BatchService = Provide[BatchContainer.batch_service],
) -> web.StreamResponse:
    """Make many searches at once, named in a JSON body."""
    queries = trimmed(body.queries)
    return await stream(request, batch_service, queries, body.limit)


async def stream(
    request: web.Request,
    batch_service: BatchService,
    queries: list[str],
    limit: int | None,
) -> web.StreamResponse:
    """Answer with the plan, and then with a line for every query."""
    ending = request.app[DRAINING]
    if ending.is_set():
        raise ServiceEnding
    plan = await batch_service.plan(queries)
    named = {REQUEST_ID: CURRENT.get().request_id}
    response = web.StreamResponse(headers={**HEADERS, **named})
    found = batch_service.search(queries, limit, ending=ending)
    try:
        await response.prepare(request)
        await response.write(line(plan))
        async with aclosing(found) as results:
            async for result in results:
                await response.write(line(shown(result)))
    except ConnectionResetError:
        pass  # nobody listens any more
    return response


def line(value: object) -> bytes:
    """Give a value as a line of JSON."""
    return msgspec.json.encode(value) + b"\n"


def shown(result: Result[Found]) -> FoundLine | ProblemLine:
    """Give what is shown of a result: the answer of `GET /`, or the problem."""
    index, query, found, error = msgspec.structs.astuple(result)
    if found is None:
        return ProblemLine(index, query, error.problem())
    return FoundLine(index, query, found.limit, found.gifs)
