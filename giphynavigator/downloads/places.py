"""What an answer is of the file that was asked for: all, the rest, or a refusal."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NamedTuple

import aiohttp
from yarl import URL

from giphynavigator.downloads.errors import (
    MediaBusy,
    MediaChanged,
    MediaError,
    MediaNonsense,
    MediaRefused,
)

BUSY_AT_MOST: Final = 60.0
"""Seconds that a server is believed for at most when it says when to come again."""

STRONG: Final = re.compile(r'"[\x21\x23-\x7e]{1,80}"')
"""An ETag that stands for every byte, short enough for the name of a part."""

RANGE: Final = re.compile(r"bytes (?:(?P<start>\d+)-\d+|\*)/(?P<total>\d+|\*)")
PASSING: Final = frozenset({408, 425, 429})


class Place(NamedTuple):
    """Where an answer begins in the file, how long that is, and its version.

    The total is None where the server does not say, the version is "" where there
    is none that a later request could name.
    """

    start: int
    total: int | None
    version: str

    @property
    def is_end(self) -> bool:
        """Whether there is nothing behind the beginning."""
        return self.start == self.total


def target(url: URL, location: str) -> URL:
    """Give where a redirect leads."""
    try:
        return url.join(URL(location)).with_fragment(None)
    except ValueError:
        raise MediaNonsense("redirects to nowhere") from None


def placed(response: aiohttp.ClientResponse, start: int, version: str) -> Place:
    """Say what part of the file an answer is, or raise what its status means."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise MediaNonsense("sent the file packed")
    if response.status == HTTPStatus.OK:
        return Place(0, response.content_length, version_of(response.headers))
    found = RANGE.fullmatch(response.headers.get("Content-Range", ""))
    total = int(found["total"]) if found and found["total"] != "*" else None
    if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
        if total != start:
            raise MediaChanged
        return Place(start, total, version)  # what is there is all there is
    if response.status != HTTPStatus.PARTIAL_CONTENT:
        raise refusal(response)
    now = version_of(response.headers)
    if not found or found["start"] != str(start) or now not in {version, ""}:
        raise MediaChanged
    return Place(start, total, version)


def refusal(response: aiohttp.ClientResponse) -> MediaError:
    """Give what a status means that brings no file."""
    status = response.status
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in PASSING:
        return MediaRefused(status)
    said = response.headers.get("Retry-After", "")
    delay = float(said) if said.isascii() and said.isdecimal() else 0
    return MediaBusy(status, min(delay, BUSY_AT_MOST))


def version_of(headers: Mapping[str, str]) -> str:
    """Give what stands for this version of a file to every byte, or ""."""
    etag = headers.get("ETag", "")
    if STRONG.fullmatch(etag):
        return etag
    changed, now = headers.get("Last-Modified", ""), headers.get("Date", "")
    try:
        seconds = parsedate_to_datetime(now) - parsedate_to_datetime(changed)
    except (ValueError, TypeError):  # one of them is no date, or has no zone
        return ""
    # Within the same second it may have changed once more (RFC 9110, 8.8.2.2).
    return changed if seconds.total_seconds() >= 1 else ""
