"""What people ask for, be it words, a page or a file, as media to fetch."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from yarl import URL

from giphynavigator.answers import Reply
from giphynavigator.downloads.errors import NoAddress, NoPage, NothingFound
from giphynavigator.downloads.formats import format_named
from giphynavigator.downloads.names import mark, plain
from giphynavigator.gifs import Gif
from giphynavigator.pages import PAGE
from giphynavigator.parameters import GifId, convert

ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)
SITE: Final = re.compile(r"(?:https?://)?(?:www\.)?giphy\.com(?=/)", re.IGNORECASE)
PAGE_PATH: Final = re.compile(
    r"/(?:gifs|stickers|clips|embed)/(?:[^?#]*[/-])?"
    r"(?P<id>(?!(?:html5|fullscreen|tile)\b)[A-Za-z0-9]+)"
    r"(?:/(?:html5|fullscreen|tile))?/?(?:[?#].*)?"
)
MEDIA: Final = re.compile(
    r"/media(?:/v\d+\.[^/]+)?/(?P<id>[A-Za-z0-9]+)/(?P<rendition>[\w-]+)"
)
SHORT: Final = re.compile(r"/(?P<id>[A-Za-z0-9]+)(?P<rendition>)")
"""Where i.giphy.com has originals."""

ORIGINAL: Final = "giphy"
"""What Giphy calls the file of a GIF as it was made."""

OWN_MEDIA: Final = "/sandbox/media/"


class Searches(Protocol):
    """What finds GIFs."""

    def search_on(self, query: str, limit: int) -> AsyncIterator[list[Gif]]:
        """Give page after page until there are enough."""

    async def gif(self, gif_id: str) -> Reply:
        """Give the GIF of that id, or raise GifNotFound."""

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Gif]:
        """Give GIFs by their ids, at most 50, those that can be had now."""


class Found(Struct, frozen=True):
    """A file that is to be had: of which GIF, called what; no url: it is lost.

    `asked` is the address that led to it, "" where words did.
    """

    id: str
    title: str
    url: URL | None
    ending: str
    asked: str = ""


def are_words(asked: str) -> bool:
    """Whether it is a query, and no address."""
    return not SITE.match(asked) and not ADDRESS.match(asked)


def needs_giphy(asked: str) -> bool:
    """Whether Giphy is asked for it: it is not for the address of a file."""
    return bool(SITE.match(asked)) or are_words(asked)


class Finder:
    """Finds what people ask for; files need no finding."""

    def __init__(
        self, searches: Searches, *, api_url: str, sandbox: bool = False
    ) -> None:
        self._searches = searches
        self._api_url = URL(api_url)
        self._sandbox = sandbox

    async def known(self, asked: Iterable[str]) -> dict[str, Gif]:
        """Give the GIFs whose pages are asked for by id, fifty of them for one call."""
        found: dict[str, Gif] = {}
        ids = list(dict.fromkeys(filter(None, map(page_id, asked))))
        for start in range(0, len(ids) if len(ids) > 1 else 0, PAGE):
            found |= await self._searches.by_ids(ids[start : start + PAGE])
        return found

    async def find(
        self, asked: str, limit: int, known: Mapping[str, Gif]
    ) -> list[Found]:
        """Give the originals of at most so many GIFs, or the one file of an address.

        What is `known` by its id costs no call.
        """
        if SITE.match(asked):
            return [replace(await self._page(asked, known), asked=asked)]
        if ADDRESS.match(asked):
            return [replace(self._file(asked), asked=asked)]
        found = [
            original(gif)
            async for page in self._searches.search_on(asked, limit)
            for gif in page
        ]
        if not found:
            raise NothingFound
        return found

    async def _page(self, asked: str, known: Mapping[str, Gif]) -> Found:
        """Give the original of the GIF that a page shows."""
        gif_id = page_id(asked)
        if gif_id is None:
            raise NoPage
        if gif := known.get(gif_id):
            return original(gif)
        reply = await self._searches.gif(convert("id", gif_id, GifId))
        return original(msgspec.json.decode(reply.answer.body, type=Gif))

    def _file(self, asked: str) -> Found:
        """Give the file at an address, named after the GIF where that is to be seen."""
        url = self._from_sandbox(address(asked))
        stem, ending = split(url)
        giphys = MEDIA.fullmatch(stem)
        if url.host == "i.giphy.com":
            giphys = giphys or SHORT.fullmatch(stem)
        if not giphys or not ending:
            name = f"{plain(PurePosixPath(stem).name)}-{mark(str(url))}".lstrip("-")
            return Found(name, "", url, ending)
        return Found(
            giphys["id"], giphys["rendition"].removeprefix(ORIGINAL), url, ending
        )

    def _from_sandbox(self, url: URL) -> URL:
        """Give the sandbox's own address of what the service shows as its own."""
        if not self._sandbox or not url.path.startswith(OWN_MEDIA):
            return url
        path = url.raw_path.removeprefix("/sandbox")
        return self._api_url.with_path(path, encoded=True)


def page_id(asked: str) -> str | None:
    """Give the id of the GIF whose page it is, None if it is no GIF's page."""
    site = SITE.match(asked)
    page = PAGE_PATH.fullmatch(asked, site.end()) if site else None
    return page["id"] if page else None


def original(gif: Gif) -> Found:
    """Give the file that a GIF was made as; one at no address is lost."""
    try:
        url = address(gif.original.url) if gif.original else None
    except NoAddress:
        url = None
    return Found(gif.id, gif.title, url, split(url)[1] if url else "")


def address(text: str) -> URL:
    """Give a text as an address, or raise NoAddress."""
    try:
        return URL(text.strip()).with_fragment(None)
    except ValueError:
        raise NoAddress from None


def split(url: URL) -> tuple[str, str]:
    """Give the path of an address without its ending, and the ending if it is known."""
    path = PurePosixPath(url.path)
    if not format_named(path.suffix):
        return str(path), ""
    return str(path.with_suffix("")), path.suffix.lower()
