"""Gifs, stickers and text: searched, trending, translated, by chance, by id."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from .answering import answered
from .envelopes import Answer, Refused, pagination
from .gifs import find_gif
from .questions import Question
from .shelves import found, trending
from .stable import stable_number

gif_routes: Final = web.RouteTableDef()

_DEEPEST_SEARCH = 4999
_DEEPEST_TRENDING = 499
_MOST_IDS = 100
_OF_A_KIND = "/v1/{kind:gifs|stickers|text}"


@gif_routes.get(f"{_OF_A_KIND}/search")
@answered
def search(question: Question) -> Answer:
    """Answer with the gifs that fit `q`."""
    return question.page_of(
        found(question.kind, question.require("q")), deepest=_DEEPEST_SEARCH
    )


@gif_routes.get(f"{_OF_A_KIND}/trending")
@answered
def show_trending(question: Question) -> Answer:
    """Answer with the gifs everybody looks at."""
    return question.page_of(trending(question.kind), deepest=_DEEPEST_TRENDING)


@gif_routes.get(f"{_OF_A_KIND}/translate")
@answered
def translate(question: Question) -> Answer:
    """Answer with the one gif that says `s`; weirdness picks another."""
    shelf = found(question.kind, question.require("s"))
    return question.one_of(shelf, question.number("weirdness", 0))


@gif_routes.get(f"{_OF_A_KIND}/random")
@answered
def random(question: Question) -> Answer:
    """Answer with some gif of the tag: for one question always the same."""
    tag = question.query.get("tag", "").strip()
    shelf = found(question.kind, tag) if tag else trending(question.kind)
    return question.one_of(shelf, stable_number("random", question.response_id))


@gif_routes.get(f"{_OF_A_KIND}/related")
@answered
def related(question: Question) -> Answer:
    """Answer with gifs like the one of `gif_id`."""
    gif = question.gif(question.require("gif_id"))
    shelf = found(gif.kind, f"{gif.word} {gif.act} {gif.id}")
    return question.page_of(shelf, deepest=_DEEPEST_SEARCH)


@gif_routes.get("/v1/{kind:gifs|stickers}")
@answered
def by_ids(question: Question) -> Answer:
    """Answer with the gifs of `ids`; those that are not to be had are left out."""
    ids = [part.strip() for part in question.require("ids").split(",")]
    if len(ids) > _MOST_IDS:
        raise Refused(HTTPStatus.BAD_REQUEST, "Too many ids")
    gifs = [find_gif(gif_id) for gif_id in dict.fromkeys(ids)]
    ceiling = question.ceiling
    shown = [question.view.show(gif) for gif in gifs if gif and gif.rating <= ceiling]
    return Answer(shown, pagination(len(shown), len(shown), 0))


@gif_routes.get("/v1/{kind:gifs|stickers}/{id}")
@answered
def by_id(question: Question) -> Answer:
    """Answer with one gif."""
    return Answer(question.view.show(question.gif(question.names["id"])))
