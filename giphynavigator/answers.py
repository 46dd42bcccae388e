"""Answers that are ready to be sent: encoded once, whoever asks."""

from collections.abc import Callable, Hashable, Iterable
from hashlib import blake2b
from typing import Any, Final, TypeAlias

from msgspec import Struct

from giphynavigator.bounded import Bounded
from giphynavigator.pages import GifLink, Kept, packed

OVERHEAD: Final = 500
"""Bytes that an answer takes in memory beside its body."""

ADDRESS: Final = 120
"""Bytes that an address takes in memory."""


class Answer(Struct, frozen=True):
    """A body of JSON, the tag that stands for it, and the addresses it links to.

    Addresses alone, because a link is an object thrice as big.
    """

    body: bytes
    etag: str
    addresses: tuple[str, ...] = ()


class Reply(Struct, frozen=True):
    """An answer, and how fresh the page is that it was made from."""

    answer: Answer
    kept: Kept


class Links(list[GifLink]):
    """The links that a search found, with the reply that shows them."""

    __slots__ = ("reply",)

    def __init__(self, reply: Reply) -> None:
        super().__init__([{"url": url} for url in reply.answer.addresses])
        self.reply = reply


Key: TypeAlias = tuple[Hashable, ...]


class Answers:
    """The answers made last, within `max_bytes`; each is made once."""

    def __init__(self, max_bytes: int) -> None:
        self._made: Bounded[Key, Answer] = Bounded(max_bytes)

    def reply(self, kept: Kept, key: Key, make: Callable[[], Answer]) -> Reply:
        """Give the answer that `key` names within a page, made anew if need be."""
        whole = (kept.serial, *key)
        answer = self._made.get(whole)
        if answer is None:
            answer = make()
            if kept.is_kept:
                size = len(answer.body) + ADDRESS * len(answer.addresses) + OVERHEAD
                self._made.put(whole, answer, size)
        return Reply(answer, kept)


def encode(value: Any, links: Iterable[GifLink] = ()) -> Answer:
    """Give the answer that shows a value; `links` are those that are in it."""
    body = packed(value)
    return Answer(body, tag_of(body), tuple(link["url"] for link in links))


def tag_of(body: bytes) -> str:
    """Give the tag that stands for a body, quotes included."""
    return f'"{blake2b(body, digest_size=9).hexdigest()}"'
