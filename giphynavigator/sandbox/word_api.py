"""What Giphy answers besides gifs: terms, tags, categories, channels."""

import re
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from .answering import answered
from .envelopes import Answer, pagination
from .gifs import ARTISTS, Artist
from .ids import Kind
from .questions import Question
from .shelves import TRENDING_TERMS, found
from .stable import stable_bytes, stable_number

word_routes: Final = web.RouteTableDef()

_ENDINGS = (
    "",
    "gif",
    "dance",
    "love",
    "meme",
    "happy",
    "reaction",
    "party",
    "cute",
    "baby",
)
CATEGORIES: Final = {
    "actions": ("dancing", "laughing", "waving", "running", "sleeping"),
    "animals": ("cat", "dog", "otter", "panda", "bird"),
    "food & drink": ("pizza", "coffee", "cake", "taco"),
    "greetings": ("hello", "good morning", "thank you", "goodbye"),
    "nature": ("ocean", "forest", "space", "rain"),
    "reactions": ("wow", "shrug", "applause", "facepalm"),
}


@word_routes.get("/v1/gifs/search/tags")
@answered
def autocomplete(question: Question) -> Answer:
    """Answer with terms that begin like `q`."""
    terms = _terms(question.require("q"))
    offset = question.number("offset", 0)
    page = terms[offset : offset + question.limit(5)]
    tags = [
        {
            "name": term,
            "analytics_response_payload": f"e={stable_bytes('tag', term).hex()}",
        }
        for term in page
    ]
    return Answer(tags, pagination(len(terms), len(tags), offset))


@word_routes.get("/v1/tags/related/{term}")
@answered
def related_tags(question: Question) -> Answer:
    """Answer with tags that go with the term."""
    return Answer([{"name": term} for term in _terms(question.names["term"])[1:]])


@word_routes.get("/v1/trending/searches")
@answered
def trending_searches(_: Question) -> Answer:
    """Answer with what everybody searches for."""
    return Answer(list(TRENDING_TERMS))


@word_routes.get("/v1/randomid")
@answered
def random_id(question: Question) -> Answer:
    """Answer with a name for a user of the client's."""
    return Answer(
        {"random_id": stable_bytes("user", question.response_id, size=17).hex()}
    )


@word_routes.get("/v1/gifs/categories")
@answered
def categories(question: Question) -> Answer:
    """Answer with all categories and what is in them."""
    return _page(question, [_category(question, name) for name in CATEGORIES])


@word_routes.get("/v1/gifs/categories/{category}")
@answered
def category(question: Question) -> Answer:
    """Answer with what is in one category."""
    covers = [
        {**_name(tag), "gif": _cover(question, tag)} for tag in _tags(question).values()
    ]
    return _page(question, covers)


@word_routes.get("/v1/gifs/categories/{category}/{tag}")
@answered
def category_tag(question: Question) -> Answer:
    """Answer with the gifs of one tag of a category."""
    tag = _tags(question).get(_code(question.names["tag"]), "nothing")
    return question.page_of(found(Kind.GIF, tag), deepest=4999)


@word_routes.get("/v1/channels/search")
@answered
def channels(question: Question) -> Answer:
    """Answer with the channels that fit `q`."""
    wanted = question.require("q").lower().lstrip("@")
    artists = [artist for artist in ARTISTS if wanted in artist.display_name.lower()]
    offset = question.number("offset", 0)
    page = artists[offset : offset + question.limit()]
    shown = [_channel(question, artist) for artist in page]
    return Answer(shown, pagination(len(artists), len(shown), offset))


def _terms(text: str) -> list[str]:
    start = " ".join(text.lower().split())
    if "nothing" in start.split():
        return []
    return [f"{start} {ending}".strip() for ending in _ENDINGS]


def _page(question: Question, things: Sequence[dict[str, Any]]) -> Answer:
    # limit and offset count only when both are there.
    offset, page = 0, things
    if "limit" in question.query and "offset" in question.query:
        offset = question.number("offset", 0)
        page = things[offset : offset + question.limit()]
    return Answer(page, pagination(len(things), len(page), offset))


def _category(question: Question, name: str) -> dict[str, Any]:
    subcategories = [_name(tag) for tag in CATEGORIES[name]]
    return {
        **_name(name),
        "subcategories": subcategories,
        "gif": _cover(question, name),
    }


def _tags(question: Question) -> dict[str, str]:
    wanted = _code(question.names["category"])
    name = next((name for name in CATEGORIES if _code(name) == wanted), None)
    return {_code(tag): tag for tag in CATEGORIES[name]} if name else {}


def _name(name: str) -> dict[str, str]:
    return {"name": name, "name_encoded": _code(name)}


def _code(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.lower())


def _cover(question: Question, term: str) -> dict[str, Any]:
    (gif_id,) = found(Kind.GIF, term).ids(1, 0, ceiling=0)
    return question.view.show(question.gif(gif_id))


def _channel(question: Question, artist: Artist) -> dict[str, Any]:
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
        "featured_gif": _cover(question, artist.display_name),
        "tags": [{"id": number, "channel": number, "tag": artist.username, "rank": 1}],
        "analytics_response_payload": f"e={stable_bytes('channel', number).hex()}",
    }
