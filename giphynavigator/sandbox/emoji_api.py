"""Emoji, in the two ways Giphy pages them."""

from typing import Final

from aiohttp import web

from .answering import answered
from .envelopes import Answer
from .ids import Kind
from .questions import Question
from .shelves import emoji, found

emoji_routes: Final = web.RouteTableDef()

_VARIATIONS = 5


@emoji_routes.get("/v1/emoji")
@answered
def by_offset(question: Question) -> Answer:
    """Answer with emoji, paged by offset."""
    return question.page_of(emoji(), deepest=4999)


@emoji_routes.get("/v2/emoji")
@answered
def by_cursor(question: Question) -> Answer:
    """Answer with emoji, and with the cursor of the page after."""
    shelf, limit = emoji(), question.limit()
    start = question.number("cursor", question.number("offset", 0))
    ids = shelf.ids(limit, start, question.ceiling)
    after = start + len(ids)
    more = after < shelf.count(question.ceiling)
    shown = [question.view.show(question.gif(gif_id)) for gif_id in ids]
    return Answer(
        shown, {"count": len(shown), "next_cursor": str(after) if more else ""}
    )


@emoji_routes.get("/v2/emoji/{id}/variations")
@answered
def variations(question: Question) -> Answer:
    """Answer with an emoji's other forms."""
    gif = question.gif(question.names["id"])
    shelf = found(Kind.EMOJI, f"{gif.word} {gif.id}")
    ids = shelf.ids(_VARIATIONS, 0, question.ceiling)
    return Answer([question.view.show(question.gif(gif_id)) for gif_id in ids])
