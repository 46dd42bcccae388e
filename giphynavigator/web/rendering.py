"""Pages: how they are made, and how a feature brings its own.

1. `notes/templates/list.html` begins with `{% extends "base.html" %}` and fills the
   blocks `title` and `main`, perhaps `head` and `scripts`. Everything is escaped.
   `url("note", id="1")` gives the address of a route, `static("notes/list.css")`
   that of a file in `notes/static/` (assets.py). Styles and scripts stand in files
   alone: there is no `style=""`, no `onclick=""` and no innerHTML, browsers are told
   to refuse them. A `<style nonce="{{ nonce }}">` is obeyed where it must be. Scripts
   ask and send by "../api.js"; "../site.js" tells people things and copies texts.
2. `notes/handlers.py` makes the page, and browsers.py has the one line that lets
   browsers have it::

       @inject
       async def notes_page(request, notes=Provide[NotesContainer.notes]):
           return render(request, "notes/list.html", {"notes": await notes.all()})

3. `tests/browser/test_notes.py` looks at it, with the fixtures of its conftest.

Nothing else is to be registered. A menu entry is a line in MENU.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp_jinja2
import jinja2
from aiohttp import hdrs, web

from giphynavigator.web.assets import ROOT, all_assets
from giphynavigator.web.codings import takes_gzip
from giphynavigator.web.forms import own_path
from giphynavigator.web.policies import PAGE_HEADERS, content_policy, media_sources

MEDIA: Final = web.AppKey("media", str)
"""Where GIFs come from, as a Content-Security-Policy has it."""

MENU: Final = (("index", "Search"), ("polls", "Polls"), ("notes", "Notes"))
"""Route and name of what every page leads to."""

MINUTE: Final = 60
REFERER: Final = re.compile(r"https?://[^/]+(/.*)")

ADVICE: Final = {
    400: "Change what you asked for, and try again.",
    401: "Sign in, and try again.",
    403: "Whoever runs this service decides who may do this.",
    404: "It may have been deleted, or the address has a typing error in it.",
    405: "Go back, and take another way.",
    409: "Go back, look at what it is now, and try again.",
    412: "Somebody else changed it meanwhile: look at it again before you do.",
    413: "Send less.",
    421: "Ask for it by the name that whoever runs this service has given it.",
    429: "Try again {when}.",
    500: "Try again. If it stays so, tell whoever runs this service the id above.",
    502: "Try again in a minute. What was searched for lately still works.",
    503: "Try again {when}. What was searched for lately still works.",
    504: "Try again in a minute. What was searched for lately still works.",
}
"""What to do about an error, by status."""

PLAIN: Final = {
    404: "There is no page at this address.",
    405: "This page does not take what was sent to it.",
    413: "What was sent is too big.",
    500: "Something went wrong here. It is not your fault.",
}
"""What is wrong, in words for people, where the problem tells its status alone."""


def prepare_pages(
    app: web.Application,
    *,
    sandbox: bool,
    media_origins: Iterable[str],
    session_cookie: str = "",
) -> None:
    """Make the application able to render; routes may be added before or after.

    `session_cookie` names the cookie of who has signed in, if anybody can.
    """
    app[MEDIA] = media_sources(media_origins)
    env = aiohttp_jinja2.setup(
        app,
        loader=_templates(ROOT),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    env.globals.update(static=all_assets().address, sandbox=sandbox, menu=MENU)
    env.globals.update(session_cookie=session_cookie)


def render(
    request: web.Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Answer with a page.

    Beside the context its template has `request`, `nonce`, `sandbox`, and the
    functions `url` and `static`.
    """
    nonce = secrets.token_urlsafe(16)
    whole = {**(context or {}), "request": request, "nonce": nonce}
    response = web.Response(
        text=aiohttp_jinja2.render_string(template, request, whole),
        status=status,
        content_type="text/html",
        headers={**PAGE_HEADERS, **(headers or {})},
    )
    policy = content_policy(nonce, request.config_dict[MEDIA])
    response.headers["Content-Security-Policy"] = policy
    if takes_gzip(request):
        response.enable_compression(web.ContentCoding.gzip)
    return response


def error_page(
    request: web.Request,
    problem: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Answer with the page for problem details: what is wrong, and what to do."""
    status = int(problem["status"])
    detail = PLAIN.get(status) if problem["type"] == "about:blank" else None
    context = {
        "problem": problem,
        "detail": detail or problem["detail"],
        "advice": ADVICE.get(status, "Go back.").format(when=when(headers or {})),
        "back": page_of(request),
    }
    return render(request, "error.html", context, status=status, headers=headers)


def page_of(request: web.BaseRequest) -> str:
    """Give the address here of the page that was asked for, or that a form was on."""
    if request.method == hdrs.METH_GET:
        return str(request.rel_url)
    page = REFERER.fullmatch(request.headers.get(hdrs.REFERER, ""))
    return own_path(page and page[1])


def when(headers: Mapping[str, str]) -> str:
    """Say in words when Retry-After has it that another try is worth it."""
    seconds = int(headers.get("Retry-After", 0))
    if seconds <= 1:
        return "in a moment"
    if seconds <= MINUTE:
        return f"in {seconds} seconds"
    return f"in {-(-seconds // MINUTE)} minutes"


def _templates(root: Path) -> jinja2.BaseLoader:
    """Find `base.html` at the root, `notes/list.html` in the feature's folder."""
    features = {
        folder.parent.name: jinja2.FileSystemLoader(folder)
        for folder in root.glob("*/templates")
    }
    own = jinja2.FileSystemLoader(root / "templates")
    return jinja2.ChoiceLoader([own, jinja2.PrefixLoader(features)])
