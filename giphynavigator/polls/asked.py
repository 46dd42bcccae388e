"""What requests say: in the path, in the query, as JSON or as a form."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from aiohttp import web
from msgspec import UNSET
from multidict import MultiDict

from giphynavigator.errors import InvalidBody, TooLarge
from giphynavigator.parameters import Parameters, read
from giphynavigator.polls.parameters import (
    LAST_ID,
    ChoiceParameters,
    PollBody,
    WinnerBody,
)
from giphynavigator.polls.repository import PollNotFound
from giphynavigator.web.bodies import IN_TIME, read_body, received
from giphynavigator.web.browsers import wants_page
from giphynavigator.web.forms import form_of

PARTS: Final = "multipart/form-data"
PERIODS: Final = {
    "": "when you close it",
    "300": "in 5 minutes",
    "3600": "in an hour",
    "86400": "in a day",
    "604800": "in a week",
}
"""When a poll may close by the form that makes it: seconds from now, and in words."""


def read_id(request: web.Request) -> int:
    """Give the id that the path names, or raise PollNotFound for what can be none."""
    return number(request.match_info["id"])


def number(text: str) -> int:
    """Give a poll's id as a number, or raise PollNotFound for what can be none."""
    if text.isascii() and text.isdecimal() and int(text[:20]) in range(1, LAST_ID + 1):
        return int(text)
    raise PollNotFound(text)


async def read_choice(request: web.Request) -> int | None:
    """Give the choice that a request names: in the query, as JSON or as a form.

    None if it names none, as an empty object does. Programs may name nothing else;
    what else a browser's form says is ignored.
    """
    if await is_json(request):
        read(Parameters, request.query)
        named = read_body(WinnerBody, await received(request)).choice
        return None if named is UNSET else named
    said = [*request.query.items(), *(await texts_of(request)).items()]
    if wants_page(request):
        said = [(name, text) for name, text in said if name == "choice"]
    return read(ChoiceParameters, MultiDict(said)).choice


async def need_choice(request: web.Request) -> int:
    """Give the choice that a request names, or raise InvalidBody if it names none."""
    choice = await read_choice(request)
    if choice is None:
        raise InvalidBody("choice", "is missing; it must be the id of a choice")
    return choice


async def is_json(request: web.Request) -> bool:
    """Whether the body is an object of JSON, whatever Content-Type it has."""
    if request.content_type == PARTS:
        return False
    return (await received(request)).lstrip().startswith(b"{")


async def texts_of(request: web.Request) -> MultiDict[str]:
    """Give the texts of a form, in one piece or in parts."""
    if request.content_type != PARTS:
        return await form_of(request)
    try:
        async with asyncio.timeout(IN_TIME):
            form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(request.client_max_size) from None
    except Exception:  # noqa: BLE001 - whatever aiohttp's reader of parts stumbles over
        raise InvalidBody("body", "must be a whole form") from None
    return MultiDict(
        (name, text) for name, text in form.items() if isinstance(text, str)
    )


def poll_in(form: MultiDict[str], now: datetime) -> PollBody:
    """Give the poll that a page's form describes, or raise what is at fault."""
    said: dict[str, Any] = {
        "question": form.get("question", "").strip(),
        "results": form.get("results", "always"),
    }
    if query := form.get("query", "").strip():
        said["query"] = query
        if (limit := form.get("limit", "")).isdecimal():
            said["limit"] = int(limit)
    if choices := [text for text in form.getall("choice", ()) if text.strip()]:
        said["choices"] = [{"text": text.strip()} for text in choices]
    if (period := form.get("closes_in", "")) in PERIODS and period:
        said["closes_at"] = (now + timedelta(seconds=int(period))).isoformat()
    return read_body(PollBody, msgspec.json.encode(said))
