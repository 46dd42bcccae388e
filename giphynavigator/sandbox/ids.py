"""A gif's id carries all that is known of it: its word, its number and its kind.

An id is a word of at most ten lower-case letters and eight characters after it:
five spell the gif's number, three are a checksum. The checksum is a different
one for every kind, so that an id alone tells a sticker from a gif, and an id
somebody made up is known for one.

All else that looks like chance is `stable_number`: the same in every process.
"""

import re
import string
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

NUMBERS = 62**5

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_ID = re.compile(
    r"(?P<word>[a-z]{0,10})(?P<number>[0-9A-Za-z]{5})(?P<check>[0-9A-Za-z]{3})"
)


class Kind(StrEnum):
    """What a gif can be; the value is Giphy's word for it."""

    GIF = "gif"
    STICKER = "sticker"
    TEXT = "text"
    EMOJI = "emoji"


class IdParts(NamedTuple):
    """The three facts an id consists of."""

    kind: Kind
    word: str
    number: int

    def __str__(self) -> str:
        """Spell the id the way Giphy's clients see it."""
        body = self.word + _spelled(self.number, length=5)
        return body + _checksum(self.kind, body)


@lru_cache(maxsize=8192)
def read_id(text: str) -> IdParts | None:
    """Return what the id says, or None when no gif can have it."""
    parts = _ID.fullmatch(text)
    if parts is None:
        return None
    for kind in Kind:
        if _checksum(kind, text[:-3]) == parts["check"]:
            return IdParts(kind, parts["word"], _value(parts["number"]))
    return None


def id_word(text: str) -> str:
    """Return the part of a query that goes into ids: the letters of its first word."""
    first = text.split(maxsplit=1)[:1]
    return re.sub(r"[^a-z]", "", "".join(first).lower())[:10]


def stable_bytes(*parts: object, size: int = 16) -> bytes:
    """Return `size` bytes that depend on the parts and on nothing else."""
    text = "\x1f".join(map(str, parts))
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).digest()


def stable_number(*parts: object) -> int:
    """Return a large whole number that depends on the parts and on nothing else."""
    return int.from_bytes(stable_bytes(*parts, size=8), "big")


def _checksum(kind: Kind, body: str) -> str:
    return _spelled(stable_number("id", kind, body), length=3)


def _spelled(number: int, *, length: int) -> str:
    characters = ""
    for _ in range(length):
        number, value = divmod(number, len(_ALPHABET))
        characters += _ALPHABET[value]
    return characters


def _value(characters: str) -> int:
    number = 0
    for character in reversed(characters):
        number = number * len(_ALPHABET) + _VALUES[character]
    return number
