"""HTTP for people who want to write: the sign-in page, and the end of a session."""

from collections.abc import Mapping

from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.security.sessions import Sessions, WrongToken
from giphynavigator.session.containers import SessionContainer
from giphynavigator.session.operations import SIGN_IN, SIGN_OUT
from giphynavigator.session.parameters import read_fields
from giphynavigator.settings import Secret
from giphynavigator.web.bodies import received
from giphynavigator.web.browsers import wants_page
from giphynavigator.web.forms import leading_on, own_path
from giphynavigator.web.operations import described
from giphynavigator.web.rendering import render

routes = web.RouteTableDef()


@routes.get("/sign-in", name="sign_in")
@inject
async def sign_in(
    request: web.Request,
    sessions: Sessions = Provide[SessionContainer.sessions],
) -> web.Response:
    """Give the page on which people sign in; `next` is where they then go."""
    context = {
        "next": own_path(request.query.get("next")),
        "possible": sessions.possible,
        "signed_in": await sessions.is_in(request),
    }
    return render(request, "session/sign_in.html", context)


@routes.post("/session", name="session")
@described(SIGN_IN)
@inject
async def session(
    request: web.Request,
    sessions: Sessions = Provide[SessionContainer.sessions],
) -> web.Response:
    """Sign in with the `token` of a form or of JSON, and go on to `next`."""
    fields = read_fields(await received(request))
    response = leading_on(own_path(fields.get("next")))
    try:
        await sessions.begin(request, response, Secret(fields.get("token", "")))
    except WrongToken as error:
        if wants_page(request):
            return refusal(request, sessions, fields, error)
        raise
    return response


@routes.post("/session/end", name="session_end")
@described(SIGN_OUT)
@inject
async def session_end(
    request: web.Request,
    sessions: Sessions = Provide[SessionContainer.sessions],
) -> web.Response:
    """Sign out, and go on to `next`."""
    fields = read_fields(await received(request))
    response = leading_on(own_path(fields.get("next")))
    sessions.end(response)
    return response


def refusal(
    request: web.Request,
    sessions: Sessions,
    fields: Mapping[str, str],
    error: WrongToken,
) -> web.Response:
    """Answer with the form once more, and with what was wrong."""
    context = {
        "next": own_path(fields.get("next")),
        "possible": sessions.possible,
        "signed_in": False,
        "wrong": str(error),
    }
    return render(
        request,
        "session/sign_in.html",
        context,
        status=error.status,
        headers=error.headers,
    )
