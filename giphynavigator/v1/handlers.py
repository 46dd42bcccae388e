"""HTTP in front of the ApiService: one handler for the whole table."""

from functools import wraps

from aiohttp import web
from aiohttp.typedefs import Handler
from dependency_injector.wiring import Provide, inject

from giphynavigator.answers import Answer
from giphynavigator.v1.containers import V1Container
from giphynavigator.v1.documentation import operation_for
from giphynavigator.v1.endpoints import ENDPOINTS, Endpoint
from giphynavigator.v1.services import ApiService
from giphynavigator.web.operations import described
from giphynavigator.web.replies import respond, respond_anew

routes = web.RouteTableDef()


@inject
async def passed_on(
    request: web.Request,
    endpoint: Endpoint,
    api: ApiService = Provide[V1Container.api],
) -> web.Response:
    """Pass a read call on to Giphy, with our key, and its answer back as it is."""
    found = await api.answer(endpoint, request.match_info, request.query)
    if isinstance(found, Answer):
        return respond_anew(found)
    return respond(request, found, again=False)  # its target has the client's key


def passing(endpoint: Endpoint) -> Handler:
    """Give the handler of one call."""

    @described(operation_for(endpoint))
    @wraps(passed_on)
    async def handle(request: web.Request) -> web.Response:
        return await passed_on(request, endpoint)

    return handle


for each in ENDPOINTS:
    # Nobody sees what a HEAD brings, and of what is not kept each would cost a call.
    routes.get(each.route, name=each.name, allow_head=each.kept)(passing(each))
