"""The endpoints that answer with words: terms, tags, categories, channels."""

import re
from typing import Any, Final

from aiohttp import web

from .api_request import ApiRequest, endpoint
from .envelopes import Envelope, paged
from .ids import Kind, stable_bytes, stable_number
from .made_up_gifs import ARTISTS, Artist
from .search_results import TRENDING_TERMS, found, searched

word_routes: Final = web.RouteTableDef()

_ENDINGS = (
    "", "gif", "dance", "love", "meme", "happy", "reaction", "party", "cute", "baby",
)  # fmt: skip
CATEGORIES: Final = {
    "actions": ("dancing", "laughing", "waving", "running", "sleeping"),
    "animals": ("cat", "dog", "otter", "panda", "bird"),
    "food & drink": ("pizza", "coffee", "cake", "taco"),
    "greetings": ("hello", "good morning", "thank you", "goodbye"),
    "nature": ("ocean", "forest", "space", "rain"),
    "reactions": ("wow", "shrug", "applause", "facepalm"),
}


@word_routes.get("/v1/gifs/search/tags")
@endpoint
def autocomplete(request: ApiRequest) -> Envelope:
    """Answer with terms that begin like `q`."""
    terms = _terms(request.require("q"))
    offset = request.number("offset", 0)
    page = terms[offset : offset + request.limit(5)]
    tags = [
        {
            "name": term,
            "analytics_response_payload": f"e={stable_bytes('tag', term).hex()}",
        }
        for term in page
    ]
    return paged(tags, len(terms), offset)


@word_routes.get("/v1/tags/related/{term}")
@endpoint
def related_tags(request: ApiRequest) -> Envelope:
    """Answer with tags that go with the term."""
    return Envelope([{"name": term} for term in _terms(request.names["term"])[1:]])


@word_routes.get("/v1/trending/searches")
@endpoint
def trending_searches(_: ApiRequest) -> Envelope:
    """Answer with what everybody searches for."""
    return Envelope(list(TRENDING_TERMS))


@word_routes.get("/v1/randomid")
@endpoint
def random_id(request: ApiRequest) -> Envelope:
    """Answer with a name for a user of the client's."""
    return Envelope(
        {"random_id": stable_bytes("user", request.response_id, size=17).hex()}
    )


@word_routes.get("/v1/gifs/categories")
@endpoint
def categories(request: ApiRequest) -> Envelope:
    """Answer with all categories and what is in them."""
    return _page(request, [_category(request, name) for name in CATEGORIES])


@word_routes.get("/v1/gifs/categories/{category}")
@endpoint
def category(request: ApiRequest) -> Envelope:
    """Answer with what is in one category."""
    covers = [
        {**_name(tag), "gif": _cover(request, tag)} for tag in _tags(request).values()
    ]
    return _page(request, covers)


@word_routes.get("/v1/gifs/categories/{category}/{tag}")
@endpoint
def category_tag(request: ApiRequest) -> Envelope:
    """Answer with the gifs of one tag of a category."""
    tag = _tags(request).get(_code(request.names["tag"]), "nothing")
    return request.page_of(found(Kind.GIF, tag))


@word_routes.get("/v1/channels/search")
@endpoint
def channels(request: ApiRequest) -> Envelope:
    """Answer with the channels that fit `q`."""
    wanted = request.require("q").lower().lstrip("@")
    artists = [
        artist
        for artist in ARTISTS
        if wanted in f"{artist.username} {artist.display_name}".lower()
    ]
    offset = request.number("offset", 0)
    page = artists[offset : offset + request.limit()]
    shown = [_channel(request, artist) for artist in page]
    return paged(shown, len(artists), offset)


def _terms(text: str) -> list[str]:
    start = " ".join(text.lower().split())
    if "nothing" in start.split():
        return []
    return [f"{start} {ending}".strip() for ending in _ENDINGS]


def _page(request: ApiRequest, things: list[dict[str, Any]]) -> Envelope:
    # limit and offset count only when both are there.
    offset, page = 0, things
    if "limit" in request.query and "offset" in request.query:
        offset = request.number("offset", 0)
        page = things[offset : offset + request.limit()]
    return paged(page, len(things), offset)


def _category(request: ApiRequest, name: str) -> dict[str, Any]:
    subcategories = [_name(tag) for tag in CATEGORIES[name]]
    return {
        **_name(name),
        "subcategories": subcategories,
        "gif": _cover(request, name),
    }


def _tags(request: ApiRequest) -> dict[str, str]:
    wanted = _code(request.names["category"])
    name = next((name for name in CATEGORIES if _code(name) == wanted), None)
    return {_code(tag): tag for tag in CATEGORIES[name]} if name else {}


def _name(name: str) -> dict[str, str]:
    return {"name": name, "name_encoded": _code(name)}


def _code(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.lower())


def _cover(request: ApiRequest, term: str) -> dict[str, Any]:
    (gif,) = request.show(searched(Kind.GIF, term).ids(1, 0, ceiling=0))
    return gif


def _channel(request: ApiRequest, artist: Artist) -> dict[str, Any]:
    number = stable_number("channel", artist.username) % 10**8
    return {
        "id": number,
        "url": f"https://giphy.com/channel/{artist.username}",
        "slug": artist.username,
        "type": "community",
        "content_type": "gif",
        "display_name": artist.display_name,
        "short_display_name": artist.display_name,
        "description": f"Moving pictures by {artist.display_name}.",
        "banner_image": "",
        "has_children": False,
        "parent": None,
        "user": {"username": artist.username, "is_verified": artist.is_verified},
        "featured_gif": _cover(request, f"@{artist.username}"),
        "tags": [{"id": number, "channel": number, "tag": artist.username, "rank": 1}],
        "analytics_response_payload": f"e={stable_bytes('channel', number).hex()}",
    }
