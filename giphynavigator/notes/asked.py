"""What browsers say: in the address of a page, and in the forms on it."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec
from aiohttp import web
from msgspec.structs import fields

from giphynavigator.errors import InvalidBody
from giphynavigator.notes.parameters import NoteId, NoteParameters, Priority
from giphynavigator.notes.preconditions import VERSION
from giphynavigator.parameters import convert, read
from giphynavigator.web.bodies import S, read_body

AT_ONCE: Final = 24
"""Notes that a page shows, unless its address says otherwise."""

KNOWN: Final = frozenset(field.name for field in fields(NoteParameters))
TEXTS: Final = ("title", "description", "created_by")


def read_asked(given: Mapping[str, str]) -> NoteParameters:
    """Give what the address of a page asks for, or raise InvalidParameter.

    What it does not know is ignored, and what a form sends empty was not given.
    """
    known = {name: text for name, text in given.items() if name in KNOWN and text}
    return read(NoteParameters, {"limit": str(AT_ONCE), **known})


def read_id(request: web.Request) -> int:
    """Give the id that the path names, or raise InvalidParameter."""
    found: int = convert("id", request.match_info["id"], NoteId)
    return found


def read_form(shape: type[S], said: Mapping[str, str]) -> S:
    """Give a note, or changes of one, as a form has them; raises what is at fault."""
    given: dict[str, Any] = {n: said[n].strip() for n in TEXTS if n in said}
    if "priority" in said:
        given["priority"] = convert("priority", said["priority"].strip(), Priority)
    if "without_gif" in said:
        given["gif"] = None
    if not given:
        raise InvalidBody("body", "must be a form with a note, or with changes of one")
    return read_body(shape, msgspec.json.encode(given))


def read_version(said: Mapping[str, str]) -> Collection[int] | None:
    """Give the one version that may be touched; None when any may.

    What is no version of ours names none.
    """
    text = said.get("version", "")
    if not text:
        return None
    return {int(text)} if VERSION.fullmatch(text) else ()
