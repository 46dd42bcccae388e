"""What a client asks, read the way Giphy reads it: lenient here, a refusal there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from .envelopes import Answer, Refused, Unknown, pagination
from .fields import read_fields
from .gifs import RATINGS, Gif, find_gif
from .ids import Kind
from .shelves import MOST_LENIENT, Shelf
from .stable import stable_bytes
from .views import View

LONGEST_QUERY = 50
_KINDS = {"gifs": Kind.GIF, "stickers": Kind.STICKER, "text": Kind.TEXT}
_DIGITS = 9  # more than any number that means something has


@dataclass(frozen=True)
class Question:
    """One request of the API; reading what it must not say raises Refused."""

    path: str
    query: Mapping[str, str]
    names: Mapping[str, str]
    origin: str

    @cached_property
    def response_id(self) -> str:
        """Forty characters that name the answer; who asks makes no difference."""
        asked = sorted(item for item in self.query.items() if item[0] != "api_key")
        return stable_bytes("answer", self.path, asked, size=20).hex()

    @cached_property
    def view(self) -> View:
        """How this answer shows gifs."""
        key = stable_bytes("key", self.query.get("api_key", ""), size=4).hex()
        return View(
            origin=self.origin,
            endpoint="_".join(self.path.strip("/").split("/")[:3]),
            cid=key + self.response_id,
            wanted=read_fields(self.query.get("fields", "")),
            bundle=self.query.get("bundle", ""),
        )

    @property
    def kind(self) -> Kind:
        """What kind of gif is asked for."""
        return _KINDS[self.names["kind"]]

    @property
    def ceiling(self) -> int:
        """The place in RATINGS that no gif of the answer exceeds."""
        rating = self.query.get("rating", "").lower()
        if rating in ("", "y"):  # what was rated y is rated g today
            return 0 if rating else MOST_LENIENT
        if rating not in RATINGS:
            raise Refused(HTTPStatus.BAD_REQUEST, "Invalid rating")
        return RATINGS.index(rating)

    def require_key(self) -> None:
        """Accept any key, but not none."""
        if not self.query.get("api_key"):
            raise Refused(HTTPStatus.UNAUTHORIZED, "Unauthorized")

    def require(self, name: str) -> str:
        """Return a parameter the question cannot do without."""
        value = self.query.get(name, "").strip()
        if not value:
            raise Refused(HTTPStatus.BAD_REQUEST, f"Missing {name} parameter")
        if name in ("q", "s") and len(value) > LONGEST_QUERY:
            raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, "URI Too Long")
        return value

    def number(self, name: str, default: int) -> int:
        """Return a parameter that is a whole number, 0 or more."""
        text = self.query.get(name, "").strip()
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            raise Refused(HTTPStatus.BAD_REQUEST, f"Invalid {name} parameter")
        return int(text)

    def limit(self, default: int = 25) -> int:
        """Return how many things are asked for, 50 at most."""
        return min(self.number("limit", default), 50)

    def gif(self, gif_id: str) -> Gif:
        """Return a gif that exists and that the rating allows."""
        gif = find_gif(gif_id)
        if gif is None or gif.rating > self.ceiling:
            raise Unknown
        return gif

    def page_of(self, shelf: Shelf, *, deepest: int) -> Answer:
        """Return the page of a shelf that limit and offset ask for."""
        limit, offset, ceiling = self.limit(), self.number("offset", 0), self.ceiling
        if offset > deepest:
            return Answer([], pagination(0, 0, 0))
        shown = [
            self.view.show(self.gif(gif_id))
            for gif_id in shelf.ids(limit, offset, ceiling)
        ]
        return Answer(shown, pagination(shelf.count(ceiling), len(shown), offset))

    def one_of(self, shelf: Shelf, place: int) -> Answer:
        """Return one gif of a shelf, or an empty list when there is nothing on it."""
        there = shelf.count(self.ceiling)
        if not there:
            return Answer([])
        (gif_id,) = shelf.ids(1, place % there, self.ceiling)
        return Answer(self.view.show(self.gif(gif_id)))
