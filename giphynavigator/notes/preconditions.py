"""ETags of notes: the version, for If-Match and If-None-Match."""

import re
from collections.abc import Collection
from typing import Final

from aiohttp import ETag, hdrs, web

from giphynavigator.notes.models import Note

ANY: Final = "*"
VERSION: Final = re.compile("[1-9][0-9]{0,8}")


def etag(note: Note) -> str:
    """Give the tag that the note has until it changes."""
    return f'"{note.version}"'


def versions(request: web.Request) -> Collection[int] | None:
    """Give the versions that If-Match names; None when any will do.

    What is no tag of ours names none, and nor does a list with nothing in it.
    """
    tags = request.if_match or ()
    if hdrs.IF_MATCH not in request.headers or any(tag.value == ANY for tag in tags):
        return None
    return {int(tag.value) for tag in tags if is_one_of_ours(tag)}


def is_one_of_ours(tag: ETag) -> bool:
    """Whether a tag may be of a note; If-Match compares strongly (RFC 9110)."""
    return not tag.is_weak and VERSION.fullmatch(tag.value) is not None


def is_known(request: web.Request, note: Note) -> bool:
    """Whether If-None-Match names the note as it is."""
    known = {ANY, str(note.version)}
    return any(tag.value in known for tag in request.if_none_match or ())
