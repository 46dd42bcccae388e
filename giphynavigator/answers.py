"""Answers that are ready to be sent: encoded once, whoever asks."""

from collections.abc import Callable, Hashable
from hashlib import blake2b
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from giphynavigator.bounded import Bounded
from giphynavigator.pages import GifLink, Kept

OVERHEAD: Final = 500
"""Bytes that an answer takes in memory beside its body."""

LINK: Final = 300
"""Bytes that a link takes in memory as an object."""


class Answer(Struct, frozen=True):
    """A body of JSON, the tag that stands for it, and links if it is made of such."""

    body: bytes
    etag: str
    links: list[GifLink] = []


class Reply(Struct, frozen=True):
    """An answer, and how fresh the page is that it was made from."""

    answer: Answer
    kept: Kept


class Links(list[GifLink]):
    """The links that a search found, with the reply that shows them."""

    __slots__ = ("reply",)

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.answer.links)
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
            size = len(answer.body) + LINK * len(answer.links) + OVERHEAD
            self._made.put(whole, answer, size)
        return Reply(answer, kept)


def encode(value: Any, links: list[GifLink] | None = None) -> Answer:
    """Give the answer that shows a value."""
    body = msgspec.json.encode(value)
    return Answer(body, f'"{blake2b(body, digest_size=9).hexdigest()}"', links or [])
